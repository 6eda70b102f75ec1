"""What is in hand once a stream was found, described itself and sends?"""

from dataclasses import dataclass
from typing import Any

from dreamloom.adapters.lsl.asked import LslAsked
from dreamloom.adapters.lsl.connection import Connection, Pulled
from dreamloom.adapters.lsl.horizon import Horizon
from dreamloom.adapters.lsl.layout import Layout
from dreamloom.adapters.lsl.offset import Measured


@dataclass(frozen=True, slots=True)
class Opened:
    """One stream that is being listened to and not yet put on the night's time; `first` came while it was opened."""

    pylsl: Any
    asked: LslAsked
    horizon: Horizon
    connection: Connection
    layout: Layout
    measured: Measured
    first: tuple[Pulled, ...]

    def close(self) -> None:
        """For a night that does not begin."""
        self.connection.close()
        self.horizon.leave()
