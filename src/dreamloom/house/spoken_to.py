"""May this sleeper be spoken to now? Read from their night's own record each time anybody asks."""

from datetime import datetime

from msgspec import Struct

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.guide.awake import Awake, Lying, heard, up
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import AnyEvent, HostDescribed, NightClosed, Recovered


class Seen(Struct, frozen=True, kw_only=True):
    """One sleeper as the record tells, and which second of their night it is.

    Attributes:
        is_closed: the record is; nothing is added to it any more.
    """

    lying: Lying
    now_s: float = 0.0
    is_closed: bool = False

    def awake(self, *, by_own_word: bool) -> Awake:
        """That they are awake; raises RefusedError DL-E713 when they are not.

        Args:
            by_own_word: they came themselves, in the morning after a night that broke off.
        """
        return Awake(up(self.lying, is_closed=self.is_closed) if by_own_word else self.lying, self.now_s)


def seen(folder: NightFolder, pod: str) -> Seen:
    """The sleeper of this bed now; before the night opens it is evening."""
    found = Seen(lying=Lying(pod=pod))
    if not folder.record.exists():
        return found
    host: HostDescribed | None = None
    with read_only(folder.record) as record:
        for event in record.events():
            host = event if isinstance(event, HostDescribed) else host
            found = _after(found, event)
    return Seen(lying=found.lying, now_s=_now_s(host), is_closed=found.is_closed)


def _after(found: Seen, event: AnyEvent) -> Seen:
    is_closed = isinstance(event, NightClosed) or (found.is_closed and not isinstance(event, Recovered))
    return Seen(lying=heard(found.lying, event), is_closed=is_closed)


def _now_s(host: HostDescribed | None) -> float:
    if host is None:
        return 0.0
    since = (utc_now() - datetime.fromisoformat(host.utc)).total_seconds()
    return host.onset_s + since * (host.speed_x or 1.0)
