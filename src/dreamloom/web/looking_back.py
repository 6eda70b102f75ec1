"""How did a night look then? Its record folded up to a moment, from the last place at which it was folded before."""

from msgspec.structs import replace

from dreamloom.gallery import live_rows
from dreamloom.gallery.live_rows import NightNow
from dreamloom.vocabulary.units import Seconds
from dreamloom.web.sign_in import NightRole, Session
from dreamloom.web.watching import Watched

KEPT_EVERY_S = Seconds(600.0)
"""So much night lies between two places that are kept: folding it again takes a few hundredths of a second. Ours."""
Key = tuple[NightRole, str | None]


class LookBack:
    """One night at any moment of it, for any number of views."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._kept: dict[Key, list[NightNow]] = {}

    def at(self, session: Session, at_s: Seconds) -> NightNow:
        """The night as this role could have seen it then."""
        role = self._watched.role_of(session)
        kept = self._kept.setdefault((role, session.pod), [NightNow()])
        night = next(each for each in reversed(kept) if each.now_s <= at_s)
        for place, event in self._watched.seen_from(session, night.seen, until_s=at_s):
            if event["tick"] + 1.0 > kept[-1].now_s + KEPT_EVERY_S and night.seen > kept[-1].seen:
                kept.append(night)
            night = replace(live_rows.fold(night, event), seen=place + 1)
        newest_s = self._watched.now(session).now_s
        return live_rows.with_statuses(replace(night, now_s=max(night.now_s, min(at_s, newest_s))))
