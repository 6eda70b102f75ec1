"""How do samples of a page, or of a laptop that joined, reach the night? Through the bed's own door of samples.

What a night does not ask for is dropped here: there is no door then.
"""

import asyncio
from contextlib import suppress

import msgspec

from dreamloom.adapters import sample_wire
from dreamloom.adapters.sample_wire import Samples
from dreamloom.adapters.speaker import page_wire
from dreamloom.house.layout import PodFolder

KNOCK_EVERY_S = 0.5
MOST_WAITING = 2**18
"""Bytes that a night may be behind; then newer ones are dropped until it has caught up. Ours."""


class SamplesLine:
    """One sender's way to the night that listens, which comes and goes."""

    def __init__(self, at_bed: PodFolder) -> None:
        self._at_bed = at_bed
        self._to_bed: asyncio.StreamWriter | None = None
        self._standing: asyncio.Task[None] | None = None

    def pass_on(self, samples: Samples) -> None:
        """To whoever listens; the first ones find the door."""
        if self._standing is None:
            self._standing = asyncio.create_task(self._stand())
        if self._to_bed is not None and self._to_bed.transport.get_write_buffer_size() < MOST_WAITING:
            self._to_bed.write(msgspec.json.encode(samples) + b"\n")

    async def close(self) -> None:
        """Leaves the door."""
        if self._standing is not None:
            self._standing.cancel()
            await asyncio.gather(self._standing, return_exceptions=True)

    async def _stand(self) -> None:
        """Inside until the night ends or somebody newer stands there; then at the door again, as a page does."""
        while True:
            door = await asyncio.to_thread(page_wire.door_of, self._at_bed.root, sample_wire.DOOR)
            if door is not None:
                with suppress(OSError):
                    if await self._inside(door):
                        return
            await asyncio.sleep(KNOCK_EVERY_S)

    async def _inside(self, door: page_wire.Door) -> bool:
        """True when another sender has taken this one's place."""
        reader, writer = await asyncio.open_connection(page_wire.LOOPBACK, door.port)
        try:
            writer.write(door.secret.encode() + b"\n")
            self._to_bed = writer
            while line := await reader.readline():
                if line == page_wire.to_page(page_wire.End("replaced")):
                    return True
        finally:
            self._to_bed = None
            writer.close()
        return False
