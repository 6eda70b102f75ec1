"""Twelve sleepers in one hybrid night: own threads, one theme, signals that pass, beds that know no stage, losses.

The dreamscape is hybrid_night with the relay of `relay`, both as they are built in.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dreamloom.adapters.edf_writer import EdfStore
from dreamloom.dreamscape import builtin
from dreamloom.engine.loop import Outside
from dreamloom.house import making, recordings
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.rehearsed_night import BedWanted
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.vocabulary import chance
from dreamloom.vocabulary.units import NightTime

SLEEPERS = (
    *(
        "dreamer,lucidity=0.8,repeats=1,lookalikes=0",
        "typical",
        "lucid,repeats=1,signals=8",
        "deep",
        "young",
        "midlife",
    ),
    *("dreamer,repeats=1,signals=8,lookalikes=0", "light", "restless", "typical", "lucid", "older"),
)
PHONES = (10, 11, 12)
"""Beds, by number, that know the time and movement, and no stage."""
DROPOUTS_S = {2: 700, 5: 1500, 8: 2100, 9: 2600}
LOST_S = 45
WITHDRAWALS_S = {4: 1800.5, 7: 2900.5}
SEED = 11
MOVEMENT, MOVEMENT_HZ = Channel("Body movement", "MOTION"), 50


def text_of_both() -> str:
    """hybrid_night, in which a signal of one of the circle reaches the others as the common chord."""
    night, relay = builtin.load("hybrid_night")[0], builtin.load("relay")[0]
    carried = relay[relay.index("relays:") : relay.index("\narms:")].replace("cue: bell", "cue: common")
    return night.replace("awakenings:", f"{carried}\n\nawakenings:", 1).replace("tags: [", "tags: [relay, ", 1)


def earlier(text: str) -> str:
    """The same with a common scene that one hour of a night can reach: from the first cycle on."""
    return text.replace("cycle: {from: 4}", "cycle: {from: 1}").replace("after: 20 min  ", "after: 10 min  ")


def beds_on_facts() -> list[BedWanted]:
    """For a rehearsal without samples."""
    return [
        BedWanted(number=number, preset=preset, kind="phone" if number in PHONES else "headband")
        for number, preset in enumerate(SLEEPERS, 1)
    ]


def night_of_signals(house: House, *, hours: float, folder: Path) -> NightFolder:
    """The night on samples, with four dropouts; its own files."""
    copy = folder / "hybrid.yaml"
    copy.write_text(earlier(text_of_both()), encoding="utf-8")
    pods = [_bed(number, preset, hours, folder) for number, preset in enumerate(SLEEPERS, 1)]
    return making.write_night(house, "hybrid", pods, str(copy), seed=SEED)


def withdrawals(until_s: float) -> Sequence[Outside]:
    """The two who say no, as far as the night lasts."""
    return [recordings.withdrawal(f"p{n}", f"S{n:02d}", at_s) for n, at_s in WITHDRAWALS_S.items() if at_s < until_s]


def _bed(number: int, preset: str, hours: float, folder: Path) -> PodAsked:
    name, sleeper = f"p{number}", f"S{number:02d}"
    if number in PHONES:
        path = folder / f"{name}.edf"
        _lie_still(path, round(hours * 3600), number)
        return PodAsked(id=name, sleeper=sleeper, source=f"edf:{path}")
    parts = [preset, f"start={255 + 5 * number}min", f"hours={hours:g}"]
    parts += ["with=ears"] if "lucidity" in preset else []
    parts += [f"drop={DROPOUTS_S[number]}+{LOST_S}"] if number in DROPOUTS_S else []
    return PodAsked(id=name, sleeper=sleeper, source=f"sim:{','.join(parts)}")


def _lie_still(path: Path, seconds: int, number: int) -> None:
    """What a phone on the mattress records of somebody who does not move."""
    store = EdfStore(path, (MOVEMENT,), MOVEMENT_HZ, onset_s=NightTime(0.0))
    quantiser, nowhere_lost = Quantiser.of((MOVEMENT,)), np.zeros(MOVEMENT_HZ, dtype=bool)
    for index in range(seconds):
        moved = chance.stream(SEED, "mattress", number, index).normal(0.0, 2.0, (MOVEMENT_HZ, 1))
        stored = quantiser.digital(moved)
        store.append(GridSecond(index, stored, stored / 10.0, nowhere_lost, NightTime(index + 1.0)))
    store.close()
