"""What does this role see of a night now, and what is new? Read from its record, again and again."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any, NamedTuple

from litestar.exceptions import NotFoundException, PermissionDeniedException
from msgspec.structs import replace

from dreamloom.adapters.live_samples import LiveView
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.gallery import live_rows
from dreamloom.gallery.live_rows import NightNow
from dreamloom.house.layout import NightFolder
from dreamloom.house.trial_verifying import is_blind
from dreamloom.record import projections
from dreamloom.record.codec import decode
from dreamloom.record.events import NightOpened, TrialNightBegun
from dreamloom.vocabulary.units import Seconds
from dreamloom.web.front_door import Asker
from dreamloom.web.sign_in import READS_AS, NightRole, Session


class News(NamedTuple):
    """What came since a view looked last.

    Attributes:
        events: of the record, by their place in it; as the role sees them.
        seen: the place from which to look on.
    """

    events: list[tuple[int, dict[str, Any]]]
    seen: int


class Watched:
    """One night, looked at by any number of views."""

    def __init__(self, folder: NightFolder) -> None:
        self.folder = folder
        self._nows: dict[tuple[NightRole, str | None], NightNow] = {}
        self._blind: bool | None = None

    @property
    def _is_blind(self) -> bool:
        """As if it were until the night's first words stand in the record, which takes all of them at once."""
        if self._blind is None and self.folder.record.exists():
            with read_only(self.folder.record) as record:
                if record.of_type(NightOpened.__name__):
                    self._blind = is_blind(self.folder, record.of_type(TrialNightBegun.__name__))
        return self._blind is not False

    def reads_as(self, role: NightRole) -> NightRole:
        """As whom this role reads the night; while arms are sealed as the blinded do."""
        return "blinded" if role != "sleeper" and self._is_blind else role

    def role_of(self, session: Session) -> NightRole:
        """While arms are sealed nobody who runs the night is shown what could tell them."""
        role = READS_AS.get(session.role)
        if role is None:
            raise PermissionDeniedException("This is not for your role.")
        return self.reads_as(role)

    def news(self, session: Session, after: int) -> News:
        """Events from this place on."""
        found, seen = [], after
        for place, shown in self._read(session, after):
            seen = place + 1
            if shown is not None:
                found.append((place, shown))
        return News(found, seen)

    def seen_from(self, session: Session, after: int, *, until_s: Seconds) -> Iterator[tuple[int, dict[str, Any]]]:
        """What this role sees from this place on, to this second of the night."""
        told = ((place, shown) for place, shown in self._read(session, after) if shown is not None)
        return takewhile(lambda each: each[1]["tick"] + 1.0 <= until_s, told)

    def _read(self, session: Session, after: int) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Every event from this place on; None for what the role does not see, or nobody can read any more."""
        return self._read_as(self.role_of(session), session.pod, after)

    def news_between(
        self, role: NightRole, pod: str | None, after: int, until: int
    ) -> list[tuple[int, dict[str, Any]]]:
        """What this role sees from one place to before another."""
        told = takewhile(lambda each: each[0] < until, self._read_as(role, pod, after))
        return [(place, shown) for place, shown in told if shown is not None]

    def _read_as(self, role: NightRole, pod: str | None, after: int) -> Iterator[tuple[int, dict[str, Any] | None]]:
        if not self.folder.record.exists():
            return
        with read_only(self.folder.record) as record:
            for row in record.rows(after):
                shown = None if row.body is None else projections.project(decode(row.body), role, pod=pod)
                yield row.seq, shown

    def now(self, session: Session) -> NightNow:
        """The night as it stands, folded on from where the last view of this kind left it."""
        return self.now_as(self.role_of(session), session.pod)

    def now_as(self, role: NightRole, pod: str | None = None) -> NightNow:
        """The night as it stands for this role."""
        night = self._nows.get((role, pod), NightNow())
        seen = night.seen
        for place, event in self._read_as(role, pod, night.seen):
            seen = place + 1
            if event is not None:
                night = live_rows.fold(night, event)
        night = live_rows.with_statuses(replace(night, seen=seen))
        self._nows[role, pod] = night
        return night

    def shown_by(self, pod: str) -> LiveView | None:
        """What this bed shows right now; None while nothing does."""
        return LiveView.of(self.folder.live(pod))


def watched_night(request: Asker, night: str) -> Watched:
    """The night that is served; raises NotFoundException for any other."""
    watched: Watched = request.app.state.watched
    if night != watched.folder.name:
        raise NotFoundException("No night {night} is served here.", extra={"night": repr(night)})
    return watched
