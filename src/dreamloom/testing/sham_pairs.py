"""Can anybody blinded tell an active night from a sham night? Pairs of one recording and seed, byte by byte; as JSON.

Both nights of a pair lie at the same path, one after the other, under schedules that differ in the sealed nonce alone.
What two honest runs differ in anyway (wall time, speed, the roots that hash them, the commitment to another nonce) is
put by name into every text; nothing else may differ. Then the arms are opened: one night sounded, the other was silent.
"""

import csv
import json
import shutil
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from typer.testing import CliRunner

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.cli.app import app
from dreamloom.dreamscape import builtin
from dreamloom.house import recordings
from dreamloom.house.layout import NightFolder
from dreamloom.house.outside_names import outside_names
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.trial_asked import TrialWanted, seal_for_night
from dreamloom.house.trial_verifying import opened_night
from dreamloom.house.trials import find_trial, lock_trial, open_trial
from dreamloom.record.events import HostDescribed
from dreamloom.testing.trial_nights import IN_TRIAL, NAME, night_in_trial, nonce_for

BLINDED = (
    ("report", "{night}", "--json"),
    ("report", "{night}"),
    ("verify", "{night}", "--json"),
    ("verify", "{night}"),
    ("replay", "{night}", "--json"),
    ("replay", "{night}"),
    ("trial", "show", NAME, "--house", "{house}", "--json"),
    ("trial", "show", NAME, "--house", "{house}"),
    *(("export", "events", "{night}", "--role", role) for role in ("blinded", "orchestrator", "researcher")),
    ("export", "events", "{night}", "--role", "sleeper", "--pod", "p1"),
)
"""What somebody may ask who runs the nights and does not know the arms."""
UNREADABLE = ("house",)
"""Of a house's folders, what the blinded may not open: its keys, its own record, what lies sealed beside them."""

SIZE_ALONE = (".note", ".key")
"""The record holds wall time and ciphertexts, what a bed signed of it their hash, and keys are random: only their sizes
can be the same."""

LONG_ENOUGH_S = (900.0, 5026.0, 1800.0)
"""How much of the recording each dreamscape is shown: enough for a hundred cues; REM comes late in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the blinded can read of one night: what verbs said, each file's name and size, the content of most."""

    said: dict[str, str]
    sizes: dict[str, int]
    contents: dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What one pair came to: the first difference that the blinded could read, and what sounded in truth.

    Attributes:
        texts: how many texts and files were the same.
        arms: of each cue in turn whether it sounded, in the active night and in the sham one.
    """

    difference: str
    texts: int
    arms: tuple[tuple[bool, ...], tuple[bool, ...]]

    @property
    def cues(self) -> int:
        return len(self.arms[0])

    @property
    def sounded(self) -> tuple[int, int]:
        return sum(self.arms[0]), sum(self.arms[1])

    @property
    def truly_differs(self) -> bool:
        """The same moments, and not the same sounds: blocks that balance draw as many of them in another order."""
        return self.cues == len(self.arms[1]) > 0 and self.arms[0] != self.arms[1]


def pair(root: Path, number: int, *, until_s: float | None = None) -> Pair:
    """One active and one sham night of the bundled recording; every third pair draws its arms cue by cue."""
    seen, truth = [], []
    for arm in ("active", "sham"):
        folder = _night(root / "house", number)
        FolderVault(root / "keys")
        shutil.copytree(root / "keys", folder.house.keys)  # one house's keys: what is signed is signed alike
        _seal(folder, number, arm)
        ends_s = until_s or LONG_ENOUGH_S[number // 3 % 3]
        run_night(folder, RunOptions(speed_x=None, until_s=ends_s, block_samples=25 * (1 + number % 4)))
        seen.append(look(folder))
        truth.append(_truth(folder, root))
        shutil.rmtree(root / "house")
    return Pair(
        difference=_difference(*seen),
        texts=len(seen[0].said) + len(seen[0].contents),
        arms=(truth[0], truth[1]),
    )


def _night(house: Path, number: int) -> NightFolder:
    """The dreamscapes in turn: two parts of different lengths, a chord in REM, a click in a slow wave's up-state."""
    texts = (IN_TRIAL, _in_trial("nightmare_rem_tmr"), _in_trial("clas_in_phase"))
    text = texts[number // 3 % 3]
    if _is_within(number):
        text = text.replace("assign: across nights, block: 2", "assign: within night, block: 4")
    source = f"edf:{recordings.bundled()}"
    return night_in_trial(house, source=source, text=text, seed=number)


def _is_within(number: int) -> bool:
    return number % 3 == 2


def _in_trial(name: str) -> str:
    """A built-in dreamscape whose trial is drawn across nights in pairs."""
    text, _ = builtin.load(name)
    trial = 'trial: {assign: across nights, block: 2, blindness: "Did you hear anything?", because: ours}\n'
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("trial:")]
    return "".join(trial + line if line.startswith("levels:") else line for line in lines)


