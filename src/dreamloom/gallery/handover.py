"""What does whoever takes over a night have to know? What happened, what is held, who is where, what needs somebody."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from dreamloom.gallery.live_rows import NightNow, Row, Said

ORDER = ("high", "medium", "low", "info")
MOST_LINES = 20
STAGES = {"W": "awake", "N1": "falling asleep", "N2": "asleep", "N3": "in deep sleep", "R": "dreaming"}
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


def handover(night: str, now: NightNow) -> Handover:
    """As this role sees it."""
    rows = [row for _, row in sorted(now.rows.items())]
    return Handover(
        night=night,
        now_s=now.now_s,
        status=now.status,
        sentence=_sentence(rows, is_over=now.status != "running"),
        duty=on_duty(now),
        needs=_needs(rows),
        beds=tuple(_bed(row) for row in rows),
        happened=tuple(line for line in now.said if line.lane in {"alarms", "people"})[-MOST_LINES:][::-1],
    )


def on_duty(now: NightNow) -> str:
    """Who can be called, in a sentence."""
    if not now.staff:
        return "Nobody is named in night.toml who could be called." if not now.unattended else "Nobody can be called."
    names = ", then ".join(now.staff)
    return f"Nobody is awake here; {names} can be reached." if now.unattended else f"On duty: {names}."


def where(row: Row) -> str:
    """Where this sleeper is, as far as is known."""
    if row.ended:
        return "recording ended"
    if row.lost:
        return "not known: no data"
    if row.out_of_bed:
        return "out of bed"
    return STAGES.get(row.stage, "not known")


def _sentence(rows: Sequence[Row], *, is_over: bool) -> str:
    found = Counter(where(row) for row in rows)
    listed = ", ".join(f"{count} {what}" for what, count in found.most_common())
    beds = f"{len(rows)} bed{'s' * (len(rows) != 1)}"
    return f"{beds}: {listed}. The night is over." if is_over else f"{beds}: {listed}."


def _needs(rows: Sequence[Row]) -> tuple[NeedThen, ...]:
    found = [
        NeedThen(priority=need.priority, pod=row.pod, text=need.text, since_s=need.since_s, seen_by=need.seen_by)
        for row in rows
        for need in row.needs
    ]
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.priority), each.since_s)))


def _bed(row: Row) -> BedThen:
    held = "silent for tonight: took consent back" if row.withdrawn else HELD.get(row.by_hand) or HELD.get(row.rung, "")
    who = "by a person" if row.by_hand in HELD else "by the guardian"
    return BedThen(
        pod=row.pod,
        sleeper=row.sleeper,
        where=where(row),
        held=held,
        since=who if held and not row.withdrawn else "",
    )
