"""Is somebody who asked to be erased gone, in time, whatever kills it, and do all other proofs stand?"""

import shutil
from time import monotonic

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making
from dreamloom.house.erasing import erase
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_files, verify_night
from dreamloom.testing.erased_lives import ROWS, SLEEPER, kill_and_go_on, live_a_year, opens
from promises.kept import Load, scratch
from promises.registry import Measured, promise

NIGHTS = 365
SLOWEST_S = 60.0
KILLS, KILLED_NIGHTS = 20, 12
SHARED = 3


@promise(
    "one person's year erased",
    f"<= {SLOWEST_S:g} s; probes of 64 bytes all found before, 0 after; no key opens a backup; others' proofs stand",
)
def a_year_is_erased() -> Measured:
    """A year of one sleeper, three of its nights shared with somebody else, whose texts and proofs must stand."""
    load = Load()
    house = House(scratch("erasure") / "house")
    shared = _nights_of_two(house)
    probes = live_a_year(house, NIGHTS - SHARED)
    before = probes.found(house)
    backup = scratch("erasure keys") / "keys"
    shutil.copytree(house.keys, backup)
    old = opens((backup / "house.key").read_bytes(), backup)
    theirs = [_texts_of(night, "S02") for night in shared]
    began_s = monotonic()
    gone = erase(house, SLEEPER)
    took_s = monotonic() - began_s
    after = probes.found(house)
    still = [
        name for key in house.keys.glob("*.key") if len(data := key.read_bytes()) == 32 for name in opens(data, backup)
    ]
    stands = all(verify_night(night).ok and verify_files(night).first_bad is None for night in shared)
    is_same = [_texts_of(night, "S02") for night in shared] == theirs
    is_gone = FolderVault(house.keys, may_make_keys=False).is_destroyed(SLEEPER)
    return Measured(
        f"{took_s:.0f} s, {before} of {probes.number} probes before, {after} after",
        took_s <= SLOWEST_S
        and (before, after, still) == (probes.number, 0, [])
        and SLEEPER in old
        and stands
        and is_same
        and is_gone,
        f"{gone.rows} texts in {len(gone.nights)} nights, {ROWS} in most, and {sum(gone.files.values())} files. A copy "
        f"of the keys gave {len(old)} of them before, with the new house key {len(still)}. {SHARED} shared nights "
        f"verify with every text of the other sleeper: {'yes' if stands and is_same else 'no'}. Measured under {load}.",
    )


@promise(
    f"an erasure killed {KILLS} times", "never called done while anything is left; goes on to its end", slice="full"
)
def killed_erasures_go_on() -> Measured:
    """Kill -9 at random moments of one erasure after another of the same person, on a house of a few nights."""
    kills = lies = 0
    for seed in range(KILLS):
        house = House(scratch(f"erasure killed {seed}") / "house")
        probes = live_a_year(house, KILLED_NIGHTS, rows=500)
        came_to = kill_and_go_on(house, probes, kills=2, seed=seed)
        kills, lies = kills + came_to.kills, lies + came_to.lies
        shutil.rmtree(house.root)
        if kills >= KILLS:
            break
    return Measured(
        f"{kills} kills, {lies} times called done too early or left something",
        kills >= KILLS and lies == 0,
        "After each kill rows and raw bytes of every file were looked through, and whether anything called it done.",
    )


def _nights_of_two(house: House) -> list[NightFolder]:
    pods = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:lucid,hours=0.05") for n in (1, 2)]
    nights = [making.write_night(house, f"shared{n}", pods, "nightmare_rem_tmr", seed=n) for n in range(SHARED)]
    for night in nights:
        run_night(night, RunOptions(speed_x=None))
    return nights


def _texts_of(night: NightFolder, sleeper: str) -> list[bytes]:
    with read_only(night.record) as record:
        return [bytes(row.body) for row in record.rows() if row.subject == sleeper and row.body is not None]
