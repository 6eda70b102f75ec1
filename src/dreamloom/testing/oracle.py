"""Was every cue of this night lawful, and did every lawful one play? Judged by the record, and by nothing that ran.

No code of pods, vetoes or the night loop is asked: what a bed knew is told again from its events, second by second,
beside the dreamscape as its author wrote it and the consents as they were given.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.obeyed import obeyed_parts, obeyed_relays
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.slots import relay_slot
from dreamloom.dreamscape.unstaged import PodKind, by_the_clock
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    ConsentGiven,
    ConsentWithdrawn,
    CueDue,
    CueFailed,
    CuePlayed,
    GroupsTold,
    HostDescribed,
    NightClosed,
    NightOpened,
    Recovered,
    SceneEntered,
    StageScored,
    StreamEnded,
)
from dreamloom.testing.oracle_bed import BedTold
from dreamloom.testing.oracle_company import Company
from dreamloom.testing.oracle_gate import follow
from dreamloom.testing.oracle_hearing import hear
from dreamloom.testing.oracle_rules import Asked, broken, leasable, owed
from dreamloom.testing.oracle_scenes import scene_to_enter
from dreamloom.testing.oracle_waking import wrongly_begun
from dreamloom.testing.oracle_wall import Wall

LEASED_WITHIN_TICKS = 6
"""A lease is granted when its second is settled and takes effect three later; twice that is slow, not unlawful."""
SLACK_TICKS = 3
"""A cue may come so much later than its first lawful second: a second late, an arousal that nobody told yet."""
ALL_BUT_TICKS = 2
"""The last seconds of a night or before a crash may not be decided any more."""

BY_OTHERS = frozenset({"TOGETHER", "BY_HAND"})
"""Why a scene was entered that the bed did not choose."""


class Unlawful(NamedTuple):
    """One cue and the rule it broke."""

    event: str
    pod: str
    onset_s: float
    rule: str


class Missed(NamedTuple):
    """A lawful cue that was due from this moment on and did not come."""

    pod: str
    part: int
    since_s: float


class Verdict(NamedTuple):
    """What came of the judging.

    Attributes:
        ticks: seconds of beds that were looked at.
        due: cues that were decided.
        played: of those, heard, silent arms included.
    """

    ticks: int
    due: int
    played: int
    unlawful: tuple[Unlawful, ...]
    missed: tuple[Missed, ...]

    @property
    def share(self) -> float:
        """Of the lawful cues that were due, how many played."""
        lawful = self.due + len(self.missed)
        return self.played / lawful if lawful else 1.0


def judge(
    events: Sequence[AnyEvent],
    dreamscape: Dreamscape,
    *,
    expires: Mapping[str, str] | None = None,
    kinds: Mapping[str, PodKind] | None = None,
    zones: Mapping[str, str] | None = None,
    arrived_s: Mapping[str, Mapping[int, float]] | None = None,
) -> Verdict:
    """Judges a whole night.

    Args:
        events: the exported record, in its order.
        dreamscape: what its author wrote.
        expires: until when each sleeper agreed, as consent.toml has it; else as the record found it to be.
        kinds: of beds that tell no stage, by pod.
        zones: of beds whose wall is not the night's, by pod.
        arrived_s: by pod and second, when it was in hand, as stored beside the signal; only those that were late.
    """
    opened = next(event for event in events if isinstance(event, NightOpened))
    utc = datetime.fromisoformat(next(event.utc for event in events if isinstance(event, HostDescribed)))
    own: dict[str, list[AnyEvent]] = defaultdict(list)
    for event in events:
        if event.pod is not None:
            own[event.pod].append(event)
    last = max((event.tick for event in events if not isinstance(event, NightClosed)), default=0)
    walls = {seat.pod: Wall(utc, (zones or {}).get(seat.pod, opened.timezone)) for seat in opened.roster}
    ends_s = {
        seat.pod: walls[seat.pod].ends_s((expires or {}).get(seat.sleeper) or _until(own[seat.pod]))
        for seat in opened.roster
    }
    company = Company({seat.pod: own[seat.pod] for seat in opened.roster}, dreamscape, ends_s)
    found = []
    for seat in opened.roster:
        plays = _plays(dreamscape, (kinds or {}).get(seat.pod, "headband"))
        groups = next((event.groups for event in own[seat.pod] if isinstance(event, GroupsTold)), ())
        said, scene_of = _numbered(plays)
        asked = Asked(
            dreamscape=plays,
            text_sha256=opened.dreamscape_sha256,
            unstageable=(kinds or {}).get(seat.pod, "headband") != "headband",
            said=said,
            scene_of=scene_of,
            groups=groups,
            parts=tuple(number for number in _obeyed(dreamscape, said) if is_meant(said[number].for_, groups)),
            tonight=sum(said[number].budget.per_night for number in _obeyed(dreamscape, said)),
            company=company,
            wall=walls[seat.pod],
            ends_s=ends_s[seat.pod],
            arrived_s=(arrived_s or {}).get(seat.pod, {}),
        )
        found.append(_Judge(seat.pod, asked, last).judge(own[seat.pod]))
    return together(found)


def _plays(dreamscape: Dreamscape, kind: PodKind) -> Dreamscape:
    return dreamscape if kind == "headband" else by_the_clock(dreamscape, kind)


def _numbered(dreamscape: Dreamscape) -> tuple[dict[int, Part], dict[int, str | None]]:
    """What stands under each number in the record, and in which scene."""
    placed = dict(enumerate(placed_parts(dreamscape)))
    relays = {relay_slot(number): relay.at_receiver for number, relay in enumerate(dreamscape.relays)}
    said = {number: each.part for number, each in placed.items()} | relays
    return said, {number: each.scene for number, each in placed.items()}


def _obeyed(dreamscape: Dreamscape, said: Mapping[int, Part]) -> tuple[int, ...]:
    """Numbers of all that plays anywhere but what waits for a wave: no record tells its phase beforehand."""
    relays = (relay_slot(number) for number in obeyed_relays(dreamscape))
    return tuple(number for number in (*obeyed_parts(dreamscape), *relays) if said[number].phase is None)


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Several beds or nights as one."""
    return Verdict(
        ticks=sum(each.ticks for each in verdicts),
        due=sum(each.due for each in verdicts),
        played=sum(each.played for each in verdicts),
        unlawful=tuple(wrong for each in verdicts for wrong in each.unlawful),
        missed=tuple(wrong for each in verdicts for wrong in each.missed),
    )


