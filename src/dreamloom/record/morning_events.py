"""What can happen in a morning? What was told, that it was locked, what was answered, shown and allowed.

These stand in the house's record, by the name of the night; "" where a morning followed no night of the house.
"""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed, Sha256Hex

Recall = Literal["none", "white", "content"]
"""Nothing was dreamt as far as is known; there was a dream, and it is gone; something is recalled."""
Channel = Literal["page", "terminal", "intercom", "paper"]
AwakenedBy = Literal["morning", "probe", "itself"]
InterviewStep = Literal["probes", "guess", "outcome"]
SharedFor = Literal["statistics", "weave", "gallery", "judges"]


class DreamReported(Event, frozen=True):
    """A free report, or what was added to it before it was locked; that nothing is recalled is a report as well.

    Attributes:
        report: its name, 32 hexadecimal digits, made where it was told.
        piece: from 0; at most two more, each to the question whether there is anything else.
        dreamt_on: the day of the morning, where it was told.
        protocol: how it was asked for, with its version.
        language: such as "en"; "" where nobody said.
        told_utc: by the clock of whatever it was told to.
        words: how many.
        text: sealed under the sleeper's key; of no words, too.
    """

    report: str
    piece: int
    sleeper: str
    night: str
    dreamt_on: str
    channel: Channel
    awakened_by: AwakenedBy
    recall: Recall
    protocol: str
    language: str
    told_utc: str
    words: int
    text: Sealed | None


class ReportLocked(Event, frozen=True):
    """From here on nothing is added to this report; nothing named a theme to its sleeper before.

    Attributes:
        sha256: over the hashes of the ciphertexts of its pieces, in their order, and of its drawing where it has one.
        came: LATE when its group had been told the theme; such a report stays out of every test.
    """

    report: str
    sleeper: str
    night: str
    pieces: int
    sha256: Sha256Hex
    came: Literal["IN_TIME", "LATE"]


class InterviewAnswered(Event, frozen=True):
    """What was asked behind the lock, and answered; sealed under the sleeper's key."""

    report: str
    sleeper: str
    night: str
    step: InterviewStep
    answers: Sealed | None


class ThemeRevealed(Event, frozen=True):
    """This sleeper was told what the night was about: all had locked, or it was time."""

    report: str
    sleeper: str
    night: str
    why: Literal["ALL_LOCKED", "DEADLINE"]


class ReportShared(Event, frozen=True):
    """What this report may be used for from here on; nothing means it stays private. The newest holds."""

    report: str
    sleeper: str
    night: str
    scopes: tuple[SharedFor, ...]


class TestsRegistered(Event, frozen=True):
    """What will be tested of a night was chosen before it, and is known by its hash; later choices do not count.

    Attributes:
        by: who chose.
        sha256: of the registration.
        seals: of targets that were drawn, each the SHA-256 of its salt and its name.
        targets: the four of each draw, which was drawn and its salt, sealed under the house's key.
    """

    night: str
    by: str
    sha256: Sha256Hex
    seals: tuple[Sha256Hex, ...]
    targets: Sealed | None


class PassagesAgreed(Event, frozen=True):
    """What of this report is hidden where it is woven, and which passages may be told under which name; newest holds.

    Attributes:
        answers: all of it, sealed under the sleeper's key.
    """

    report: str
    sleeper: str
    night: str
    answers: Sealed | None


class WeaveMade(Event, frozen=True):
    """A story was woven of the reports of a night, or woven anew without what was taken back; its text is not here.

    Attributes:
        gone_sha256: of the one that it stands in for; "" for none. What that said is told nowhere any more.
        reports, threads: how many it was woven of, and into how many threads.
    """

    night: str
    form: str
    seed: int
    sha256: Sha256Hex
    gone_sha256: str
    reports: int
    threads: int


class ThreadRatified(Event, frozen=True):
    """Whether a thread speaks for this sleeper; the newest holds, and for these words alone.

    Attributes:
        thread_sha256: of the words of the thread.
    """

    night: str
    sleeper: str
    thread_sha256: Sha256Hex
    says: Literal["yes", "no", "pass"]


class CircleSaid(Event, frozen=True):
    """Something was added to what a night's dreamers repair together; its words lie sealed beside the night.

    Attributes:
        entry: its name, 32 hexadecimal digits.
        after: behind which passage of the weave a bridge stands, by the hash of its span; to which entry an answer is.
    """

    night: str
    sleeper: str
    entry: str
    manner: Literal["bridge", "answer"]
    after: str
    words: int
    ciphertext_sha256: Sha256Hex


class CircleRetracted(Event, frozen=True):
    """Its author took this entry back: its words are gone, and stand nowhere any more."""

    night: str
    sleeper: str
    entry: str
