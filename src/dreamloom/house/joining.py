"""What does a laptop with a headband do for the bed it joined? Sends what it hears, plays what the house says, no more.

The pod loop stays in the house, as with a phone: here are a source and a speaker. A house that falls silent is silence
within two seconds, by the speaker's own dead man's hand.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from time import sleep

import msgspec
import numpy as np

from dreamloom.adapters.house_line import HouseLine, Waiting, Word
from dreamloom.adapters.house_line import Known as Expected
from dreamloom.adapters.sample_wire import MOST_TENTHS, Samples, told_of
from dreamloom.adapters.speaker.child import STALLED_S, ChildSpeaker
from dreamloom.adapters.speaker.deck import DEAD_MAN_S, Output
from dreamloom.adapters.speaker.page_wire import Alive, Became, Cue, End, Noted, State
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.engine.clocks import RealClock, boot_s
from dreamloom.house import sources
from dreamloom.house.night_file import PodAsked
from dreamloom.house.sources import SourceRequest
from dreamloom.jukebox.cues import Sound, SoundOutcome
from dreamloom.ports import PlayCommand, SignalSource
from dreamloom.signals.blocks import Block
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond

TURN_S = 0.05
ALIVE_EVERY_S = 1.0
LEARNS_S = 15.0
"""So long it may take to know what time it is in the house."""
MOST_VALUES = 400
"""Of one line: it stays below the longest word of a page. Ours."""
LONGEST_BLOCK_S = Seconds(0.1)
SEED = 1
"""Of a simulated sleeper: the same one whoever joins."""
FULL_SCALE_DB = Decibels(0.0)
"""Gains come from the house; levels here are against a full-scale tone."""
SILENT_DB = Decibels(-200.0)


class Joined:
    """One bed's source and speaker, until it is told to end."""

    def __init__(
        self, line: HouseLine, source: SignalSource, clock: RealClock, *, device: DeviceAsked | None, folder: Path
    ) -> None:
        """Without a device it renders silently, in exact time; folder holds the bed's bits here."""
        self._line = line
        self._source = source
        self._clock = clock
        self._device = device
        self._folder = folder
        self._speaker: ChildSpeaker | None = None
        self._sounds: dict[str, Sound] = {}
        self._unnoted: dict[str, Became] = {}
        self._alive_s = -math.inf
        self._stopped = False
        self.sent = self.played = 0

    def turn(self) -> bool:
        """One look at everything; False once the night is over, or the house does not want this line any more."""
        goes_on = not self._line.refused
        for word in self._line.words():
            goes_on = self._hear(word) and goes_on
        now_s = self._clock.now_s()
        for block in self._source.read(now_s):
            self._send(block)
        if self._speaker is not None:
            for outcome in self._speaker.outcomes():
                self._tell(outcome)
            if now_s - self._alive_s >= ALIVE_EVERY_S:
                self._alive_s = now_s
                self._line.say(Alive(armed=not self._stopped and self._speaker.heartbeat_age_s() < STALLED_S))
                for became in self._unnoted.values():
                    self._line.say(became)
        return goes_on

    def stop(self) -> None:
        """The sleeper's no, here first."""
        self._stopped = True
        if self._speaker is not None:
            self._speaker.set_bit(Bit.REVOKED, on=True)

    def close(self) -> None:
        """Fades, then lets go."""
        if self._speaker is not None:
            self._speaker.close()

    def _hear(self, word: Expected | Waiting | Word) -> bool:
        match word:
            case State():
                self._heed(word)
            case Cue() if self._speaker is not None:
                self._play(self._speaker, word)
            case Noted():
                self._unnoted.pop(word.cue_id, None)
            case End():
                if self._speaker is not None:
                    self._speaker.set_bit(Bit.HALTED, on=True)
                return False
            case _:
                pass
        return True

    def _heed(self, state: State) -> None:
        """The bits as the house has them, and how long its engine is fresh; the loudest gain is sealed at the first."""
        if self._speaker is None:
            ceiling = _in_db(state.ceiling)
            self._speaker = ChildSpeaker(
                self._folder / "bits",
                now_s=self._clock.now_s(),
                output=Output(full_scale_db=FULL_SCALE_DB, ceiling_db=ceiling),
                device=self._device,
            )
            with suppress(StreamError):
                for sound in filter(None, map(self._sound, self._line.sounds())):
                    self._speaker.prepare(sound)
        for bit in Bit:
            on = bool(state.bits >> int(bit) & 1) or (self._stopped and bit is Bit.REVOKED)
            self._speaker.set_bit(bit, on=on)
        fresh_s = self._own_night_s(state.until_s - DEAD_MAN_S)
        if fresh_s is not None:
            self._speaker.beat(fresh_s)

    def _play(self, speaker: ChildSpeaker, cue: Cue) -> None:
        sound, at_s, until_s = self._sound(cue.sha256), self._own_night_s(cue.at_s), self._own_night_s(cue.expires_s)
        if sound is None or at_s is None or until_s is None:
            lost = Became(cue.cue_id, "failed", None, 0.0, cut=False, bits=())
            self._keep(msgspec.structs.replace(lost, status="changed") if sound is None else lost)
            return
        speaker.play(
            PlayCommand(
                cue_id=cue.cue_id,
                sound=sound,
                level_db=_in_db(cue.gain),
                play_at_s=at_s,
                expires_s=until_s,
                silenced_by=cue.heeds,
                arousal_fade_s=None if cue.fade_s is None else Seconds(cue.fade_s),
            )
        )

    def _sound(self, name: str) -> Sound | None:
        if name not in self._sounds:
            frames = self._line.sound(name)
            if frames is None or not len(frames):
                return None
            self._sounds[name] = Sound("cue", name, frames)
        return self._sounds[name]

    def _tell(self, outcome: SoundOutcome) -> None:
        began_s = None if outcome.actual_s is None else self._line.house_s(self._boot_s(outcome.actual_s))
        status = outcome.status if outcome.status != "undecided" else "failed"
        self.played += status == "played"
        self._keep(Became(outcome.cue_id, status, began_s, float(outcome.heard_s), cut=outcome.cut, bits=outcome.bits))

    def _keep(self, became: Became) -> None:
        """Told until the house has noted it."""
        self._unnoted[became.cue_id] = became
        self._line.say(became)

    def _send(self, block: Block) -> None:
        for rows, onset_s in _pieces(block):
            at_s = self._line.house_s(self._boot_s(onset_s))
            if at_s is not None and self._line.say(Samples(at_s=to_microsecond(at_s), tenths=rows)):
                self.sent += len(rows)

    def _boot_s(self, own_s: float) -> float:
        return boot_s() - self._clock.now_s() + own_s

    def _own_night_s(self, house_s: float) -> NightTime | None:
        """The house's boot time on this machine's own clock of the joining."""
        found_s = self._line.own_s(house_s)
        return None if found_s is None else NightTime(found_s - self._boot_s(0.0))