def _until(own: Sequence[AnyEvent]) -> str:
    return next((event.expires for event in own if isinstance(event, ConsentGiven)), "end of night")


class _Judge:
    """One bed, second by second."""

    def __init__(self, pod: str, asked: Asked, last_tick: int) -> None:
        self._pod, self._asked, self._last = pod, asked, last_tick
        self._bed = BedTold(asked.dreamscape, asked.said, frozenset(asked.parts))
        self._unlawful: list[Unlawful] = []
        self._missed: list[Missed] = []
        self._due: dict[str, CueDue] = {}
        self._heard: set[str] = set()
        self._played = self._ticks = 0
        self._leasable = 0
        self._owing = dict.fromkeys(asked.parts, 0)
        self._withdrawn_s: float | None = None
        self._entered = False

    def judge(self, own: Sequence[AnyEvent]) -> Verdict:
        of_tick: dict[int, list[AnyEvent]] = defaultdict(list)
        for event in own:
            of_tick[event.tick].append(event)
        ended = min((event.tick for event in own if isinstance(event, StreamEnded)), default=self._last + 1)
        gaps = [(event.lost_from_s, event.lost_to_s) for event in own if isinstance(event, Recovered)]
        for tick in range(self._last + 1):
            self._bed.quorums = self._asked.company.known(self._pod, tick)
            self._entered = False
            self._hear(of_tick.get(tick, ()))
            if tick < ended and not any(from_s - ALL_BUT_TICKS <= tick < to_s for from_s, to_s in gaps):
                self._look(tick)
        return Verdict(self._ticks, len(self._due), self._played, tuple(self._unlawful), tuple(self._missed))

    def _hear(self, events: Sequence[AnyEvent]) -> None:
        for event in events:
            match event:
                case CueDue():
                    self._bed.end_tick(event.onset_s)
                    self._blame(event, *broken(event, self._bed, self._asked))
                    self._due[event.id] = event
                    self._owing[event.part] = 0
                case CuePlayed():
                    self._blame(event, *self._badly_played(event))
                case CueFailed():
                    self._heard.add(event.cause or "")
                case ConsentWithdrawn():
                    self._withdrawn_s = event.tick + 1.0
                case SceneEntered() if event.reason not in BY_OTHERS:
                    self._entered = True
                    if scene_to_enter(self._bed, self._asked, event.tick) != event.scene:
                        self._blame(event, "SCENE")
                case _:
                    self._hear_more(event)
            hear(self._bed, event)
            if isinstance(event, StageScored):
                follow(self._bed, event.onset_s)

    def _hear_more(self, event: AnyEvent) -> None:
        if isinstance(event, AwakeningDue):
            bed = self._bed
            self._blame(event, *wrongly_begun(event, bed.woken, self._asked.dreamscape, bed.consent))
        if isinstance(event, Recovered):
            self._leasable = 0

    def _look(self, tick: int) -> None:
        now_s = tick + 1.0
        self._ticks += 1
        self._bed.end_tick(now_s)
        if not self._entered and scene_to_enter(self._bed, self._asked, tick) is not None:
            self._unlawful.append(Unlawful("", self._pod, now_s, "SCENE"))
        self._leasable = self._leasable + 1 if leasable(self._bed, self._asked, now_s) else 0
        for part in self._asked.parts:
            is_owed = self._leasable > LEASED_WITHIN_TICKS and owed(part, self._bed, self._asked, now_s=now_s)
            self._owing[part] = self._owing[part] + 1 if is_owed else 0
            every = max(SLACK_TICKS, int(self._asked.said[part].every_s))
            if self._owing[part] == SLACK_TICKS + 1 or self._owing[part] > SLACK_TICKS + 1 + every:
                self._missed.append(Missed(self._pod, part, now_s))
                self._owing[part] = SLACK_TICKS + 1

    def _badly_played(self, event: CuePlayed) -> list[str]:
        """A cue that sounds is one that was due, once, in its time, and ends where its sleeper says no."""
        due = self._due.get(event.cause or "")
        if due is None or due.id in self._heard:
            return ["NOT_DUE"]
        self._heard.add(due.id)
        self._played += 1
        if not due.play_at_s - 1e-3 <= event.actual_s <= due.expires_s + 1e-3:
            return ["TIMING"]
        is_revoked = self._withdrawn_s is not None and event.actual_s >= self._withdrawn_s
        return ["REVOKED"] if is_revoked else []

    def _blame(self, event: AnyEvent, *rules: str) -> None:
        self._unlawful.extend(Unlawful(event.id, self._pod, event.onset_s, rule) for rule in dict.fromkeys(rules))
