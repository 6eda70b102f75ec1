"""How does a light or a vibration reach a bed? Lines of text to a box on a wire, dark as soon as a bit says so.

    L COLOUR STRENGTH PULSE_HZ FADE_S DURATION_S    shine so; V likewise vibrates (colour -)
    K                                               go on: said every half second while something shines
    0                                               dark, at once

The box goes dark by itself when its duration is over, and two seconds after the last K.
"""

import threading
from collections.abc import Callable, Mapping

from dreamloom.adapters.lines import Line
from dreamloom.adapters.speaker.bits_file import Bits, silencing_names
from dreamloom.adapters.speaker.deck import DEAD_MAN_S
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.jukebox.lights import Gate, Shine, admitted, softened
from dreamloom.ports import Actuator, PlayCommand
from dreamloom.vetoes.bits import ignored
from dreamloom.vocabulary.units import NightTime

LOOK_S, KEEP_S = 0.02, 0.5
LETTER = {"light": "L", "vibration": "V"}


class LineActuator:
    """An Actuator on a serial line, or any file that takes lines."""

    def __init__(self, path: str) -> None:
        self._line = Line(path)

    def shine(self, shine: Shine) -> None:
        """Begins now."""
        colour = shine.colour if shine.kind == "light" else "-"
        numbers = f"{shine.strength:.2f} {shine.pulse_hz:.2f} {shine.fade_s:.2f} {shine.duration_s:.2f}"
        self._line.send(f"{LETTER[shine.kind]} {colour} {numbers}\n".encode())

    def keep(self) -> None:
        """The engine is alive."""
        self._line.send(b"K\n")

    def dark(self) -> None:
        """Ends at once what shines."""
        self._line.send(b"0\n")

    def close(self) -> None:
        """Dark, then nothing more."""
        self.dark()
        self._line.close()


class PodLights:
    """One bed's companion: what shines or vibrates with its cues, while every bit that the cue heeds allows it."""

    def __init__(
        self,
        actuator: Actuator,
        bits: Bits,
        shines: Mapping[str, tuple[Shine, ...]],
        *,
        now_s: Callable[[], NightTime],
        warn: Callable[[str], None],
    ) -> None:
        """shines: what goes with the sound of each cue, by the cue's name; a sham has none."""
        self._actuator, self._bits, self._shines = actuator, bits, shines
        self._now_s, self._warn = now_s, warn
        self._gate = Gate()
        self._fresh_s = NightTime(float("-inf"))
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begins(self, command: PlayCommand) -> None:
        """Lets through what the gate admits; the rest stays dark, and is told."""
        for shine in map(softened, self._shines.get(command.sound.name, ())):
            self._gate, why = admitted(self._gate, shine, command.play_at_s)
            if why is not None:
                self._warn(f'"{shine.cue}" stays dark: {why}.')
                continue
            thread = threading.Thread(target=self._accompany, args=(command, shine), daemon=True)
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]
            thread.start()

    def ended(self, outcome: SoundOutcome) -> None:
        """Lights have an end of their own."""

    def beat(self, fresh_s: NightTime) -> None:
        """The engine is alive; DEAD_MAN_S after the newest sample that it has, everything is dark."""
        self._fresh_s = max(self._fresh_s, fresh_s)

    def close(self) -> None:
        """Dark at once; afterwards nothing shines."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._actuator.close()

    def _accompany(self, command: PlayCommand, shine: Shine) -> None:
        """Waits for its moment, shines, and looks at the bits until it is over."""
        if self._over.wait(max(0.0, command.play_at_s - self._now_s())):
            return
        if self._now_s() > command.expires_s or self._is_silenced(command):
            return
        self._actuator.shine(shine)
        ends_s, kept_s = self._now_s() + shine.duration_s, self._now_s()
        while self._now_s() < ends_s:
            if self._over.wait(LOOK_S) or self._is_silenced(command):
                self._actuator.dark()
                return
            if self._now_s() - kept_s >= KEEP_S:
                kept_s = self._now_s()
                self._actuator.keep()

    def _is_silenced(self, command: PlayCommand) -> bool:
        if self._now_s() - self._fresh_s > DEAD_MAN_S:
            return True
        deaf = {bit.name for bit in ignored(command.silenced_by)}
        return any(name not in deaf for name in silencing_names(self._bits))