def join(
    line: HouseLine,
    asked: PodAsked,
    *,
    device: DeviceAsked | None,
    tell: Callable[[str], None],
    wants_stop: Callable[[], bool],
) -> Joined:
    """Sends and plays until the night is over, the house ends the line, or this process is asked to end.

    Args:
        line: to the house, entered already.
        asked: the bed's source, as night.toml would name it.
        device: the output; None for none.
        tell: hears a line for a person.
        wants_stop: whether the sleeper said no; looked at often.

    Raises:
        StreamError, ConfigError: for a source that cannot be opened; DL-E292 where the house does not answer.
    """
    refuse_network(asked)
    with ExitStack() as stack:
        clock = RealClock()
        source = _source(asked, clock, stack)
        line.open()
        stack.callback(line.close)
        _announce(line, source, asked)
        tell(f"Joined: sends {', '.join(channel.label for channel in source.stream.channels)}.")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dreamloom-joined-")))
        joined = Joined(line, source, clock, device=device, folder=folder)
        stack.callback(joined.close)
        while joined.turn():
            if wants_stop():
                joined.stop()
            sleep(TURN_S)
        tell(line.refused or "The night let this bed go.")
        return joined


def refuse_network(asked: PodAsked) -> None:
    """Raises UsageError DL-E147 for a source that is itself behind a network line."""
    if asked.source.partition(":")[0] in sources.OVER_THE_NETWORK:
        raise UsageError(
            "DL-E147",
            f"{asked.source!r} is what the house calls this bed.",
            do="Name what is plugged in here: --source lsl:NAME, brainflow:BOARD or sim:typical",
        )


def _source(asked: PodAsked, clock: RealClock, stack: ExitStack) -> SignalSource:
    sources.refuse_what_names_nothing(asked)
    streams = sources.listen([asked], speed_x=1.0)
    boards = sources.open_boards([asked])
    request = SourceRequest(
        folder=Path.cwd(),
        seed=SEED,
        in_pieces=True,
        lsl=streams.get(asked.id),
        board=boards.get(asked.id),
        now_s=clock.now_s,
    )
    source, _ = sources.open_source(asked, request)
    stack.callback(source.close)
    return source


def _announce(line: HouseLine, source: SignalSource, asked: PodAsked) -> None:
    """Waits until the house's time is known and it knows what will be sent."""
    give_up_s = boot_s() + LEARNS_S
    sends = told_of(source.stream, name=asked.source.partition(":")[0])
    is_known = is_said = False
    while not (is_known and line.house_s(boot_s()) is not None):
        if boot_s() > give_up_s or line.refused:
            raise StreamError(
                "DL-E292",
                "The house did not answer.",
                why=line.refused or "It may be busy, or a proxy between does not pass on sockets.",
                still="Nothing is sent and nothing sounds here.",
                do="Try again by a fresh link: dreamloom pod link NIGHT BED --at URL",
            )
        is_said = is_said or line.say(sends)
        is_known = is_known or any(isinstance(word, Expected) for word in line.words())
        sleep(TURN_S)


def _pieces(block: Block) -> Iterator[tuple[tuple[tuple[int | None, ...], ...], float]]:
    """The block in lines short enough: rows in tenths of a microvolt, and the onset of their first."""
    step = max(1, min(MOST_VALUES // block.samples.shape[1], round(LONGEST_BLOCK_S * block.sfreq_hz) or 1))
    tenths = np.clip(np.rint(block.samples * 10), -MOST_TENTHS, MOST_TENTHS)
    for first in range(0, len(tenths), step):
        yield _rows(tenths[first : first + step].tolist()), block.onset_s + first / block.sfreq_hz


def _rows(values: Sequence[Sequence[float]]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if math.isnan(each) else int(each) for each in row) for row in values)


def _in_db(linear: float) -> Decibels:
    return Decibels(20 * math.log10(linear)) if linear > 0 else SILENT_DB
