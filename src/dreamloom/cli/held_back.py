"""The verbs under `now` that hold beds back: softer, silent, by themselves, woken; and let them go again."""

from typing import NamedTuple

from dreamloom.cli.by_hand import answered, awaited, left, pod_of
from dreamloom.cli.happened import STEPS
from dreamloom.cli.output import clock, give, say
from dreamloom.house import layout, withdrawing
from dreamloom.house.by_hand import HeldBack, Step
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import AwakeningDue, OperatorStepped
from dreamloom.vocabulary.errors import RefusedError

ALL = "all"
WOKEN_WITHIN_S = 8.0
"""Nobody whose awakening has not begun by then is woken by it: the bed decides within a second or two. Ours."""
NOT_WOKEN = "nothing rings here: no awakening in the dreamscape, no leave to be woken, or the bed is silenced; go there"


class _Stepped(NamedTuple):
    pod: str
    onset_s: float
    start: int


def step(night: str, who: str, rung: HeldBack, *, by: str, as_json: bool) -> None:
    """Holds one bed, or every bed of the night, back so far; or lets it go. No bed waits for another's answer.

    Raises:
        UsageError: for a bed or a name that cannot be.
        RefusedError: DL-E536 when a bed did not hear it; the others did.
    """
    folder = layout.find_night(night)
    pods = list(withdrawing.who_sleeps_where(folder)) if who == ALL else [pod_of(folder, who)]
    heard, deaf = [], []
    for waiting in [left(folder, Step(pod=pod, by=by, rung=rung), OperatorStepped) for pod in pods]:
        try:
            told = answered(folder, waiting)
        except RefusedError as error:
            deaf.append(error)
            continue
        pod = waiting.word.pod
        heard.append(_Stepped(pod, told.onset_s, waiting.start))
        say(f"{pod}: {STEPS[rung]}; {by}, {clock(told.onset_s)}.")
    woken = {each.pod: _is_woken(folder, each) for each in heard} if rung == "WAKE" else {}
    for pod in (pod for pod, is_woken in woken.items() if not is_woken):
        say(f"{pod}: {NOT_WOKEN}.")
    if as_json:
        beds = [{"pod": each.pod, "onset_s": each.onset_s, **_woken(woken, each.pod)} for each in heard]
        give({"rung": rung, "by": by, "beds": beds})
    if deaf:
        raise deaf[0]


def _woken(woken: dict[str, bool], pod: str) -> dict[str, bool]:
    return {"woken": woken[pod]} if pod in woken else {}


def _is_woken(folder: NightFolder, stepped: _Stepped) -> bool:
    found = awaited(
        folder,
        stepped.start,
        lambda event: isinstance(event, AwakeningDue) and event.pod == stepped.pod and event.reason == "BY_HAND",
        within_s=WOKEN_WITHIN_S,
    )
    return found is not None
