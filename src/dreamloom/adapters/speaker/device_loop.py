"""What does the speaker process do with a real output? Renders when the device asks; keeps and reports beside that."""

import gc
import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np

from dreamloom.adapters.speaker import outputs, wire
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.speaker.deck import DEAD_MAN_S, Deck, Heard, Keeper, Output, failed, is_playable
from dreamloom.adapters.speaker.device_clock import DeviceClock
from dreamloom.adapters.speaker.said import Inbox, Said
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, SoundOutcome
from dreamloom.ports import PlayCommand
from dreamloom.vocabulary.units import Decibels

SLIP_FRAMES = 48
"""Night time and the device's may lie so far apart (1 ms) before silence is lengthened or shortened to join them."""
TORN_FRAMES = SOUND_RATE_HZ // 10
"""What sounds goes on over a shorter silence of the device; over a longer one (100 ms) it is cut."""
LOOK_S = 0.005
FADE_S = 0.3
NICENESS = -11
"""What sound servers ask for themselves; refused to most users, and done without then."""
REAL_TIME_PRIORITY = 5
"""The same for the scheduler; as PulseAudio's own, below what the system keeps for itself."""
_NS = 1_000_000_000


class DeviceLoop:
    """One bed's stream on one device, open as long as this process lives.

    The device's own thread renders and never waits: no disk, no pipe, no lock. This one takes commands to it and its
    outcomes from it.
    """

    def __init__(self, opening: wire.Opening, asked: wire.DeviceAsked, inbox: Inbox) -> None:
        self._opening = opening
        self._asked = asked
        self._inbox = inbox
        self._beats = wire.Beats(opening.beats_fd)
        self._said = Said()
        self._commands: SimpleQueue[PlayCommand] = SimpleQueue()
        self._heard: SimpleQueue[Heard] = SimpleQueue()
        latency_frames = round(asked.latency_s * SOUND_RATE_HZ)
        self._clock = DeviceClock(latency_frames=latency_frames)
        self._keeper = Keeper(Path(opening.wav_path)) if opening.wav_path else None
        self._deck = Deck(
            BitsFile(Path(opening.bits_path)),
            output=Output(Decibels(opening.full_scale_db), Decibels(opening.ceiling_db)),
            wav_path=None,
            next_frame=self._frame_now(),
        )
        self._is_closing = False
        self._rest: PcmArray | None = None

    def run(self) -> None:
        """Until asked to close or left alone; raises StreamError when the device cannot be opened."""
        device = outputs.Device(self._asked.id, self._asked.id, self._asked.channels, self._asked.backend)
        with outputs.playing(device, self._fill()):
            while self._pass_commands() and os.getppid() == self._opening.parent:
                self._keep_and_say()
            self._fade()
        self._keep_and_say()
        if self._keeper is not None:
            self._keeper.close()
        self._said.finish()

    def _pass_commands(self) -> bool:
        """Waits a moment for a command and passes it on; False once the parent wants no more."""
        try:
            message = self._inbox.get(timeout=LOOK_S)
        except Empty:
            return True
        if isinstance(message, PlayCommand):
            if not is_playable(message):
                message = failed(message.cue_id)
            else:
                if self._keeper is not None:
                    self._keeper.expect(message)
                self._commands.put(message)
                return True
        if isinstance(message, SoundOutcome):
            self._said.say([message])
        return message is not None

    def _keep_and_say(self) -> None:
        with suppress(Empty):
            while True:
                heard = self._heard.get_nowait()
                if self._keeper is not None:
                    self._keeper.keep(heard)
                self._said.say(_by_callback_clock(heard.outcomes))
        self._said.say([])

    def _fade(self) -> None:
        """Lets the device take the last fade, if it still takes anything."""
        self._is_closing = True
        give_up_s = time.monotonic() + FADE_S
        while (self._rest is None or len(self._rest)) and time.monotonic() < give_up_s:
            time.sleep(LOOK_S)
        time.sleep(outputs.BUFFER_FRAMES / SOUND_RATE_HZ)

    def _fill(self) -> outputs.Fill:
        """The device's thread: as many frames as it asks for, each time it asks."""
        n_frames = yield np.zeros((0, self._asked.channels), dtype=np.float32)
        while True:
            frames = self._closing(n_frames) if self._is_closing else self._render(n_frames)
            n_frames = yield outputs.placed(frames, channels=self._asked.on, of=self._asked.channels)

    def _render(self, n_frames: int) -> PcmArray:
        now_ns = wire.boot_ns()
        with suppress(Empty):
            while True:
                self._deck.queue(self._commands.get_nowait())
        heard_frame = self._clock.take(self._frame_at(now_ns), n_frames)
        is_fresh = now_ns - self._beats.engine_ns < DEAD_MAN_S * _NS
        heard = self._hear(heard_frame, n_frames, dead_man_ok=is_fresh)
        if self._clock.is_steady:
            self._beats.render_ns = now_ns
        self._beats.stalls = self._clock.stalls
        if heard is None:
            return np.zeros(n_frames, dtype=np.float32)
        self._tell(heard)
        return heard.frames

    def _hear(self, heard_frame: int, n_frames: int, *, dead_man_ok: bool) -> Heard | None:
        """The deck's next frames; while it is silent, joined to the device's time. None: the device is to wait."""
        start_frame = self._deck.next_frame
        slip = heard_frame - start_frame
        if self._deck.is_sounding:
            if slip > TORN_FRAMES:
                start_frame = heard_frame
        elif slip > SLIP_FRAMES:
            start_frame = heard_frame
        elif slip < -SLIP_FRAMES:
            return None
        return self._deck.hear(start_frame, n_frames, dead_man_ok=dead_man_ok)

    def _closing(self, n_frames: int) -> PcmArray:
        if self._rest is None:
            heard = self._deck.hear_close()
            self._tell(heard)
            self._rest = heard.frames
        piece, self._rest = self._rest[:n_frames], self._rest[n_frames:]
        return np.concatenate((piece, np.zeros(n_frames - len(piece), dtype=np.float32)))

    def _tell(self, heard: Heard) -> None:
        if heard.sounded or heard.outcomes:
            self._heard.put(heard)
        sounding = np.flatnonzero(heard.frames)
        if len(sounding):
            heard_ns = (heard.start_frame + int(sounding[-1]) + 1) * _NS // SOUND_RATE_HZ
            self._beats.sound_ns = self._opening.zero_ns + heard_ns

    def _frame_now(self) -> int:
        return self._frame_at(wire.boot_ns())

    def _frame_at(self, at_ns: int) -> int:
        return (at_ns - self._opening.zero_ns) * SOUND_RATE_HZ // _NS


def prefer_this_process() -> None:
    """As far as this user may: before other processes, without pauses for tidying, and quick to change threads."""
    gc.collect()
    gc.freeze()
    gc.disable()  # a render makes no cycles; a collection in the device's thread would be a pause
    sys.setswitchinterval(0.0005)
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    with suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REAL_TIME_PRIORITY))


def _by_callback_clock(outcomes: Iterable[SoundOutcome]) -> list[SoundOutcome]:
    return [
        replace(outcome, verified="callback clock") if outcome.verified == "render clock" else outcome
        for outcome in outcomes
    ]
