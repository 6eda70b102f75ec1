"""How does a night sound that runs faster than time? A speaker in this process, driven by night time alone."""

from pathlib import Path

from dreamloom.adapters.speaker.bits_file import Bits, BitsFile, MemoryBits, set_bit
from dreamloom.adapters.speaker.deck import DEAD_MAN_S, QUANTUM_FRAMES, Deck, Output, failed, frames_in
from dreamloom.jukebox.cues import SOUND_RATE_HZ, SoundOutcome
from dreamloom.jukebox.mixer import frame_at
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime, Seconds


class VirtualSpeaker:
    """A Speaker that renders exactly up to each beat: the same commands, bits and beats give the same frames.

    A bit holds from the last beat on, so whoever sets it at a certain night time beats first. Silent stretches are
    stepped over, not rendered: eight hours cost what their cues cost.
    """

    def __init__(
        self,
        bits_path: Path | None = None,
        wav_path: Path | None = None,
        *,
        start_s: NightTime = NightTime(0.0),
        output: Output | None = None,
    ) -> None:
        """A silent bed: every bit is on until somebody clears it.

        Args:
            bits_path: bits that other processes can set; None keeps them here.
            wav_path: where to keep what sounded; None keeps nothing.
            start_s: night time of the first frame; counts as the first beat.
            output: the bed's sealed constants; those of an unmeasured output if left out.
        """
        self._bits: Bits = BitsFile(bits_path) if bits_path else MemoryBits()
        self._bits.silence_all()
        start_frame = frame_at(start_s)
        self._quantum_frames = QUANTUM_FRAMES if bits_path else SOUND_RATE_HZ
        self._deck = Deck(self._bits, output=output or Output(), wav_path=wav_path, next_frame=start_frame)
        self._beat_frame = start_frame
        self._late: list[SoundOutcome] = []
        self._closed = False

    def play(self, command: PlayCommand) -> None:
        """Queues a cue; after close() it is reported as failed."""
        if self._closed:
            self._late.append(failed(command.cue_id))
        else:
            self._deck.queue(command)

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        """Silences, or no longer silences, everything after the last beat."""
        set_bit(self._bits, bit, on=on)

    def beat(self, fresh_s: NightTime) -> None:
        """Renders up to fresh_s. Time more than DEAD_MAN_S after the beat before is silent; time never runs back."""
        if self._closed:
            return
        now_frame = frame_at(fresh_s)
        fresh_until = self._beat_frame + frames_in(DEAD_MAN_S)
        self._render_to(min(now_frame, fresh_until), dead_man_ok=True)
        self._render_to(now_frame, dead_man_ok=False)
        self._beat_frame = max(self._beat_frame, now_frame)

    @property
    def stalls(self) -> int:
        return 0

    def heartbeat_age_s(self) -> Seconds:
        """Never stalls: it renders when it is told to."""
        return Seconds(0.0)

    def reopen(self) -> None:
        """Disarmed like any reopened speaker; there is nothing to start."""
        self.set_bit(Bit.NOT_ARMED, on=True)

    def outcomes(self) -> list[SoundOutcome]:
        """What became of cues since the last call, oldest first."""
        late, self._late = self._late, []
        return self._deck.outcomes() + late

    def close(self) -> None:
        """Fades after the last rendered frame, then ends; nothing sounds afterwards."""
        if not self._closed:
            self._closed = True
            self._deck.close()

    def _render_to(self, end_frame: int, *, dead_man_ok: bool) -> None:
        while self._deck.next_frame < end_frame:
            sound_frame = self._deck.first_sound()
            if sound_frame is None or sound_frame >= end_frame:
                self._deck.step_to(end_frame, dead_man_ok=dead_man_ok)
                return
            start_frame = max(self._deck.next_frame, sound_frame - sound_frame % QUANTUM_FRAMES)
            n_frames = min(self._quantum_frames - start_frame % self._quantum_frames, end_frame - start_frame)
            self._deck.render(start_frame, n_frames, dead_man_ok=dead_man_ok)
