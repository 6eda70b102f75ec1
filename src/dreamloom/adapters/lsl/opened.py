"""What is in hand once a stream was found, described itself and sends; or is known, and still sought?"""

from dataclasses import dataclass
from typing import Any

from dreamloom.adapters.lsl.asked import LslAsked
from dreamloom.adapters.lsl.connection import Connection, Pulled
from dreamloom.adapters.lsl.horizon import Horizon
from dreamloom.adapters.lsl.identity import Announced
from dreamloom.adapters.lsl.layout import Described, Layout
from dreamloom.adapters.lsl.offset import Measured


@dataclass(frozen=True, slots=True)
class Opened:
    """One stream that is being listened to and not yet put on the night's time.

    Attributes:
        identity: the device this bed is held to.
        described: its channels, in its own words.
        connection: None while it is sought; it was there in an earlier opening of this night.
        first: came while it was opened.
    """

    pylsl: Any
    asked: LslAsked
    horizon: Horizon
    identity: Announced
    described: Described
    layout: Layout
    connection: Connection | None = None
    measured: Measured | None = None
    first: tuple[Pulled, ...] = ()

    def close(self) -> None:
        """For a night that does not begin."""
        if self.connection is not None:
            self.connection.close()
        self.horizon.leave()
