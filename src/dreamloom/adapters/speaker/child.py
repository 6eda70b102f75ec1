"""How does a bed stay lawful when the engine hangs or dies? Its speaker is a process of its own, looked after here."""

import math
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import msgspec

from dreamloom.adapters.speaker import wire
from dreamloom.adapters.speaker.bits_file import BitsFile, set_bit
from dreamloom.adapters.speaker.deck import Output, failed, is_playable
from dreamloom.jukebox.cues import Sound, SoundOutcome
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime, Seconds

STALLED_S = Seconds(0.5)
"""A render heartbeat older than this is a stalled speaker: reopen it."""
START_S = Seconds(10.0)
"""How long a new process may take to its first quantum; measured 0.2 to 0.4 s on an idle machine."""
CLOSE_S = Seconds(1.5)
_NS = 1_000_000_000


class ChildSpeaker:
    """A Speaker in a child process that renders on the boot clock, silent unless the bits and the beat allow.

    Commands go through a pipe as lines of JSON, bits and beats through mapped files, so that neither a full pipe nor
    a hung engine delays silence. When this process dies the child sees the pipe end, fades and ends.
    """

    def __init__(
        self,
        bits_path: Path,
        wav_path: Path | None = None,
        *,
        now_s: NightTime,
        output: Output | None = None,
        device: wire.DeviceAsked | None = None,
    ) -> None:
        """Starts the process and returns once it renders, silent: every bit is on.

        Args:
            bits_path: the pod's bits; any process may set them.
            wav_path: where the child keeps what sounded; None keeps nothing.
            now_s: night time at this call; from here on it runs with the boot clock.
            output: the bed's sealed constants; those of an unmeasured output if left out.
            device: the output and the bed's channels on it; None renders silently in exact time.

        Raises:
            StreamError: if the process does not render within START_S.
        """
        self._zero_ns = wire.boot_ns() - round(now_s * _NS)
        self._bits_path, self._wav_path, self._output = bits_path, wav_path, output or Output()
        self._device = device
        self._bits = BitsFile(bits_path)
        self._bits.silence_all()
        self._pending: dict[str, None] = {}
        self._known: set[str] = set()
        self._done: list[SoundOutcome] = []
        self._closed = False
        self._process = self._start()
        self._await_first_quantum()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def last_sound_s(self) -> NightTime | None:
        """Night time of the end of the last frame that was not zero; None if there was none."""
        sound_ns = self._process.beats.sound_ns
        return NightTime((sound_ns - self._zero_ns) / _NS) if sound_ns else None

    @property
    def stalls(self) -> int:
        """How often the output went without frames since it was opened; 0 for a silent one."""
        return self._process.beats.stalls

    @property
    def page_age_s(self) -> Seconds:
        """How long ago a page said that its sound is unlocked; inf where none ever did, 0 once nobody plays here."""
        if self._closed:
            return Seconds(0.0)
        page_ns = self._process.beats.page_ns
        return Seconds((wire.boot_ns() - page_ns) / _NS if page_ns else math.inf)

    def page(self) -> tuple[Seconds, float, bool]:
        """How long ago a page was there, by how many dB its sleeper made it softer, and whether they paused it."""
        return self.page_age_s, *((0.0, False) if self._closed else self._process.beats.turned_down)

    def now_s(self) -> NightTime:
        """Night time on the clock the child renders by."""
        return NightTime((wire.boot_ns() - self._zero_ns) / _NS)

    def play(self, command: PlayCommand) -> None:
        """Sends a cue, and its sound when it is new to the child; never blocks. A repeated cue id sounds once."""
        if command.cue_id in self._known:
            return
        self._known.add(command.cue_id)
        if self._closed or not is_playable(command) or self._process.has_ended():
            self._done.append(failed(command.cue_id))
            return
        self._pending[command.cue_id] = None
        self._process.send(command)

    def prepare(self, sound: Sound) -> None:
        """Lays a sound ready in the child, so that its first cue does not wait for it."""
        if not self._closed and not self._process.has_ended():
            self._process.send_sound(sound)

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        """Writes the bit where the child reads it before its next quantum; works after close(), too."""
        set_bit(self._bits, bit, on=on)

    def beat(self, fresh_s: NightTime) -> None:
        """The engine is alive and has samples up to fresh_s; 2 s after the latest of these the child falls silent."""
        if not self._closed:
            fresh_ns = self._zero_ns + round(fresh_s * _NS)
            self._process.beats.engine_ns = min(max(fresh_ns, 0), wire.boot_ns())

    def heartbeat_age_s(self) -> Seconds:
        """Seconds since the child last rendered. More than STALLED_S: reopen(). A starting child has START_S."""
        return self._process.heartbeat_age_s()

    def outcomes(self) -> list[SoundOutcome]:
        """What became of cues since the last call, oldest first; cues lost with the process are failed."""
        if not self._closed:
            self._collect()
        reported, self._done = self._done, []
        return reported

    def reopen(self) -> None:
        """Ends a stalled or dead child and starts another, silent and disarmed: NOT_ARMED until somebody clears it.

        Cues the old child had are reported as failed, for nobody knows what was heard of them. Raises OSError.
        """
        if self._closed:
            return
        self._bits.set(Bit.NOT_ARMED)
        self._process.kill()
        self._collect()
        self._process.release()
        self._process = self._start()

    def close(self) -> None:
        """The child fades, reports and ends; after CLOSE_S it is killed. Afterwards no process is left."""
        if self._closed:
            return
        self._process.ask_to_end()
        give_up_s = time.monotonic() + CLOSE_S
        while not self._process.has_ended() and time.monotonic() < give_up_s:
            self._collect()
            time.sleep(0.005)
        self._process.kill()
        self._collect()
        self._process.release()
        self._closed = True

    def _collect(self) -> None:
        has_ended = self._process.has_ended()
        for outcome in self._process.reports():
            if outcome.cue_id in self._pending:
                del self._pending[outcome.cue_id]
                self._done.append(outcome)
        if has_ended:
            self._done += map(failed, self._pending)
            self._pending.clear()

    def _start(self) -> "_Process":
        return _Process(
            self._bits_path, self._wav_path, zero_ns=self._zero_ns, output=self._output, device=self._device
        )

    def _await_first_quantum(self) -> None:
        give_up_s = time.monotonic() + START_S
        while not self._process.beats.render_ns:
            if self._process.has_ended() or time.monotonic() > give_up_s:
                self.close()
                raise StreamError(
                    "DL-E262",
                    f"The speaker process for {self._bits_path} did not begin to render within {START_S:.0f} s.",
                    why="Without its render loop nobody could say when, or whether, a cue was heard.",
                    still="The bed stays silent.",
                    do="Look at the lines above, check the disk and the load of this machine, then start again.",
                )
            time.sleep(0.005)


