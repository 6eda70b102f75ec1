"""Does the house do what it must when something goes wrong? A night of simulated sleepers, held to its own record."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Outside
from dreamloom.house import making, opening, running
from dreamloom.house.drills import DRILLS, FORGE, LASTS_S, TROUBLE_S, Drill, forged
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.verifying import verify_night
from dreamloom.record.codec import comparable
from dreamloom.record.events import AnyEvent
from dreamloom.vocabulary.errors import UsageError

CUE = "chord"
DREAMSCAPE = """\
dreamscape: drill
version: 1
intent: Let a drill hear cues within a minute of any sleep.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: "ours: a drill"}
parts:
  - for: each sleeper
    when: {stage: [N1, N2, N3, R], confidence: ">= 0.3", stable_for: 5 s, because: "ours: a drill"}
    play: chord
    every: 4 s                         # ours: a drill
    budget: {per_hour: 500, per_night: 1000, because: "ours: a drill"}
arms: {active: {cue: chord}, sham: {cue: silence}}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: "ours: a drill"}
stop: {arousal: {fade: 100 ms, pause: 10 s, lower: 0 dB}, because: "ours: a drill"}
"""
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One thing that was looked for, whether it was so, and what was found."""

    what: str
    ok: bool
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """What came of one drill."""

    name: str
    tries: str
    shown: tuple[Shown, ...]
    took_s: float

    @property
    def passed(self) -> bool:
        return all(each.ok for each in self.shown)


def drill_named(name: str) -> Drill:
    """The drill of this name; raises UsageError with those there are."""
    if name in DRILLS:
        return DRILLS[name]
    raise UsageError(
        "DL-E190",
        f"There is no drill {name!r}.",
        why=f"Drills: {', '.join(DRILLS)}.",
        do="Choose one of them; dreamloom drill --list says what each tries.",
    )


def hold(drill: Drill) -> Drilled:
    """Lives the drill's night and, without its trouble, the same night once more; nothing of either is kept."""
    began_s = boot_s()
    with tempfile.TemporaryDirectory(prefix="dreamloom-drill-") as folder:
        house = House(Path(folder) / "house")
        night, events = _lived(house, drill)
        calm = replace(drill, sources=(DRILLS["clock"].sources[0],) * len(drill.sources), script=(), name="calm")
        others = [f"p{n}" for n in range(1, len(drill.sources) + 1) if f"p{n}" not in drill.troubled]
        undisturbed = _lived(house, calm)[1] if others else []
        shown = [_checked(drill, events, n) for n in range(len(drill.checks))]
        shown += [_untouched(events, undisturbed, pod) for pod in others]
        shown += [_verifies(night), _replays(night)]
    return Drilled(name=drill.name, tries=drill.tries, shown=tuple(shown), took_s=round(boot_s() - began_s, 3))


def told_to(events: Sequence[AnyEvent], pod: str) -> list[bytes]:
    """Everything that a record holds of one bed, but what is sealed, and numbers that count other beds' events too."""
    blank = {"id": "", "cause": None}
    return [comparable(msgspec.structs.replace(event, **blank)) for event in events if event.pod == pod]


def _lived(house: House, drill: Drill) -> tuple[NightFolder, list[AnyEvent]]:
    text = house.root / "drill.yaml"
    house.root.mkdir(parents=True, exist_ok=True)
    text.write_text(DREAMSCAPE, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S{n:02d}", source=source) for n, source in enumerate(drill.sources, 1)]
    night = making.write_night(house, f"drill-{drill.name}", beds, str(text), seed=SEED)
    script = _forged(night) if drill.name == FORGE else drill.script
    running.run_night(night, RunOptions(speed_x=None, until_s=float(LASTS_S), script=script))
    with read_only(night.record) as record:
        return night, list(record.events())


def _forged(night: NightFolder) -> Sequence[Outside]:
    asked = opening.read_asked(night)
    return forged(CUE, asked.sounds[CUE].sha256, asked.dreamscape_sha256)


def _checked(drill: Drill, events: Sequence[AnyEvent], number: int) -> Shown:
    check = drill.checks[number]
    judged = {pod: check.judge(events, pod, TROUBLE_S) for pod in drill.troubled}
    found = "; ".join(f"{pod} {words}" for pod, (_, words) in judged.items())
    return Shown(what=check.what, ok=all(ok for ok, _ in judged.values()), found=found)


def _untouched(events: Sequence[AnyEvent], undisturbed: Sequence[AnyEvent], pod: str) -> Shown:
    own, calm = told_to(events, pod), told_to(undisturbed, pod)
    found = f"{len(own)} events, {'the same' if own == calm else 'not the same'} as without it"
    return Shown(what=f"{pod} does not notice", ok=bool(own) and own == calm, found=found)


def _verifies(night: NightFolder) -> Shown:
    verdict = verify_night(night)
    return Shown(what="the record verifies", ok=verdict.ok, found=verdict.why or f"{verdict.events} events")


def _replays(night: NightFolder) -> Shown:
    again = replay_night(night)
    same = again.first_difference is None
    found = f"{again.compared} events" if same else f"differs at {again.first_difference}"
    return Shown(what="decided again, it comes out the same", ok=same, found=found)