def _seal(folder: NightFolder, number: int, arm: str) -> None:
    wanted = TrialWanted(name=NAME, arms=("active", "sham"))
    nonce = number.to_bytes(31, "big") + arm[:1].encode() if _is_within(number) else nonce_for(folder, arm, wanted)
    seal_for_night(folder, wanted, entropy=lambda _: nonce)


def look(folder: NightFolder) -> Seen:
    """Everything the blinded can read of a night, with names in the place of what differs between any two runs."""
    places = {"night": str(folder.root), "house": str(folder.house.root)}
    said = {}
    for words in BLINDED:
        told = CliRunner().invoke(app, [word.format(**places) for word in words])
        said[" ".join(words)] = f"{told.exit_code}\n{told.stdout}\n{told.stderr}"
    names = _differing(folder, said)
    files = [path for path in sorted(folder.house.root.rglob("*")) if path.is_file() and _is_readable(folder, path)]
    return Seen(
        said={what: _named(text, names) for what, text in said.items()},
        sizes={str(path.relative_to(folder.house.root)): path.stat().st_size for path in files},
        contents={
            str(path.relative_to(folder.house.root)): _named(path.read_text("latin-1"), names).encode("latin-1")
            for path in files
            if path != folder.record and path.suffix not in SIZE_ALONE
        },
    )


def _is_readable(folder: NightFolder, path: Path) -> bool:
    return path.relative_to(folder.house.root).parts[0] not in UNREADABLE


def _differing(folder: NightFolder, said: dict[str, str]) -> dict[str, str]:
    """What any two runs differ in, by its text: wall time, speed, the roots that hash them, the commitment."""
    report = json.loads((folder.report / "report.json").read_bytes())
    trial = find_trial(folder.house, NAME)
    with read_only(folder.record) as record:
        hosts = [event.utc for event in record.events() if isinstance(event, HostDescribed)]
    replayed = json.loads(said["replay {night} --json"].partition("\n")[2].splitlines()[0])
    speeds = [f"{replayed['speed_x']}", f"{replayed['speed_x']:g}", f"{_speed_told(said):g}"]
    return {
        **_pseudonyms(folder),
        report["record"]["root"]: "ROOT",
        report["record"]["compared_root"]: "COMPARED_ROOT",  # it covers the commitment
        trial.sealed.commitment_sha256: "COMMITMENT",
        repr(trial.sealed.onset_s): "SEALED_AT",
        **dict.fromkeys(hosts, "UTC"),
        **{f'"speed_x":{speed}': '"speed_x":SPEED' for speed in speeds},
        **{f"{speed} x": "SPEED x" for speed in speeds},
        **{(night.cause or "").partition("@")[2].partition("/")[0]: "UTC" for night in trial.nights},
    }


