"""What can happen above nights? Answers told, courses begun, cues held and let go on, figures shown by consent.

These stand in the house's record and hang on their sleeper's key.
"""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed, Sha256Hex

OutcomeMoment = Literal["evening", "morning", "before", "after", "rehearsal", "once"]
Shown = Literal["flags", "figures"]


class OutcomeTold(Event, frozen=True):
    """A sleeper answered the questions of a pack; what they answered is sealed.

    Attributes:
        pack: its name, version and language.
        on: the day of that evening or morning.
        moment: when it was asked; before and after belong to one night.
        night: by its name; "" where none is named.
    """

    sleeper: str
    pack: str
    on: str
    moment: OutcomeMoment
    night: str
    answers: Sealed | None


class CourseBegun(Event, frozen=True):
    """A course was agreed on; from here on neither its file nor its threshold changes.

    Attributes:
        course_sha256: of its file.
        clinician: who alone lets cues go on once they are held. protocol: under which; "" without.
        nightmares, nights: more than so many, in so many reported nights, hold cues.
    """

    sleeper: str
    course: str
    course_sha256: Sha256Hex
    clinician: str
    protocol: str
    nightmares: int
    nights: int


class CueingHeld(Event, frozen=True):
    """Nightmares were over the agreed threshold; nobody cues this sleeper until it is answered.

    `on` is the day of the morning that went over it.
    """

    sleeper: str
    course: str
    on: str


class CourseAnswered(Event, frozen=True):
    """The clinician of a course answered a hold; `held` is its id, why is sealed."""

    sleeper: str
    course: str
    by: str
    answer: Literal["go on", "stay held"]
    held: str
    because: Sealed | None


class OutcomesShared(Event, frozen=True):
    """What of their outcomes a sleeper lets one named person see; the newest word counts, and it may be nothing.

    `shown`: flags, that somebody should talk with them; figures, what they told as figures and tables.
    """

    sleeper: str
    person: str
    shown: tuple[Shown, ...]
