"""What does a newcomer see first? Six beds: real sleep beside five simulated sleepers, and what can happen."""

from dataclasses import dataclass
from pathlib import Path

from dreamloom.engine.loop import Outside
from dreamloom.house import making, recordings
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked

DREAMSCAPE = Path(__file__).parent / "demo.yaml"
CIRCLE = ("p3", "p5")
"""Who named each other: a signal of the one may reach the other."""
SIGNALS = "lucidity=0.6,repeats=1,lookalikes=0,with=ears"
"""A sleeper who hears the chord in a dream, and says so with the eyes, twice."""
WITHDRAWS = ("p3", "S03")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """A night written for the demo, and what will happen in it from outside.

    Attributes:
        told: what a person is told about each pod's source.
        script: the withdrawal, at its moment.
        withdrawn_at_s, dropped_at_s, back_at_s: night seconds at which to look.
    """

    folder: NightFolder
    told: dict[str, str]
    script: tuple[Outside, ...]
    withdrawn_at_s: float
    dropped_at_s: float
    back_at_s: float


def prepare(house: House, *, length_s: float) -> Demonstration:
    """Writes the demo night into a house: nothing in it is hidden, its three files can be read and run again."""
    withdrawn_at_s, dropped_at_s, lost_s = round(length_s * 0.6), round(length_s * 0.45), 60
    hours = length_s / 3600.0
    beds = {
        "p1": (f"edf:{recordings.bundled()}", "real sleep (Prerau Lab, 84 min)"),
        "p2": (f"sim:typical,start=267min,hours={hours:g}", "simulated, typical"),
        "p3": (f"sim:dreamer,start=300min,hours={hours:g},{SIGNALS}", "simulated, lucid"),
        "p4": (f"sim:deep,start=195min,hours={hours:g},drop={dropped_at_s}+{lost_s}", "simulated, deep"),
        "p5": (f"sim:midlife,start=199min,hours={hours:g}", "simulated, midlife"),
        "p6": (f"sim:restless,start=282min,hours={hours:g}", "simulated, restless"),
    }
    pods = [
        PodAsked(id=pod, sleeper=f"S0{pod[1]}", source=source, groups=("circle",) if pod in CIRCLE else ())
        for pod, (source, _) in beds.items()
    ]
    folder = making.write_night(house, making.free_name(house, "demo"), pods, str(DREAMSCAPE), seed=7, title="Demo")
    return Demonstration(
        folder=folder,
        told={pod: told for pod, (_, told) in beds.items()},
        script=(recordings.withdrawal(*WITHDRAWS, withdrawn_at_s),),
        withdrawn_at_s=withdrawn_at_s,
        dropped_at_s=dropped_at_s,
        back_at_s=dropped_at_s + lost_s,
    )
