"""What does whoever takes over a night have to know? What happened, what is held, who is where, what needs somebody."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from dreamloom.gallery.live_row import Row, Said
from dreamloom.gallery.live_rows import NightNow
from dreamloom.vocabulary.texts import Say, in_english

ORDER = ("high", "medium", "low", "info")
MOST_LINES = 20
STAGES = {"W": "awake", "N1": "falling asleep", "N2": "asleep", "N3": "in deep sleep", "R": "dreaming"}
AWAY = ("recording ended", "not known: no data", "out of bed", "not known")
TOOK_BACK = "silent for tonight: took consent back"
BY_WHOM = ("by the guardian", "by a person")
HELD = {
    "SOFTEN": "softer",
    "HOLD": "held: no cue",
    "FADE": "faded: no cue",
    "ISOLATE": "no sound",
    "WAKE": "being woken",
}


class BedThen(Struct, frozen=True, kw_only=True):
    """One bed, in a few words each; `held` and `since` are "" where there is nothing to say."""

    pod: str
    sleeper: str
    where: str
    held: str
    since: str


class NeedThen(Struct, frozen=True, kw_only=True):
    """Something that needs somebody, and who looks after it; "" for nobody yet."""

    priority: str
    pod: str
    text: str
    since_s: float
    seen_by: str


class Handover(Struct, frozen=True, kw_only=True):
    """A night at one moment, for somebody who was not there."""

    night: str
    now_s: float
    status: str
    sentence: str
    duty: str
    needs: tuple[NeedThen, ...]
    beds: tuple[BedThen, ...]
    happened: tuple[Said, ...]


def handover(night: str, now: NightNow, *, say: Say = in_english) -> Handover:
    """As this role sees it; needs and lines stand in the record's own English."""
    rows = [row for _, row in sorted(now.rows.items())]
    return Handover(
        night=night,
        now_s=now.now_s,
        status=now.status,
        sentence=_sentence(rows, say, is_over=now.status != "running"),
        duty=on_duty(now, say),
        needs=_needs(rows),
        beds=tuple(_bed(row, say) for row in rows),
        happened=tuple(line for line in now.said if line.lane in {"alarms", "people"})[-MOST_LINES:][::-1],
    )


def on_duty(now: NightNow, say: Say = in_english) -> str:
    """Who can be called, in a sentence."""
    if not now.staff:
        if now.unattended:
            return say("Nobody can be called.")
        return say("Nobody is named in night.toml who could be called.")
    names = say(", then ").join(now.staff)
    if now.unattended:
        return say("Nobody is awake here; {names} can be reached.", names=names)
    return say("On duty: {names}.", names=names)


def where(row: Row) -> str:
    """Where this sleeper is, as far as is known."""
    if row.ended:
        return AWAY[0]
    if row.lost:
        return AWAY[1]
    if row.out_of_bed:
        return AWAY[2]
    return STAGES.get(row.stage, AWAY[3])


def _sentence(rows: Sequence[Row], say: Say, *, is_over: bool) -> str:
    found = Counter(where(row) for row in rows)
    listed = ", ".join(f"{count} {say(what)}" for what, count in found.most_common())
    beds = say("1 bed") if len(rows) == 1 else say("{count} beds", count=len(rows))
    over = say("The night is over.")
    return f"{beds}: {listed}. {over}" if is_over else f"{beds}: {listed}."


def _needs(rows: Sequence[Row]) -> tuple[NeedThen, ...]:
    found = [
        NeedThen(priority=need.priority, pod=row.pod, text=need.text, since_s=need.since_s, seen_by=need.seen_by)
        for row in rows
        for need in row.needs
    ]
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.priority), each.since_s)))


def _bed(row: Row, say: Say) -> BedThen:
    held = TOOK_BACK if row.withdrawn else HELD.get(row.by_hand) or HELD.get(row.rung, "")
    who = BY_WHOM[row.by_hand in HELD]
    return BedThen(
        pod=row.pod,
        sleeper=row.sleeper,
        where=say(where(row)),
        held=say(held) if held else "",
        since=say(who) if held and not row.withdrawn else "",
    )
