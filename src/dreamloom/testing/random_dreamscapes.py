"""Which dreamscape shall be tried next? Texts drawn from the whole language that beds act on; (seed, n) gives the same.

They are written as an author would write them, so that reader, checker and pod are tried with them; gates are kept
easy enough that something plays.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import read
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import ConfigError

Chance = np.random.Generator
T = TypeVar("T")
ASLEEP = (("R",), ("N2",), ("N3",), ("N2", "N3"), ("N1", "N2"), ("N2", "R"), ("N1", "N2", "N3", "R"))
WALL_TIMES = ("23:30", "00:00", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00")
CLAUSES: Sequence[tuple[float, Sequence[str]]] = (
    (0.15, ("mean_confidence: {at_least: 0.5, over_readings: 4, reading_every: 10 s}",)),
    (0.4, ("stable_for: 10 s", "stable_for: 30 s", "stable_for: 60 s")),
    (0.3, ("after_lights_off: 1 min", "after_lights_off: 10 min")),
    (0.2, ("after_sleep_onset: 1 min", "after_sleep_onset: 5 min, for: 30 min")),
    (0.15, ("cycle: {from: 1}", "cycle: {from: 2}", "cycle: {from: 1, to: 2}")),
    (0.15, ("asleep_for: 2 min", "asleep_for: 10 min")),
    (0.1, ("eye_signal: {pattern: LRLR, times: 2, within: 10 min}",)),
)
"""Clauses, each in its share of gates; the first three ask for no sleep."""
STEPS = (
    "after: 5 min",
    "after: 20 min",
    "on: arousal",
    "on: awakening",
    "on: eye signal",
    "on: nightmare",
    "when: {stage: [N2, N3]}",
    "when: {stage: R, stable_for: 30 s}",
    "on: arousal, after: 3 min",
)
"""What may lead a sleeper on to another scene."""
WHOM = ("each of circle", "all of circle", "everyone")
LEVELS: Sequence[tuple[float, Sequence[str]]] = (
    (0.3, ("awake_cap: 55 dBA, ", "awake_cap: 70 dBA, ")),
    (0.3, ("train_lower: 15 dB, ",)),
    (0.3, ("titrate: {up: 1 dB, after: 2 min}, ", "titrate: {up: 3 dB, after: 10 min}, ")),
)
HEAD = """dreamscape: tried
version: 1
intent: Let a judge see whether every word is kept.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
  tone: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 3 s, because: ours}
  prompt: {kind: sound, class: awake, make: chord, notes: [C4, G4], duration: 2 s, because: ours}
"""


def random_dreamscape(seed: int, number: int) -> tuple[Dreamscape, str]:
    """The dreamscape of this number, and its text; drawn again until the checker finds no error in it."""
    attempt = 0
    while True:
        text = _text(stream(seed, "random dreamscape", number, attempt))
        attempt += 1
        try:
            dreamscape = read(text, file="tried.yaml")
        except ConfigError:
            continue
        if not any(finding.severity == "error" for finding in check(dreamscape)):
            return dreamscape, text


def _text(chance: Chance) -> str:
    company = chance.random() < 0.4
    groups = "groups:\n  circle: {at_least: 2, at_most: 12, about: Those who tried it.}\n" if company else ""
    parts = "".join(_part(chance, company=company) for _ in range(int(chance.integers(1, 4))))
    scenes = _scenes(chance, company=company) if chance.random() < 0.3 else ""
    relays = _relay(chance) if company and chance.random() < 0.7 else ""
    arms = "arms:\n  active: {cue: own}\n  sham: {cue: silence}\n" if chance.random() < 0.5 else ""
    cap_db, over_db = int(chance.integers(25, 46)), int(chance.integers(0, 20))
    more = _some(chance, LEVELS)
    levels = f"levels: {{cap: {cap_db} dBA, over_threshold: {over_db} dB, {''.join(more)}because: ours}}\n"
    return f"{HEAD}{groups}parts:\n{parts}{scenes}{relays}{arms}{levels}{_stop(chance)}"


def _scenes(chance: Chance, *, company: bool) -> str:
    """Two, from one to the other and back by whatever may lead on."""
    steps = [_one(chance, STEPS), _one(chance, STEPS)]
    told = ["scenes:"]
    for name, other, step in (("dusk", "deep", steps[0]), ("deep", "dusk", steps[1])):
        part = _part(chance, company=company).replace("\n", "\n    ").rstrip(" ")
        told += [f"  {name}:", "    parts:", f"    {part}".rstrip("\n"), "    next:"]
        shared = company and "on:" not in step and chance.random() < 0.5
        whom = _one(chance, WHOM[1:]) if shared else "each sleeper"
        told.append(f"      - {{to: {other}, for: {whom}, {step}, because: ours}}")
    return "\n".join(told) + "\n"


def _relay(chance: Chance) -> str:
    stages = ", ".join(_one(chance, ASLEEP))
    return f"""relays:
  - from: {_one(chance, ("everyone", "each of circle"))}
    signal: {{pattern: LRLR, times: {_one(chance, (2, 3))}, within: 10 min, because: ours}}
    to: {_one(chance, ("everyone else", "each other of circle"))}
    when: {{stage: [{stages}], because: ours}}
    cue: chord
    wait: {_one(chance, ("20 s", "2 min", "10 min"))}
    consent: [sender, receiver]
    refractory: {_one(chance, ("10 s", "1 min"))}
    budget: {{per_hour: {_one(chance, (2, 20))}, per_night: 40, because: ours}}
