"""Who is heard by whom right now? Pages and whoever talks or listens meet here; sound is passed on and kept nowhere.

What is behind is dropped, so that nobody hears what was said a while ago, and words between both sides never are.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

import msgspec

from dreamloom.house import voices
from dreamloom.house.voice_refusals import refused
from dreamloom.house.voices import Use
from dreamloom.record.room_events import Aloud, EndOfVoice

RATE_HZ = 16_000
LONGEST_FRAME = 4096
"""Bytes: an eighth of a second of 16 bits at RATE_HZ. Ours."""
BYTES_A_S = 2 * RATE_HZ
MOST_AHEAD_S = 1.0
MOST_KEPT = 25
"""Frames that wait for a slow line before the oldest goes: half a second of 20 ms each. Ours."""


class Voice(msgspec.Struct, frozen=True, tag="voice", tag_field="t", kw_only=True):
    """Said to the pages of a room: somebody is about to be heard, or hears it.

    Attributes:
        here: whether this page is the one whose microphone or sound it is.
        loudest: the gain above which no sample may be.
    """

    use: str
    way: Aloud
    by: str
    here: bool
    loudest: float


class VoiceOver(msgspec.Struct, frozen=True, tag="voice_over", tag_field="t"):
    """It is over."""

    use: str
    why: EndOfVoice


class Standing(msgspec.Struct, frozen=True, tag="standing", tag_field="t"):
    """It goes on, and for how long at most; whoever hears this no more ends it."""

    left_s: float


class Open(msgspec.Struct, frozen=True, tag="open", tag_field="t"):
    """The bed's page is ready, and the record tells of it: from here on somebody is heard."""

    way: Aloud
    left_s: float


class Over(msgspec.Struct, frozen=True, tag="over", tag_field="t"):
    """Nobody is heard any more."""

    why: EndOfVoice


Word = Voice | VoiceOver | Standing | Open | Over
Say = Callable[[Word], Awaitable[None]]


class Outbox:
    """What goes down one line: words whole and in order, sound as far as the line keeps up."""

    def __init__(self) -> None:
        self._words: deque[Word] = deque()
        self._frames: deque[bytes] = deque(maxlen=MOST_KEPT)
        self._some = asyncio.Event()

    def say(self, word: Word) -> None:
        """Before any sound that waits."""
        self._words.append(word)
        self._some.set()

    def pass_on(self, frame: bytes) -> None:
        """The oldest that still waits goes where there is no room."""
        self._frames.append(frame)
        self._some.set()

    async def next(self) -> Word | bytes:
        """What is to be sent next, once there is something."""
        while not self._words and not self._frames:
            self._some.clear()
            await self._some.wait()
        return self._words.popleft() if self._words else self._frames.popleft()


class Crossing:
    """One use, from when it is let through until it ends."""

    def __init__(self, use: Use) -> None:
        self.use = use
        self.to_page, self.to_staff = Outbox(), Outbox()
        self.ready = asyncio.Event()
        self.ended: asyncio.Future[EndOfVoice] = asyncio.get_running_loop().create_future()
        self.since_s: float | None = None
        self._budget_s = {"page": monotonic(), "staff": monotonic()}

    @property
    def left_s(self) -> float:
        """For how long it may still go on."""
        since_s = monotonic() if self.since_s is None else self.since_s
        return float(voices.LASTS_S) - (monotonic() - since_s)

    @property
    def lasted_s(self) -> float:
        """For how long voices could pass; 0 where they never could."""
        return 0.0 if self.since_s is None else monotonic() - self.since_s

    def end(self, why: EndOfVoice) -> None:
        """The first reason stands."""
        if not self.ended.done():
            self.ended.set_result(why)

    def open(self) -> None:
        """From here on sound passes; both sides are told."""
        self.since_s = monotonic()
        for side in (self.to_page, self.to_staff):
            side.say(Open(way=self.use.way, left_s=self.left_s))

    def stands(self) -> None:
        """Tells both sides that it goes on."""
        for side in (self.to_page, self.to_staff):
            side.say(Standing(left_s=self.left_s))

    def from_staff(self, frame: bytes) -> None:
        """Sound of whoever talks; of one who listens nothing is passed on."""
        if self._may_pass("talk", "staff", frame):
            self.to_page.pass_on(frame)

    def from_page(self, frame: bytes) -> None:
        """Sound of the room; of one that is talked to nothing is passed on."""
        if self._may_pass("listen", "page", frame):
            self.to_staff.pass_on(frame)

    def _may_pass(self, way: Aloud, side: str, frame: bytes) -> bool:
        is_sound = 0 < len(frame) <= LONGEST_FRAME and len(frame) % 2 == 0
        if not is_sound or self.use.way != way or self.since_s is None or self.ended.done():
            return False
        behind_s = max(self._budget_s[side], monotonic() - MOST_AHEAD_S)
        until_s = behind_s + len(frame) / BYTES_A_S
        if until_s > monotonic() + MOST_AHEAD_S:  # faster than anybody talks
            return False
        self._budget_s[side] = until_s
        return True


class VoiceDesk:
    """The pages that are there, and the uses that go on."""

    def __init__(self) -> None:
        self._pages: dict[str, Say] = {}
        self._crossings: dict[str, Crossing] = {}
        self._asked: set[str] = set()

    def arrived(self, pod: str, say: Say) -> None:
        """A bed's page came; the newest one is the bed's."""
        self._pages[pod] = say

    def left(self, pod: str, say: Say) -> None:
        """That page is gone, and with it whatever went through it."""
        if self._pages.get(pod) != say:
            return
        del self._pages[pod]
        found = self._crossings.get(pod)
        if found is not None:
            found.end("LOST")

    def at(self, pod: str) -> Crossing | None:
        """What goes on at this bed."""
        return self._crossings.get(pod)

    def enough(self, pod: str) -> None:
        """Somebody in the room of this bed wants it to end."""
        for crossing in self._crossings.values():
            if pod in {crossing.use.pod, *crossing.use.room}:
                crossing.end("SLEEPER")

    def reserve(self, beds: tuple[str, ...]) -> None:
        """Nobody else begins in this room until it is given back; raises RefusedError DL-E775 where somebody has."""
        if self._asked & {*beds}:
            raise refused("IN_USE", beds[0])
        self._asked |= {*beds}

    def give_back(self, beds: tuple[str, ...]) -> None:
        """The room is free again."""
        self._asked -= {*beds}

    async def begin(self, use: Use) -> Crossing:
        """Tells the pages of the room; raises RefusedError DL-E773 where the bed has none."""
        if use.pod not in self._pages:
            raise refused("NOT_READY", use.pod)
        crossing = self._crossings[use.pod] = Crossing(use)
        await self._tell(
            use,
            lambda pod: Voice(use=use.use, way=use.way, by=use.by, here=pod == use.pod, loudest=use.loudest),
        )
        return crossing

    async def over(self, use: Use, why: EndOfVoice) -> None:
        """Tells the pages of the room that it ended."""
        self._crossings.pop(use.pod, None)
        await self._tell(use, lambda _: VoiceOver(use=use.use, why=why))

    async def _tell(self, use: Use, word: Callable[[str], Word]) -> None:
        for pod in (use.pod, *use.room):
            say = self._pages.get(pod)
            if say is not None:
                await _said(say, word(pod))


async def _said(say: Say, word: Word) -> None:
    try:
        await say(word)
    except (RuntimeError, OSError):  # it is going away, which its own line tells
        return
