"""What does the speaker process do for a page in a browser? Passes cues, bits and beats on, and reports what it says.

The page keeps the last gate: it has the bits, a time after which silence is due whatever becomes of the network, and
the sound itself by its content. This process never waits for it, and tells of every cue in any case.
"""

import os
from pathlib import Path
from queue import Empty
from typing import NamedTuple

import numpy as np

from dreamloom.adapters.speaker import page_wire, wire
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.speaker.deck import DEAD_MAN_S, Heard, Keeper, failed, is_playable
from dreamloom.adapters.speaker.said import Inbox, Said
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, SoundOutcome
from dreamloom.jukebox.levels import gain
from dreamloom.jukebox.mixer import frame_at
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import EVERY_BIT, silencing
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond

LOOK_S = 0.01
TELL_EVERY_NS = 100_000_000
"""How often the page is told what holds, if nothing changes: this also wakes a page that is hidden. Ours."""
LATE_WORD_S = Seconds(10.0)
"""A page that was cut off may still tell so long after a cue; then it is failed, for nobody knows what was heard."""
_NS = 1_000_000_000


class _Pending(NamedTuple):
    command: PlayCommand
    line: bytes
    gain: float
    was_sent: bool

    def gives_up_s(self) -> float:
        """Night time at which nothing more is waited for."""
        if not self.was_sent:
            return self.command.expires_s
        begins_s = max(self.command.play_at_s, self.command.expires_s)
        return begins_s + len(self.command.sound.frames) / SOUND_RATE_HZ + LATE_WORD_S


