"""Was somebody lawfully woken? Awakenings and their sounds, by the record and by code that shares none with pods."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reports import awakenings_of
from dreamloom.dreamscape.waking import Awakening
from dreamloom.record.events import AwakeningDue, AwakeningMade, ConsentGiven, CueDue, LeaseGranted

FIRST, LAST = -300, -399
WORDS_WITHIN_S = 61.0
PATIENCE_S, MORNING_PATIENCE_S = 120.0, 900.0
"""Behind the ramp."""


@dataclass(slots=True)
class Woken:
    """What the record holds of one bed's awakenings."""

    ringing: int | None = None
    since_s: float = 0.0
    made: dict[int, AwakeningMade] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    last_due_s: dict[int, float] = field(default_factory=dict)
    report_until_s: float = float("-inf")
    is_over: bool = False

    def hear(self, event: AwakeningDue | AwakeningMade) -> None:
        """One of them began, or ended."""
        if isinstance(event, AwakeningDue):
            self.ringing, self.since_s = event.awakening, event.onset_s
            self.counts[event.awakening] = self.counts.get(event.awakening, 0) + 1
            self.last_due_s[event.awakening] = event.onset_s
            self.is_over = self.is_over or event.manner == "morning"
        else:
            self.ringing, self.made[event.awakening] = None, event
            self.report_until_s = event.onset_s + event.report_s

    def keeps_quiet(self, now_s: float) -> bool:
        """True while no part may play."""
        return self.ringing is not None or self.is_over or now_s < self.report_until_s


def is_of_waking(part: int) -> bool:
    """True for a cue that wakes somebody, or is for somebody who was woken."""
    return LAST <= part <= FIRST


def wrongly_begun(event: AwakeningDue, woken: Woken, dreamscape: Dreamscape, consent: ConsentGiven | None) -> list[str]:
    """Every rule that this awakening broke when it began; its gate apart."""
    asked, wrong = awakenings_of(dreamscape)[event.awakening], []
    if consent is None or "wake" not in consent.purposes:
        wrong.append("CONSENT")
    if woken.keeps_quiet(event.onset_s):
        wrong.append("AWAKENING")
    if event.reason == "BY_HAND":  # a person's word counts for as often as it is given
        return wrong
    if woken.counts.get(event.awakening, 0) >= (1 if asked.kind == "morning" else asked.times or 1):
        wrong.append("BUDGET")
    before_s = woken.last_due_s.get(event.awakening)
    if before_s is not None and asked.apart is not None and event.onset_s - before_s < asked.apart.at_least_s:
        wrong.append("REFRACTORY")
    return wrong


def wrongly_sounded(
    cue: CueDue, woken: Woken, dreamscape: Dreamscape, *, consent: ConsentGiven | None, lease: LeaseGranted | None
) -> Iterator[str]:
    """Every rule of its own that a sound of an awakening broke; what holds any bed is judged elsewhere."""
    index = FIRST - cue.part
    asked = awakenings_of(dreamscape)[index]
    if consent is None or not {"cue", "wake"} <= {*consent.purposes} or cue.cue not in consent.cues:
        yield "CONSENT"
    if cue.sound_class != "awake":
        yield "STAGE"
    if not (_rings(cue, asked, index, woken) or _speaks(cue, asked, woken.made.get(index))):
        yield "GATE"
    if lease is None or lease.sound_class != "awake" or lease.cues.get(cue.cue) != cue.cue_sha256:
        yield "LEASE"
        return
    if cue.onset_s < lease.not_before_s or cue.play_at_s >= lease.not_after_s:
        yield "LEASE"


def _rings(cue: CueDue, asked: Awakening, index: int, woken: Woken) -> bool:
    patience_s = MORNING_PATIENCE_S if asked.kind == "morning" else PATIENCE_S
    ramp_s = asked.ramp.over_s if asked.ramp else 0.0
    return woken.ringing == index and cue.cue == asked.cue and cue.onset_s - woken.since_s <= ramp_s + patience_s


def _speaks(cue: CueDue, asked: Awakening, made: AwakeningMade | None) -> bool:
    if made is None or made.how == "GAVE_UP":
        return False
    prompt = asked.report.prompt if asked.report else None
    told_s = max(asked.report.record_s if asked.report else 0.0, asked.awake_for_s or 0.0)
    since_s = cue.onset_s - made.onset_s
    return (cue.cue == prompt and 0 <= since_s <= WORDS_WITHIN_S) or (
        cue.cue == asked.before_sleep and told_s <= since_s <= told_s + WORDS_WITHIN_S
    )
