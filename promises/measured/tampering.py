"""Is whatever somebody does to a record's file found, and is an honest record left in peace?"""

import shutil
from collections import Counter
from pathlib import Path

from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_night
from dreamloom.testing.forgeries import CHANGES
from dreamloom.testing.nights import EAGER
from dreamloom.testing.rewriting import try_rewritings
from dreamloom.testing.tampering import try_changes, try_flips
from promises.kept import scratch
from promises.measured.real_recording import plain_replay
from promises.registry import Measured, promise

TRIED = 300
MANY = 10_000
SEED = 20261120


@promise("a record tampered with", f"{TRIED} of {TRIED} changes found and named", slice="full")
def tampering_is_found() -> Measured:
    """One change at a time, of a row or of a whole bed, by somebody who knows the layout, but not the keys."""
    night = copy_of_night()
    untouched = verify_night(night)
    tried = try_changes(night, TRIED, SEED)
    missed = Counter(each.what for each in tried if each.first_bad is None)
    found = TRIED - missed.total()
    told = ", ".join(f"{what} ({count} of {_times(what)})" for what, count in missed.items())
    return Measured(
        f"{found} of {len(tried)}",
        untouched.ok and not missed and verify_night(night).ok,
        f"{len(CHANGES)} kinds of change to a record of {untouched.events} events. The untouched copy verifies before "
        f"and after: {untouched.ok}. {'Not noticed: ' + told if told else ''}".strip(),
    )


@promise(
    "bits flipped in a record's file", f"0 of {TRIED} flips change what is read without being noticed", slice="full"
)
def flipped_bits_are_found() -> Measured:
    """Anywhere in the file: pages, indexes, free space."""
    night = copy_of_night()
    untouched = verify_night(night)
    counts = try_flips(night, TRIED, SEED)
    return Measured(
        f"{counts['unnoticed']} unnoticed",
        untouched.ok and counts["unnoticed"] == 0 and counts["found"] > TRIED // 3,
        f"{counts['found']} named by verification, {counts['refused']} made the file unreadable and were refused, "
        f"{counts['idle']} changed nothing that is read. The untouched copy verifies: {untouched.ok}.",
    )


@promise(
    "10,000 tamperings",
    f"all {MANY} found: flips, deletions, swaps by the record alone; cuts, forks and rewritings under the house's own "
    "key by what its beds keep",
)
def many_tamperings_are_found() -> Measured:
    """A short night of two beds, so that each try takes milliseconds; every kind as often as any other."""
    night = _short_night()
    untouched = verify_night(night)
    tried = try_changes(night, MANY * 7 // 10, SEED)
    by_key = try_rewritings(night, MANY - len(tried), SEED, is_witnessed=True)
    alone = try_rewritings(night, 300, SEED, is_witnessed=False)
    missed = Counter(each.what for each in (*tried, *by_key) if each.first_bad is None)
    unseen = Counter(each.what for each in alone if each.first_bad is None)
    told = ", ".join(f"{what} ({count} of 100)" for what, count in sorted(unseen.items()))
    return Measured(
        f"{MANY - missed.total()} of {len(tried) + len(by_key)}",
        untouched.ok and not missed and verify_night(night).ok,
        f"{len(tried)} changes of {len(CHANGES)} kinds, {len(by_key)} cuts, forks and rewritings under the house's own "
        f"key. Without what the beds keep the record alone cannot show: {told or 'nothing'}. "
        f"The untouched copy verifies before and after: {untouched.ok}.",
    )


def _short_night() -> NightFolder:
    folder = scratch("tampering")
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source="sim:typical,start=3h,hours=0.05") for pod in ("p1", "p2")]
    night = making.write_night(House(folder / "house"), "short", pods, str(folder / "eager.yaml"), seed=SEED)
    run_night(night, RunOptions(speed_x=None))
    return night


def copy_of_night() -> NightFolder:
    """The plain replay's whole house, keys too, to be spoilt."""
    whole = plain_replay().folder
    house = scratch("tampering") / "house"
    shutil.copytree(NightFolder(whole).house.root, house)
    return House(house).night(Path(whole).name)


def _times(what: str) -> int:
    return sum(CHANGES[number % len(CHANGES)][0] == what for number in range(TRIED))
