"""Was every cue of this night lawful, and did every lawful one play? Judged by the record, and by nothing that ran.

No code of pods, vetoes or the night loop is asked: what a bed knew is told again from its events, second by second,
beside the dreamscape as its author wrote it and the consents as they were given.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.obeyed import obeyed_dialogues, obeyed_parts, obeyed_relays
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.slots import dialogue_slot, relay_slot
from dreamloom.dreamscape.unstaged import PodKind, by_the_clock
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    GroupsTold,
    HostDescribed,
    NightClosed,
    NightOpened,
)
from dreamloom.testing.oracle_company import Company
from dreamloom.testing.oracle_judge import BedJudge
from dreamloom.testing.oracle_rules import Asked
from dreamloom.testing.oracle_talks import Talk
from dreamloom.testing.oracle_verdict import Missed, Verdict, together
from dreamloom.testing.oracle_wall import Wall


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
            parts=tuple(number for number in _obeyed(dreamscape) if is_meant(said[number].for_, groups)),
            tonight=sum(said[number].budget.per_night for number in _obeyed(dreamscape)),
            company=company,
            wall=walls[seat.pod],
            ends_s=ends_s[seat.pod],
            arrived_s=(arrived_s or {}).get(seat.pod, {}),
        )
        found.append(BedJudge(seat.pod, asked, last).judge(own[seat.pod]))
    untold = tuple(Missed(pod, relay_slot(number), at_s) for pod, number, at_s in company.not_offered)
    untold += tuple(Missed(pod, slot, at_s) for pod, slot, at_s in company.moments.not_called)
    return together([*found, Verdict(0, 0, 0, (), untold)])


def _plays(dreamscape: Dreamscape, kind: PodKind) -> Dreamscape:
    return dreamscape if kind == "headband" else by_the_clock(dreamscape, kind)


def _numbered(dreamscape: Dreamscape) -> tuple[dict[int, Part], dict[int, str | None]]:
    """What stands under each number in the record, and in which scene."""
    placed = dict(enumerate(placed_parts(dreamscape)))
    relays = {relay_slot(number): relay.at_receiver for number, relay in enumerate(dreamscape.relays)}
    talks = {dialogue_slot(number): Talk(each).part for number, each in enumerate(dreamscape.dialogues.values())}
    said = {number: each.part for number, each in placed.items()} | relays | talks
    return said, {number: each.scene for number, each in placed.items()}


def _obeyed(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers of all that plays anywhere."""
    relays = (relay_slot(number) for number in obeyed_relays(dreamscape))
    talks = (dialogue_slot(number) for number in obeyed_dialogues(dreamscape))
    return (*obeyed_parts(dreamscape), *relays, *talks)


def _until(own: Sequence[AnyEvent]) -> str:
    return next((event.expires for event in own if isinstance(event, ConsentGiven)), "end of night")