class _Process:
    """One life of the child: its pipes, its beats and the thread that fills its command pipe."""

    def __init__(
        self,
        bits_path: Path,
        wav_path: Path | None,
        *,
        zero_ns: int,
        output: Output,
        device: wire.DeviceAsked | None,
    ) -> None:
        self._beats_file = wire.Beats.new_file()
        self.beats = wire.Beats(self._beats_file.fileno())
        self._started_ns = self.beats.engine_ns = wire.boot_ns()
        opening = wire.Opening(
            bits_path=str(bits_path),
            wav_path=str(wav_path) if wav_path else None,
            zero_ns=zero_ns,
            parent=os.getpid(),
            beats_fd=self._beats_file.fileno(),
            full_scale_db=output.full_scale_db,
            ceiling_db=output.ceiling_db,
            device=device,
        )
        self._child = _spawned(opening)
        self._lines = wire.Lines()
        self._sent: set[str] = set()
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._feeder = threading.Thread(target=_feed, args=(self._outbox, _pipe(self._child.stdin)), daemon=True)
        self._feeder.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def heartbeat_age_s(self) -> Seconds:
        now_ns, render_ns = wire.boot_ns(), self.beats.render_ns
        allowed_ns = 0 if render_ns or self.has_ended() else round(START_S * _NS)
        return Seconds(max(0, now_ns - (render_ns or self._started_ns) - allowed_ns) / _NS)

    def send(self, command: PlayCommand) -> None:
        self.send_sound(command.sound)
        self._outbox.put(wire.encode(_play(command)))

    def send_sound(self, sound: Sound) -> None:
        if sound.sha256 not in self._sent:
            self._sent.add(sound.sha256)
            self._outbox.put(wire.encode(wire.SendSound(sound.sha256, sound.frames.astype("<f4").tobytes())))

    def reports(self) -> list[SoundOutcome]:
        """Every outcome that lies in the pipe."""
        descriptor, found = _pipe(self._child.stdout).fileno(), list[SoundOutcome]()
        while chunk := _read_now(descriptor):
            found += filter(None, map(wire.outcome, self._lines.feed(chunk)))
        return found

    def ask_to_end(self) -> None:
        self._outbox.put(wire.encode(wire.Close()))

    def kill(self) -> None:
        """Ends the child if it has not ended, and waits for it."""
        self._child.kill()
        self._child.wait()

    def release(self) -> None:
        """Lets go of pipes, thread and beats of an ended child."""
        self._outbox.put(None)
        self._feeder.join()
        _pipe(self._child.stdin).close()
        _pipe(self._child.stdout).close()
        self.beats.close()
        self._beats_file.close()


def _spawned(opening: wire.Opening) -> subprocess.Popen[bytes]:
    """The child, in a session of its own: Ctrl-C on the terminal reaches the engine, which fades first."""
    program = "dreamloom.adapters.speaker.render_loop"
    child = subprocess.Popen(  # noqa: S603 - our own module, no shell, no outside text in the arguments
        [sys.executable, "-P", "-m", program, msgspec.json.encode(opening).decode()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        pass_fds=(opening.beats_fd,),
        start_new_session=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    os.set_blocking(_pipe(child.stdout).fileno(), False)
    return child


def _play(command: PlayCommand) -> wire.Play:
    return wire.Play(
        cue_id=command.cue_id,
        sha256=command.sound.sha256,
        level_db=command.level_db,
        play_at_s=command.play_at_s,
        expires_s=command.expires_s,
        silenced_by=command.silenced_by,
        arousal_fade_s=command.arousal_fade_s,
        loudness_db=command.sound.loudness_db,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the speaker process was started without its pipes")
    return pipe


def _feed(outbox: "SimpleQueue[bytes | None]", pipe: IO[bytes]) -> None:
    """Writes commands as the child takes them, so that play() never waits for it."""
    while (message := outbox.get()) is not None:
        rest = memoryview(message)
        try:
            while rest:
                rest = rest[os.write(pipe.fileno(), rest) :]
        except BrokenPipeError:
            return


def _read_now(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 2**16)
    except BlockingIOError:
        return b""
