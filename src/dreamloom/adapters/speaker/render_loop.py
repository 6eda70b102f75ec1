"""What does the speaker process do? Every 10 ms it reads bits and beats, renders, reports; without a parent it ends.

With nothing to play it rests until something comes, so that sixteen silent beds leave a small machine room to think.
"""

import hashlib
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec
import numpy as np

from dreamloom.adapters.speaker import wire
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.speaker.deck import DEAD_MAN_S, QUANTUM_FRAMES, Deck, Output, failed
from dreamloom.adapters.speaker.device_loop import DeviceLoop, prefer_this_process
from dreamloom.adapters.speaker.page_loop import PageLoop
from dreamloom.adapters.speaker.page_wire import PAGE
from dreamloom.adapters.speaker.said import Inbox, Said, Word
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, Sound
from dreamloom.ports import PlayCommand
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

CATCH_UP_FRAMES = 4_800
"""A loop that wakes this late (100 ms) renders on as a device buffer would; later, the frames between are lost."""
REST_S = Seconds(0.05)
"""How long a speaker with nothing to play waits at most for a cue before it looks around. Ours."""
_NS = 1_000_000_000


def main() -> None:
    """Renders until the parent closes the pipe or is gone."""
    opening = msgspec.json.decode(sys.argv[1], type=wire.Opening)
    inbox: Inbox = SimpleQueue()
    if opening.device is not None and opening.device.backend != PAGE:
        prefer_this_process()  # before any thread: a thread that holds the interpreter must not wait for others
    threading.Thread(target=_listen, args=(inbox,), daemon=True).start()
    try:
        _loop(opening, inbox).run()
    except StreamError as error:  # the parent finds this process ended, and tells of it in its own words
        raise SystemExit(f"{error.code} {error.what}") from error


def _loop(opening: wire.Opening, inbox: Inbox) -> "RenderLoop | DeviceLoop | PageLoop":
    if opening.device is None:
        return RenderLoop(opening, inbox)
    if opening.device.backend == PAGE:
        return PageLoop(opening, inbox)
    return DeviceLoop(opening, opening.device, inbox)


class RenderLoop:
    """A silent device that keeps exact time: frame n leaves at zero_ns + n / SOUND_RATE_HZ on the boot clock."""

    def __init__(self, opening: wire.Opening, inbox: Inbox) -> None:
        self._opening = opening
        self._inbox = inbox
        self._came: list[Word] = []
        self._beats = wire.Beats(opening.beats_fd)
        self._said = Said()
        self._deck = Deck(
            BitsFile(Path(opening.bits_path)),
            output=Output(Decibels(opening.full_scale_db), Decibels(opening.ceiling_db)),
            wav_path=Path(opening.wav_path) if opening.wav_path else None,
            next_frame=self._frame_now(),
        )

    def run(self) -> None:
        """Quantum after quantum, each at its time, until asked to close or left alone."""
        while self._take_commands() and os.getppid() == self._opening.parent:
            if self._deck.first_sound() is None:
                self._rest()
            else:
                self._sleep_until(self._deck.next_frame)
                self._render_quantum()
            self._said.say(self._deck.outcomes())
        self._leave(self._deck.next_frame, self._deck.close())
        self._said.say(self._deck.outcomes())
        self._said.finish()

    def _take_commands(self) -> bool:
        """Queues what came in; False once the parent wants no more."""
        while True:
            if not self._came and self._inbox.empty():
                return True
            message = self._came.pop() if self._came else self._inbox.get()
            if message is None:
                return False
            if isinstance(message, PlayCommand):
                self._deck.queue(message)
            else:
                self._said.say([message])

    def _rest(self) -> None:
        """Nothing is queued: waits for a word, then passes what went by as silence, in one step."""
        with suppress(Empty):
            self._came.append(self._inbox.get(timeout=REST_S))
        now_frame = self._frame_now()
        start_frame = max(self._deck.next_frame, now_frame - CATCH_UP_FRAMES)
        self._render(start_frame, max(now_frame - start_frame, 1))

    def _render_quantum(self) -> None:
        start_frame, now_frame = self._deck.next_frame, self._frame_now()
        if now_frame - start_frame > CATCH_UP_FRAMES:
            start_frame = now_frame
        self._render(start_frame, QUANTUM_FRAMES)

    def _render(self, start_frame: int, n_frames: int) -> None:
        now_ns = wire.boot_ns()
        is_fresh = now_ns - self._beats.engine_ns < DEAD_MAN_S * _NS
        self._leave(start_frame, self._deck.render(start_frame, n_frames, dead_man_ok=is_fresh))
        self._beats.render_ns = now_ns

    def _leave(self, start_frame: int, frames: PcmArray) -> None:
        """Where frames would go to a device: notes when the last one that is not zero leaves, never before now."""
        sounding = np.flatnonzero(frames)
        if len(sounding):
            due_ns = self._opening.zero_ns + start_frame * _NS // SOUND_RATE_HZ
            into_ns = (int(sounding[-1]) + 1) * _NS // SOUND_RATE_HZ
            self._beats.sound_ns = max(due_ns, wire.boot_ns()) + into_ns

    def _frame_now(self) -> int:
        return (wire.boot_ns() - self._opening.zero_ns) * SOUND_RATE_HZ // _NS

    def _sleep_until(self, frame: int) -> None:
        ahead_ns = self._opening.zero_ns + frame * _NS // SOUND_RATE_HZ - wire.boot_ns()
        if ahead_ns > 0:
            time.sleep(ahead_ns / _NS)


def _listen(inbox: Inbox) -> None:
    """Reads commands until the pipe ends; what is no command is passed over."""
    lines, sounds = wire.Lines(), dict[str, Sound]()
    while chunk := os.read(sys.stdin.fileno(), 2**16):
        for line in lines.feed(chunk):
            _obey(wire.command(line), sounds, inbox)
    inbox.put(None)


def _obey(message: wire.Command | None, sounds: dict[str, Sound], inbox: Inbox) -> None:
    match message:
        case wire.SendSound(sha256=sha256, frames=frames):
            if hashlib.sha256(frames).hexdigest() == sha256 and len(frames) % 4 == 0:
                sounds[sha256] = Sound(name="", sha256=sha256, frames=np.frombuffer(frames, dtype="<f4"))
        case wire.Play(cue_id=cue_id):
            sound = sounds.get(message.sha256)
            inbox.put(failed(cue_id) if sound is None else _play(message, sound))
        case wire.Close():
            inbox.put(None)


def _play(message: wire.Play, sound: Sound) -> PlayCommand:
    return PlayCommand(
        cue_id=message.cue_id,
        sound=replace(sound, loudness_db=Decibels(message.loudness_db)),
        level_db=Decibels(message.level_db),
        play_at_s=NightTime(message.play_at_s),
        expires_s=NightTime(message.expires_s),
        silenced_by=message.silenced_by,
        arousal_fade_s=None if message.arousal_fade_s is None else Seconds(message.arousal_fade_s),
    )


if __name__ == "__main__":
    main()