def _pseudonyms(folder: NightFolder) -> dict[str, str]:
    """What the blinded call each sleeper of this night: drawn from keys, and so another word in any two houses."""
    return {called: f"CALLED {sleeper}" for sleeper, called in outside_names(folder).items()}


def _speed_told(said: dict[str, str]) -> float:
    line = next(line for line in said["replay {night}"].splitlines() if " epochs, " in line)
    return float(line.rsplit(", ", 1)[1].removesuffix(" x"))


def _named(text: str, names: dict[str, str]) -> str:
    for value, name in sorted(names.items(), key=lambda each: -len(each[0])):
        text = text.replace(value, name)
    return text


def _difference(one: Seen, two: Seen) -> str:
    """The first thing in which two nights differ for the blinded; "" where there is none."""
    for what, ours, theirs in (
        ("said", one.said, two.said),
        ("size of", one.sizes, two.sizes),
        ("content of", one.contents, two.contents),
    ):
        if set(ours) != set(theirs):
            return f"{what}: {min(set(ours) ^ set(theirs))} is there once"
        for name in ours:
            if ours[name] != theirs[name]:
                return f"{what} {name}: {_where(ours[name], theirs[name])}"
    return ""


def _where(one: str | bytes | int, two: str | bytes | int) -> str:
    if isinstance(one, int) or isinstance(two, int):
        return f"{one!r} and {two!r}"
    ours, theirs = repr(one), repr(two)
    at = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return f"{ours[max(0, at - 60) : at + 60]} and {theirs[max(0, at - 60) : at + 60]}"


def _truth(folder: NightFolder, root: Path) -> tuple[bool, ...]:
    """Opens the arms: which cues sounded and which were silent, by the seals and by the recorded sound alike."""
    outcome = root / "outcomes.csv"
    outcome.write_text("settled\n", encoding="utf-8")
    lock_trial(folder.house, NAME, [outcome])
    secret = open_trial(folder.house, NAME).opened_secret
    assert secret is not None
    told = opened_night(folder, secret)
    if told.first_bad is not None:
        raise RuntimeError(f"{told.first_bad}: {told.why}")
    by_seals = tuple(cue.level_db is not None for cue in told.cues)
    heard = [cue for cue in told.cues if cue.outcome in {"played", "cut"}]
    by_sound = _recorded(folder)
    loud = sum(cue.level_db is not None for cue in heard)
    # the first cues of a ramp are below what 16 bits can hold
    if sum(by_sound) != len(heard) or by_sound[0] > loud or (loud > 0) != (by_sound[0] > 0):
        sealed = f"{sum(by_seals)} of {len(by_seals)}"
        raise RuntimeError(f"the seals tell of {sealed} cues that sounded, the recorded sound of {by_sound}")
    return by_seals


def _recorded(folder: NightFolder) -> tuple[int, int]:
    """Cues in what the speaker rendered that sounded, and that did not."""
    path = folder.house.sealed_sound(folder.name) / "p1.wav"
    with wave.open(str(path)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    with path.with_suffix(".cues.csv").open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    loud = [bool(frames[int(row["first_frame"]) :][: int(row["frames"])].any()) for row in rows]
    return sum(loud), len(loud) - sum(loud)


def measure(root: Path, pairs: Sequence[int], *, until_s: float | None = None) -> dict[str, Any]:
    """So many pairs, one after the other."""
    found = [pair(root / str(number), number, until_s=until_s) for number in pairs]
    return {
        "pairs": len(found),
        "alike": sum(not each.difference for each in found),
        "truly_different": sum(each.truly_differs for each in found),
        "texts": sum(each.texts for each in found),
        "cues": sum(each.cues for each in found),
        "sounded": [sum(each.sounded[night] for each in found) for night in (0, 1)],
        "first_difference": next((each.difference for each in found if each.difference), ""),
    }


if __name__ == "__main__":
    folder, amount = sys.argv[1:]
    sys.stdout.write(json.dumps(measure(Path(folder), range(int(amount)))) + "\n")
