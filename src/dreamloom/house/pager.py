"""Who is called when a bed needs somebody, and what if nobody comes? One after the other, and then the bed is held.

A need of high priority calls the first of those on duty at once and the next every two minutes, until somebody says
that they look after it or it is over. When all were called in vain the bed fades: what sounds is let go
gently, and no cue comes until a person lets it go. Nobody is called for a bed whose sleeper is said to be up. Who is on
duty stands in night.toml, in the order in which they are called.
"""

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from dreamloom.engine.loop import Outside
from dreamloom.gallery import live_changes, live_row, live_rows
from dreamloom.gallery.live_row import Need
from dreamloom.gallery.live_rows import NightNow
from dreamloom.house.night_file import NightAsked, StaffAsked
from dreamloom.record import projections
from dreamloom.record.events import AnyEvent, OperatorStepped
from dreamloom.record.staff_events import StaffPaged
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

NEXT_AFTER_S = Seconds(120.0)
"""Time to wake up, find the lamp and look. Ours."""
COMMAND_S = 30.0
"""A command that calls somebody and takes longer is ended. Ours."""
BY = "pager"
Call = Callable[[StaffAsked, str], None]
"""Calls somebody with these words; returns at once."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling:
    """One need that nobody looked after yet: how many were called, and since when the newest of them was."""

    called: int
    since_s: float
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """The next one was called for this need of this bed."""

    pod: str
    need: Need
    name: str


@dataclass(frozen=True, slots=True)
class NobodyCame:
    """All were called, and nobody looked."""

    pod: str
    need: Need


Calls = Mapping[Key, Calling]


def step(
    calls: Calls, needs: Mapping[Key, Need], names: Sequence[str], now_s: NightTime
) -> tuple[Calls, list[Called | NobodyCame]]:
    """Who is called now.

    Args:
        calls: as they were.
        needs: of high priority that nobody looks after, by bed and key.
        names: of those on duty, in order; with none a bed is held after the time that one of them would have had.
        now_s: night time.
    """
    told: list[Called | NobodyCame] = []
    found: dict[Key, Calling] = {}
    for key, need in needs.items():
        calling = calls.get(key) or Calling(called=0, since_s=now_s if not names else now_s - NEXT_AFTER_S)
        is_due = now_s - calling.since_s >= NEXT_AFTER_S and not calling.is_held
        if is_due and calling.called < len(names):
            told.append(Called(key[0], need, names[calling.called]))
            calling = Calling(called=calling.called + 1, since_s=now_s)
        elif is_due:
            told.append(NobodyCame(key[0], need))
            calling = replace(calling, is_held=True)
        found[key] = calling
    return MappingProxyType(found), told


class Pager:
    """Follows a night's needs and calls people; told every settled tick, and asked what comes of it."""

    def __init__(
        self, staff: Sequence[StaffAsked], *, role: projections.Role, call: Call, warn: Callable[[str], None]
    ) -> None:
        """As whom it reads the night: as the blinded do while arms are sealed, since calling somebody tells."""
        self._staff = {each.name: each for each in staff}
        self._role = role
        self._call = call
        self._warn = warn
        self._now = NightNow()
        self._calls: Calls = {}

    def hear(self, _: int, events: Sequence[AnyEvent], __: object) -> None:
        """Takes what settled."""
        for event in events:
            if type(event).__name__ in live_changes.NEEDY and (shown := projections.project(event, self._role)):
                self._now = live_rows.fold(self._now, shown)

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """Calls whoever is due; tells whom, and which bed is held."""
        needs = {
            (pod, need.key): need
            for pod, row in self._now.rows.items()
            if not live_row.is_quiet(row, now_s)
            for need in row.needs
            if need.priority == "high" and not need.seen_by
        }
        if not needs:
            self._calls = {}
            return []
        self._calls, told = step(self._calls, needs, list(self._staff), now_s)
        return [self._told(each, now_s) for each in told]

    def _told(self, each: Called | NobodyCame, now_s: NightTime) -> Outside:
        onset_s = to_microsecond(now_s)
        if isinstance(each, NobodyCame):
            self._warn(
                f"{each.pod} needs somebody ({each.need.text}), and nobody came: it fades until somebody lets it go."
            )
            return Outside(known_s=now_s, pod=each.pod, event=OperatorStepped(onset_s=onset_s, by=BY, rung="FADE"))
        self._call(self._staff[each.name], f"{each.pod}: {each.need.text}")
        event = StaffPaged(onset_s=onset_s, need=each.need.key, name=each.name)
        return Outside(known_s=now_s, pod=each.pod, event=event)


def by_command(warn: Callable[[str], None]) -> Call:
    """Calls people by the commands of night.toml, each in a thread of its own; the night waits for none."""

    def call(who: StaffAsked, words: str) -> None:
        warn(f"Calling {who.name}: {words}")
        if who.page:
            threading.Thread(target=_run, args=(who, words, warn), name="pager", daemon=True).start()

    return call


def _run(who: StaffAsked, words: str, warn: Callable[[str], None]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the house's own words, and no shell reads them
            [*who.page, words], timeout=COMMAND_S, check=False, stdin=subprocess.DEVNULL, capture_output=True
        )
        failed = f"ended with {done.returncode}" if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        failed = str(error)
    if failed:
        warn(f"{who.name} could not be called: {failed}.")


def pager_of(
    night: NightAsked, *, call: Call | None, is_live: bool, is_sealed: bool, warn: Callable[[str], None]
) -> Pager | None:
    """One in a live night where somebody can be called, and wherever somebody else does the calling.

    `is_sealed`: the arms of the night are, and it calls as the blinded would.
    """
    if call is None and not (is_live and (night.staff or night.unattended)):
        return None
    role: Literal["blinded", "orchestrator"] = "blinded" if is_sealed else "orchestrator"
    return Pager(night.staff, role=role, call=call or by_command(warn), warn=warn)