class PageLoop:
    """One bed's sound on a page, for as long as this process lives."""

    def __init__(self, opening: wire.Opening, inbox: Inbox) -> None:
        self._opening = opening
        self._inbox = inbox
        self._beats = wire.Beats(opening.beats_fd)
        self._said = Said()
        self._bits = BitsFile(Path(opening.bits_path))
        self._keeper = Keeper(Path(opening.wav_path)) if opening.wav_path else None
        self._ceiling = gain(Decibels(opening.ceiling_db), full_scale_db=Decibels(opening.full_scale_db))
        self._pending: dict[str, _Pending] = {}
        self._told: tuple[int, float] | None = None
        self._told_ns = 0

    def run(self) -> None:
        """Until asked to close or left alone."""
        threshold = page_wire.Threshold(Path(self._opening.bits_path).with_name(page_wire.DOOR))
        try:
            while self._turn(threshold) and os.getppid() == self._opening.parent:
                self._said.say([])
            threshold.say(page_wire.to_page(page_wire.End("closed")))
            self._close()
        finally:
            threshold.close()
        self._said.finish()

    def _turn(self, threshold: page_wire.Threshold) -> bool:
        """One look at everything; False once the parent wants no more."""
        goes_on = self._pass_commands(threshold)
        lines, is_new = threshold.look()
        if is_new:
            self._told = None
            self._tell(threshold)
            self._send_again(threshold)
        for line in lines:
            self._hear(line, threshold)
        self._tell(threshold)
        self._give_up()
        self._beats.render_ns = wire.boot_ns()
        return goes_on

    def _pass_commands(self, threshold: page_wire.Threshold) -> bool:
        try:
            message = self._inbox.get(timeout=LOOK_S)
            while True:
                if message is None:
                    return False
                if isinstance(message, SoundOutcome):
                    self._said.say([message])
                else:
                    self._take(message, threshold)
                message = self._inbox.get_nowait()
        except Empty:
            return True

    def _take(self, command: PlayCommand, threshold: page_wire.Threshold) -> None:
        if not is_playable(command):
            self._said.say([failed(command.cue_id)])
            return
        linear = gain(
            command.level_db,
            full_scale_db=Decibels(self._opening.full_scale_db),
            loudness_db=command.sound.loudness_db,
        )
        linear = min(linear, self._ceiling)
        pending = _Pending(command, self._line(command, linear), linear, threshold.is_visited)
        self._pending[command.cue_id] = pending
        self._tell(threshold)
        threshold.say(pending.line)

    def _line(self, command: PlayCommand, linear: float) -> bytes:
        return page_wire.to_page(
            page_wire.Cue(
                cue_id=command.cue_id,
                sha256=command.sound.sha256,
                frames=len(command.sound.frames),
                gain=linear,
                at_s=self._boot_s(command.play_at_s),
                expires_s=self._boot_s(command.expires_s),
                heeds=command.silenced_by,
                fade_s=command.arousal_fade_s,
            )
        )

    def _send_again(self, threshold: page_wire.Threshold) -> None:
        """To a page that has just come: what may still begin. What has begun it tells by itself, if it knows."""
        now_s = self._night_s(wire.boot_ns())
        for cue_id, pending in self._pending.items():
            if now_s < pending.command.expires_s:
                threshold.say(pending.line)
                self._pending[cue_id] = pending._replace(was_sent=True)

    def _tell(self, threshold: page_wire.Threshold) -> None:
        """What holds, at once when a bit changed, else ten times a second."""
        now_ns = wire.boot_ns()
        state = self._mask(), self._beats.engine_ns / _NS + DEAD_MAN_S
        is_same = self._told is not None and self._told[0] == state[0]
        if is_same and now_ns - self._told_ns < TELL_EVERY_NS:
            return
        self._told, self._told_ns = state, now_ns
        threshold.say(page_wire.to_page(page_wire.State(*state, ceiling=self._ceiling)))

    def _mask(self) -> int:
        table = self._bits.read()
        return sum(1 << bit for bit in silencing(table)) & EVERY_BIT

    def _hear(self, line: bytes, threshold: page_wire.Threshold) -> None:
        match page_wire.from_page(line):
            case page_wire.Alive(armed=True, lowered_db=lowered_db, paused=paused):
                self._beats.page_ns = wire.boot_ns()
                self._beats.turned_down = lowered_db, paused
            case page_wire.Became(cue_id=cue_id) as became:
                threshold.say(page_wire.to_page(page_wire.Noted(cue_id)))
                pending = self._pending.pop(cue_id, None)
                if pending is not None:
                    self._report(self._outcome(became, pending.command), pending)
            case _:
                return

    def _outcome(self, became: page_wire.Became, command: PlayCommand) -> SoundOutcome:
        """What the page says, as far as it can be true."""
        longest_s = to_microsecond(len(command.sound.frames) / SOUND_RATE_HZ)
        if became.status != "played" or became.actual_s is None:
            status = "failed" if became.status == "played" else became.status
            none_s = Seconds(0.0)
            return SoundOutcome(
                became.cue_id, status, None, none_s, cut=False, bits=became.bits, verified="callback clock"
            )
        return SoundOutcome(
            cue_id=became.cue_id,
            status="played",
            actual_s=NightTime(to_microsecond(became.actual_s - self._opening.zero_ns / _NS)),
            heard_s=Seconds(min(max(to_microsecond(became.heard_s), 0.0), longest_s)),
            cut=became.cut,
            bits=became.bits,
            verified="callback clock",
        )

    def _report(self, outcome: SoundOutcome, pending: _Pending) -> None:
        if self._keeper is not None and outcome.actual_s is not None:
            self._keeper.expect(pending.command)
            self._keeper.keep(_as_heard(outcome, pending.command.sound.frames, pending.gain))
        self._said.say([outcome])

    def _give_up(self) -> None:
        now_s = self._night_s(wire.boot_ns())
        for cue_id in [cue_id for cue_id, pending in self._pending.items() if now_s > pending.gives_up_s()]:
            del self._pending[cue_id]
            self._said.say([failed(cue_id)])

    def _close(self) -> None:
        """What is on its way ends with the night: a page that is told so fades."""
        now_s = self._night_s(wire.boot_ns())
        for cue_id, pending in self._pending.items():
            waits = now_s < pending.command.play_at_s
            self._said.say([_closed(cue_id) if waits else _cut_at(pending.command, NightTime(now_s))])
        if self._keeper is not None:
            self._keeper.close()

    def _boot_s(self, night_s: NightTime) -> float:
        return self._opening.zero_ns / _NS + night_s

    def _night_s(self, boot_ns: int) -> float:
        return (boot_ns - self._opening.zero_ns) / _NS


def _closed(cue_id: str) -> SoundOutcome:
    return SoundOutcome(cue_id, "silenced", None, Seconds(0.0), cut=False, bits=("CLOSED",), verified="none")


def _cut_at(command: PlayCommand, now_s: NightTime) -> SoundOutcome:
    """A cue that may be sounding when everything ends; the page fades, and nobody waits for its word."""
    heard_s = Seconds(to_microsecond(now_s - command.play_at_s))
    return SoundOutcome(
        command.cue_id, "played", command.play_at_s, heard_s, cut=True, bits=("CLOSED",), verified="none"
    )


def _as_heard(outcome: SoundOutcome, frames: PcmArray, linear: float) -> Heard:
    actual_s = outcome.actual_s or NightTime(0.0)
    kept = frames[: frame_at(outcome.heard_s)] * np.float32(linear)
    return Heard(frame_at(actual_s), kept, sounded=True, outcomes=(outcome,))
