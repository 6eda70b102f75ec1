"""May this sleeper be spoken to now? Read from their night's own record each time anybody asks."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.guide import awake
from dreamloom.guide.awake import Awake, Lying, heard, no_evening, up
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import AnyEvent, HostDescribed, NightClosed, NightOpened, Recovered
from dreamloom.vocabulary.errors import DreamloomError


class Seen(Struct, frozen=True, kw_only=True):
    """One sleeper as the record tells, and which second of their night it is.

    Attributes:
        is_closed: the record is; nothing is added to it any more.
        is_known: the record tells of its night, or there is none yet.
    """

    lying: Lying
    now_s: float = 0.0
    is_closed: bool = False
    is_known: bool = True

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
    found = Seen(lying=found.lying, is_known=False)
    with read_only(folder.record) as record:
        for event in record.events():
            host = event if isinstance(event, HostDescribed) else host
            found = _after(found, event)
    return replace(found, now_s=_now_s(host))


def before_dark(folder: NightFolder, pod: str) -> Awake:
    """That this sleeper's lights are still on, for a model in the evening's talk; whatever cannot be told is dark.

    Raises:
        RefusedError: DL-E844.
    """
    try:
        found = seen(folder, pod)
    except (DreamloomError, OSError) as error:
        raise no_evening("Nobody can tell whether they are awake.") from error
    if found.is_closed or not found.is_known:
        raise no_evening("The record does not say that they are still up.")
    return awake.before_dark(found.lying, found.now_s)


def _after(found: Seen, event: AnyEvent) -> Seen:
    is_closed = isinstance(event, NightClosed) or (found.is_closed and not isinstance(event, Recovered))
    is_known = found.is_known or isinstance(event, NightOpened)
    return Seen(lying=heard(found.lying, event), is_closed=is_closed, is_known=is_known)


def _now_s(host: HostDescribed | None) -> float:
    if host is None:
        return 0.0
    since = (utc_now() - datetime.fromisoformat(host.utc)).total_seconds()
    return host.onset_s + since * (host.speed_x or 1.0)
