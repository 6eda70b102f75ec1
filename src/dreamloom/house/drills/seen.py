"""What must a record show after a drill? Each check reads events alone, and says what it found."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    CueDue,
    CuePlayed,
    CueWithheld,
    GlitchSeen,
    GuardianStepped,
    Rearmed,
    Restored,
    StageScored,
)

BY_COMMAND = -1
Judge = Callable[[Sequence[AnyEvent], str, float], tuple[bool, str]]
"""Events, a troubled bed and when its trouble began, to whether it is as it must be, and what was found."""


class Check(NamedTuple):
    """One thing that a record must show of every troubled bed."""

    what: str
    judge: Judge


def _of(events: Sequence[AnyEvent], pod: str) -> list[AnyEvent]:
    return [event for event in events if event.pod == pod]


def _after(events: Sequence[AnyEvent], pod: str, since_s: float) -> list[AnyEvent]:
    return [event for event in _of(events, pod) if event.onset_s >= since_s - 1.0]


def _soon(found: Sequence[AnyEvent], since_s: float, within_s: float) -> tuple[bool, str]:
    if not found:
        return False, "never"
    took_s = found[0].tick + 1.0 - since_s
    return took_s <= within_s, f"after {took_s:.0f} s"


def told(type_: str, what: str, *, within_s: float) -> Check:
    """An event of this type follows so soon."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        found = [event for event in _after(events, pod, since_s) if type(event).__name__ == type_]
        return _soon(found, since_s, within_s)

    return Check(what, judge)


def stepped(rule: str, rung: str, what: str, *, within_s: float) -> Check:
    """The guardian goes so far for this rule, so soon."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        steps = [event for event in _after(events, pod, since_s) if isinstance(event, GuardianStepped)]
        return _soon([step for step in steps if step.rule == rule and step.rung == rung], since_s, within_s)

    return Check(what, judge)


def silent(what: str, *, from_s: float, to_s: float) -> Check:
    """No cue begins from so long after the trouble began until so long after it."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        heard = [
            event
            for event in _of(events, pod)
            if isinstance(event, CuePlayed) and since_s + from_s <= event.actual_s < since_s + to_s
        ]
        return not heard, f"{len(heard)} cues"

    return Check(what, judge)


def silent_until_armed(what: str) -> Check:
    """No cue begins before somebody, or the sleeper's own consent, arms the bed again; and somebody does."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        own = _of(events, pod)
        armed_s = [event.onset_s for event in own if isinstance(event, Rearmed) and event.onset_s > since_s]
        until_s = min(armed_s, default=math.inf)
        heard = [event for event in own if isinstance(event, CuePlayed) and since_s + 1.0 <= event.actual_s < until_s]
        return bool(armed_s) and not heard, f"{len(heard)} cues, armed after {until_s - since_s:.0f} s"

    return Check(what, judge)


def cued(what: str, *, after_s: float) -> Check:
    """A cue sounds again later, and one did before, or nothing would have been shown."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        times_s = [event.actual_s for event in _of(events, pod) if isinstance(event, CuePlayed)]
        before, later = sum(at_s < since_s for at_s in times_s), sum(at_s >= since_s + after_s for at_s in times_s)
        return before > 0 and later > 0, f"{before} cues before, {later} after"

    return Check(what, judge)


def restored(rule: str, what: str, *, after_s: float) -> Check:
    """The rule clears, and not before its own time."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        found = [event for event in _after(events, pod, since_s) if isinstance(event, Restored) and event.rule == rule]
        if not found:
            return False, "never"
        took_s = found[0].onset_s - since_s
        return took_s >= after_s, f"after {took_s:.0f} s"

    return Check(what, judge)


def refused(times: int, what: str) -> Check:
    """So many commands were withheld, each with a reason, and none was played."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        own = _after(events, pod, since_s - 60.0)
        withheld = [event for event in own if isinstance(event, CueWithheld) and event.part == BY_COMMAND]
        obeyed = [event for event in own if isinstance(event, CueDue) and event.part == BY_COMMAND]
        shut_out = [event for event in own if isinstance(event, GlitchSeen) and event.glitch.startswith("ORDER_")]
        reasons = [*(event.reason for event in withheld), *(event.glitch for event in shut_out)]
        return len(reasons) == times and not obeyed, f"{', '.join(reasons) or 'none'}; {len(obeyed)} obeyed"

    return Check(what, judge)


def recorded(what: str) -> Check:
    """Stages are told until the end."""

    def judge(events: Sequence[AnyEvent], pod: str, since_s: float) -> tuple[bool, str]:
        last_s = max((event.onset_s for event in events), default=0.0)
        scored = [event.onset_s for event in _after(events, pod, since_s) if isinstance(event, StageScored)]
        return bool(scored) and last_s - max(scored) <= 10.0, f"{len(scored)} stages told"

    return Check(what, judge)


def nobody_woken(what: str) -> Check:
    """No awakening began."""

    def judge(events: Sequence[AnyEvent], pod: str, _: float) -> tuple[bool, str]:
        woken = sum(isinstance(event, AwakeningDue) for event in _of(events, pod))
        return woken == 0, f"{woken} awakenings"

    return Check(what, judge)
