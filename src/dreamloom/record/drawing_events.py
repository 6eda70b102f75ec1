"""What can happen when a dream is drawn as well? A drawing or a photo is kept with its report until the lock, or goes.

The picture lies sealed under the sleeper's key in a file beside the house's record; here stands which one.
"""

from dreamloom.record.envelope import Event, Sha256Hex


class DrawingKept(Event, frozen=True):
    """This picture belongs to the report; one that was there before is gone. The newest holds.

    Attributes:
        ciphertext_sha256: of the sealed file, which is named by it; the lock is over this as well.
    """

    report: str
    sleeper: str
    night: str
    ciphertext_sha256: Sha256Hex


class DrawingTakenAway(Event, frozen=True):
    """The report has no picture any more, and its file is gone."""

    report: str
    sleeper: str
    night: str
