"""Who agreed to what, took it back, was asked, harmed or erased?"""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed, Sha256Hex

Severity = Literal["mild", "moderate", "severe", "serious", "life-threatening", "fatal"]
Relatedness = Literal["unrelated", "unlikely", "possible", "probable", "definite"]


class ConsentGiven(Event, frozen=True):
    """A grant, word for word as the evening check wrote it; every possible cue, so that the draw stays sealed.

    `expires` is the moment that a time on the wall was found to be when the night opened.
    """

    sleeper: str
    sheet: str
    dreamscape_sha256: str
    cues: tuple[str, ...]
    stages: tuple[str, ...]
    level_cap_db: float
    cues_per_hour: int
    rearm_after_crash: Literal["never", "once"]
    purposes: tuple[str, ...]
    relay_from: tuple[str, ...]
    relay_to: tuple[str, ...]
    expires: str


class AwakeSoundsAllowed(Event, frozen=True):
    """Beside ConsentGiven: this sleeper agreed to awake sounds of up to level_cap_db; else the cap of all holds."""

    sleeper: str
    level_cap_db: float


class EyeWithdrawalAgreed(Event, frozen=True):
    """Beside ConsentGiven: so many agreed eye signals in a row, each given twice, take this sleeper's consent back."""

    sleeper: str
    in_a_row: int


class ConsentWithdrawn(Event, frozen=True):
    """A no, by whichever way it came; told by the bed itself where it was said with the eyes, and that is its cause."""

    sleeper: str
    channel: str


class AdverseReported(Event, frozen=True):
    """In the house's record: harm was told that came to somebody who took part, whatever it came of.

    Attributes:
        night: in or after which night, by its name; "" where none is named.
        happened_on: the day.
        due_utc: until when a board must know.
        text: what happened, sealed under the sleeper's key.
    """

    sleeper: str
    night: str
    severity: Severity
    relatedness: Relatedness
    happened_on: str
    due_utc: str
    by: str
    text: Sealed | None


class StudyReleased(Event, frozen=True):
    """In the house's record: a study that harm had stopped may go on; somebody looked at that harm, and says why.

    Attributes:
        study: a trial, or what nights outside any trial play, by name.
        because: in that person's words; of nobody who took part.
        adverse: the ids of what they looked at: it stops this study no more.
    """

    study: str
    by: str
    because: str
    adverse: tuple[str, ...]


class Erased(Event, frozen=True):
    """What somebody left here was erased, logged in the same moment; counts alone, nothing of what it was.

    In the record of a night, or of the house, rows are those of that record. Leaves stay in the tree.

    Attributes:
        why: the sleeper asked for it; the time until which it is kept was over; keeping it was not agreed to.
        rows: events whose text is gone. payloads: sealed ones that are gone with them.
        files: how many of each kind go with them.
    """

    sleeper: str
    why: Literal["asked", "retention", "no keep raw"]
    rows: int
    payloads: int
    files: dict[str, int]


class ConsentChanged(Event, frozen=True):
    """In the house's record: a sleeper changed something of their consent, and was given a receipt that names this.

    Attributes:
        change: what they did. about: the night it is for; "" for all of them. sheet: what they had read; "" if nothing.
        content_sha256: of what the receipt says of it.
    """

    sleeper: str
    change: Literal["given", "withdrawn", "intake", "questions", "limits", "slip", "kept anonymised"]
    about: str
    sheet: str
    content_sha256: Sha256Hex


class IntakeAnswered(Event, frozen=True):
    """In the house's record: the questions before a first night were asked; what was answered is sealed.

    Attributes:
        care: "none"; "named clinician" where cues are for one to allow; "unanswered" where a question is open.
        clinician, protocol: who allows them, and under which; "" without.
    """

    sleeper: str
    care: Literal["none", "named clinician", "unanswered"]
    clinician: str
    protocol: str
    answers: Sealed | None


class TeachBackPassed(Event, frozen=True):
    """In the house's record: a sleeper answered the three questions on this sheet rightly; not what they answered."""

    sleeper: str
    sheet: str


class SlipIssued(Event, frozen=True):
    """In the house's record: a slip was handed out with which anybody who holds it silences this sleeper's beds."""

    sleeper: str
    code_sha256: Sha256Hex


class EligibilityTold(Event, frozen=True):
    """Whether the sleeper of this bed may be cued tonight, as the house knew when it opened; never why.

    Attributes:
        intake: as policies are asked. care: whether a named clinician must allow it. clinician: whether one does.
        protocol: under which; "" without.
    """

    sleeper: str
    intake: Literal["unanswered", "answered", "vouched", "nobody", "excluded", "untaught"]
    care: Literal["none", "named clinician", "unknown"]
    clinician: Literal["named", "none"]
    protocol: str