"""


def _part(chance: Chance, *, company: bool = False) -> str:
    awake = chance.random() < 0.1
    stages = ("W",) if awake else _one(chance, ASLEEP)
    play = "prompt" if awake else _one(chance, ("chord", "chord", "tone"))
    every_s = _one(chance, (3, 5, 8, 10, 20, 60, 120) if play == "tone" else (2, 5, 8, 10, 20, 60, 120))
    whom = _one(chance, WHOM) if company and chance.random() < 0.5 else "each sleeper"
    together = f"quorum: {_quorum(chance)}, " if company and chance.random() < 0.4 else ""
    lines = [
        f"  - for: {whom}",
        f"    when: {{stage: [{', '.join(stages)}], {together}{_clauses(chance, awake=awake)}because: ours}}",
        f"    play: {play}",
        f"    every: {every_s} s",
    ]
    if chance.random() < 0.25:
        lines.append(f"    jitter: {_one(chance, (1, 5, 20))} s")
    if chance.random() < 0.25:
        lines.append(f"    refractory: {_one(chance, (3, 15, 60))} s")
    is_wave = not awake and whom != WHOM[1] and whom != WHOM[2] and chance.random() < 0.15
    if is_wave:
        lines.append(f"    phase: {{of: {_one(chance, ('slow oscillation', 'spindle'))}, at: 0 deg}}")
        lines += ["    blocks: {on: 3, off: 2}"] if chance.random() < 0.3 else []
    if chance.random() < 0.2 and every_s >= 20:
        lines.append(f"    repeat: {{times: {_one(chance, (2, 3))}, apart: {_one(chance, (3.2, 4, 5.75))} s}}")
    if chance.random() < 0.4:
        over = _one(chance, ("20 s", "1 min", "5 min"))
        lines.append(f"    ramp: {{from: silent, over: {over}, to: calibrated, because: ours}}")
    hour = min(int(_one(chance, (1, 5, 40, 200, 600))), 3600 // every_s)
    night = hour * int(_one(chance, (1, 2, 5)))
    lines.append(f"    budget: {{per_hour: {hour}, per_night: {night}, because: ours}}")
    return "\n".join([*lines, *([] if awake else _fallback(chance))]) + "\n"


def _fallback(chance: Chance) -> list[str]:
    window = _one(chance, ("after_lights_off: 5 min", "after_lights_off: 10 min, for: 20 min"))
    return [
        "    else:",
        "      pod: speaker",
        f"      when: {{{window}}}",
        "      label: unstaged",
        "      expected_hits: 25 %",
    ]


def _quorum(chance: Chance) -> str:
    stages = ", ".join(_one(chance, ASLEEP))
    of = _one(chance, ("everyone", "each of circle"))
    return f"{{at_least: {_one(chance, (1, 2))}, of: {of}, in: [{stages}], for: {_one(chance, ('10 s', '60 s'))}}}"


def _clauses(chance: Chance, *, awake: bool) -> str:
    told = [_sure(chance)] if chance.random() < 0.5 else []
    told += _some(chance, CLAUSES if not awake else CLAUSES[:3])
    if not awake and chance.random() < 0.2:
        from_, until = _one(chance, WALL_TIMES), _one(chance, WALL_TIMES)
        told.append(f'local_time: {{from: "{from_}"' + (f', until: "{until}"}}' if until != from_ else "}"))
    return "".join(f"{clause}, " for clause in told)


def _sure(chance: Chance) -> str:
    bound = f'confidence: "{_one(chance, (">=", ">"))} {_one(chance, ("0.5", "0.6", "0.8"))}"'
    return bound + (", close_below: 0.4" if chance.random() < 0.4 else "")


def _some(chance: Chance, of: Sequence[tuple[float, Sequence[str]]]) -> list[str]:
    return [_one(chance, ways) for share, ways in of if chance.random() < share]


def _stop(chance: Chance) -> str:
    pause = _one(chance, ("5 s", "20 s", "2 min"))
    rules = [f"  arousal: {{fade: 100 ms, pause: {pause}, lower: {_one(chance, (0, 1, 3))} dB, because: ours}}"]
    if chance.random() < 0.5:
        many, within = _one(chance, (0, 2, 5)), _one(chance, ("10 min", "1 h"))
        rules.append(
            f"  cue_locked_awakenings: {{more_than: {many}, within: {within}, then: no more tonight, because: ours}}"
        )
    if chance.random() < 0.3:
        then = _one(chance, ("then: no more tonight", "then: pause, pause: 3 min"))
        rules.append(f"  eye_signal: {{seen: {{pattern: LRLR, times: 2, within: 5 min}}, {then}, because: ours}}")
    if chance.random() < 0.3:
        rules.append("  nightmare: {then: no more tonight, because: ours}")
    return "stop:\n" + "\n".join(rules) + "\n"


def _one(chance: Chance, of: Sequence[T]) -> T:
    return of[int(chance.integers(len(of)))]
