"""Where does Dreamloom meet the outside? Small seams that adapters fill; contract suites in testing/ hold them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from dreamloom.jukebox.cues import Sound, SoundOutcome
from dreamloom.jukebox.lights import Shine
from dreamloom.record.events import AnyEvent, StreamIdentified
from dreamloom.signals.blocks import Block, GridSecond, StreamInfo
from dreamloom.vetoes.bits import EVERY_BIT, Bit
from dreamloom.vocabulary.units import Decibels, FloatArray, NightTime, Seconds


class Clock(Protocol):
    """The night's clock: live (wall time), faster, or virtual (jumps when everybody waits)."""

    def now_s(self) -> NightTime: ...

    def wait_until(self, time_s: NightTime) -> None:
        """Returns when night time has reached time_s; at once on a virtual clock."""


class SignalSource(Protocol):
    """Samples from one bedside. Never raises for a lost stream: it falls silent, and the engine notices."""

    @property
    def stream(self) -> StreamInfo: ...

    def read(self, until_s: NightTime) -> list[Block]:
        """Every block that arrived by until_s and was not read before, oldest first."""

    @property
    def ended(self) -> bool:
        """True once no sample will ever come again (end of a file, of a simulated night)."""

    @property
    def ends_s(self) -> NightTime:
        """Night time from which its end is known, however its samples are cut; inf where a device may always go on."""

    def close(self) -> None: ...


@runtime_checkable
class Noticing(Protocol):
    """A source that notices more than samples: clocks, impostors, lateness."""

    def told(self) -> list[AnyEvent]:
        """What was noticed since the last call, oldest first; inputs of the night."""


@runtime_checkable
class Identified(Protocol):
    """A source whose device says who it is, so that a night that goes on lets in no other."""

    def identified(self, onset_s: NightTime) -> StreamIdentified:
        """The device this bed is held to tonight; an input of the night."""


@runtime_checkable
class MeasuresImpedance(Protocol):
    """A source whose device may measure its electrodes while it streams."""

    def impedances_kohm(self) -> dict[str, float] | None:
        """By channel label, as the device says them now; None: not measured."""


class Hears(Protocol):
    """A sleeper who hears: simulated, and told what the bed's speaker truly played."""

    def hear(self, onset_s: NightTime, duration_s: Seconds, level_db: Decibels, cue: str = "") -> None:
        """A sound reached the pillow: its true onset, how much of it was heard, its level there, and which cue it was.

        Told before any sample later than its onset is read, it shows the same however the samples are asked for.
        Telling the same sound again changes nothing.
        """


class SignalStore(Protocol):
    """Keeps one pod's seconds as they are decided on; after kill -9 every whole second but the last is there."""

    def append(self, second: GridSecond) -> None: ...

    def draft(self, second: GridSecond) -> None:
        """Keeps the second that is still filling up, so that a crash costs less than it; the next append covers it."""

    def annotate(self, onset_s: NightTime, duration_s: Seconds, text: str) -> None:
        """An EDF+ annotation in night time; written with the next second."""

    def sync(self) -> None:
        """Returns when everything appended is on the disk."""

    def close(self) -> None: ...


class SpeechVoice(Protocol):
    """Whoever says what a cue has to say."""

    def wav(self, text: str) -> bytes:
        """The text as 16-bit PCM in a WAV of any rate; raises StreamError where nothing speaks."""


class Stager(Protocol):
    """A classifier of prepared features into W, N1, N2, N3, R."""

    @property
    def method(self) -> str:
        """Name and weights hash, for the record."""

    def probabilities(self, features: FloatArray) -> FloatArray:
        """[window, feature] to [window, 5], rows summing to 1, in the order of SCORED_STAGES."""


class PlugInStager(Protocol):
    """Somebody else's stager, installed under the entry point group `dreamloom.stagers`.

    It keeps nothing between two calls and is given nothing of the future: the same samples always give the same
    answer, so that a night can be decided again. It may raise; that window is UNSCORED then.

    Attributes:
        licence: in one line, for the record and whoever asks.
        min_channels: kinds of channels ("EEG", "EOG", "EMG") it cannot do without.
        warmup_s: it is not asked before so many seconds in a row are there; a window of 30 s at least.
        context_s: how far back it wants to be shown, 900 s at most.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def licence(self) -> str: ...

    @property
    def min_channels(self) -> tuple[str, ...]: ...

    @property
    def warmup_s(self) -> float: ...

    @property
    def context_s(self) -> float: ...

    def classify(self, signals_uv: FloatArray, kinds: tuple[str, ...], sfreq_hz: int) -> FloatArray:
        """The last 30 s of [channel, sample] in microvolts, read-only, to five probabilities in the order W N1 N2 N3 R.

        Up to context_s are shown, and the last sample is the newest; kinds name the rows. Within a second.
        """


@dataclass(frozen=True, slots=True)
class PlayCommand:
    """One cue for one speaker: what, when, how loud, and until when it may still begin.

    Attributes:
        silenced_by: mask of the bits that silence it; bits that no cue may ignore silence it all the same.
        arousal_fade_s: how long it fades once AROUSAL is on; None cuts it as every other bit does.
    """

    cue_id: str
    sound: Sound
    level_db: Decibels
    play_at_s: NightTime
    expires_s: NightTime
    silenced_by: int = EVERY_BIT
    arousal_fade_s: Seconds | None = None


class Speaker(Protocol):
    """One bed's sound. Reads its bits in the render callback; a cue sounds while every bit that it heeds allows."""

    @property
    def stalls(self) -> int:
        """How often its output went without frames since it was opened; 0 for one that cannot."""

    def play(self, command: PlayCommand) -> None:
        """Queues a cue; never blocks. A late one is dropped and reported, never played late."""

    def set_bit(self, bit: Bit, *, on: bool) -> None: ...

    def beat(self, fresh_s: NightTime) -> None:
        """The engine is alive and has samples up to fresh_s; 2 s after the latest of these the gain falls to zero."""

    def heartbeat_age_s(self) -> Seconds:
        """How long ago it last rendered; 0 for a speaker that cannot stall."""

    def reopen(self) -> None:
        """Starts a stalled speaker again: silent, disarmed, and what it had to play is failed. Raises OSError."""

    def outcomes(self) -> list[SoundOutcome]:
        """What became of cues since the last call, oldest first."""

    def close(self) -> None:
        """Fades, then ends."""


class Companion(Protocol):
    """What goes with the sounds of one bed: told of each when it is commanded, and of what became of it."""

    def begins(self, command: PlayCommand) -> None:
        """A cue, or the sham in its place; never blocks."""

    def ended(self, outcome: SoundOutcome) -> None: ...

    def beat(self, fresh_s: NightTime) -> None:
        """The engine is alive and has samples up to fresh_s, as a speaker is told."""

    def close(self) -> None: ...


class Actuator(Protocol):
    """A light or vibration at one bed. It goes dark by itself, so that whoever drives it may die."""

    def shine(self, shine: Shine) -> None:
        """Begins now, for as long as it says; what the photosensitivity gate let through, and nothing else."""

    def keep(self) -> None:
        """Whoever drives it is alive; 2 s after the last of these it goes dark."""

    def dark(self) -> None:
        """Ends at once what shines."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of a ledger.

    Attributes:
        subject: whose key the leaf hangs on.
        leaf: keyed hash of the body.
        body: canonical bytes; None once erased.
        id: what the row is filed under; the body must say the same.
    """

    seq: int
    subject: str
    leaf: bytes
    body: bytes | None
    id: str = ""


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """Tree size and the signed note over it, as it was written."""

    size: int
    note: str


class Ledger(Protocol):
    """An append-only, Merkle-hashed log with one writer."""

    @property
    def size(self) -> int:
        """Events appended so far, durable or not."""

    @property
    def durable_size(self) -> int:
        """Events that survive a crash from now on: the acknowledged ones."""

    def append(self, events: Sequence[AnyEvent], payloads: dict[str, bytes] | None = None) -> None:
        """Adds events in this order; payloads are ciphertexts by event id. Durable at the next commit."""

    def commit(self) -> None:
        """Returns when everything appended is durable; called at least every 100 ms of wall time."""

    def checkpoint(self) -> StoredCheckpoint:
        """Commits, then signs the root over everything."""

    def rows(self, start: int = 0) -> Iterator[StoredEvent]: ...

    def events(self, start: int = 0) -> Iterator[AnyEvent]:
        """The readable events from seq start on, in order."""

    def close(self) -> None: ...


class Vault(Protocol):
    """Keys of the house and of each subject. Entropy enters the product here and in no other place."""

    def subject_key(self, subject: str) -> bytes:
        """32 bytes, made at first use; raises RecordError after destroy()."""

    def has(self, subject: str) -> bool: ...

    def is_destroyed(self, subject: str) -> bool:
        """True after destroy() alone; a key that was never made, or was lost, is not a destroyed one."""

    def destroy(self, subject: str) -> None: ...

    def signing_key(self) -> bytes:
        """The house's Ed25519 seed, 32 bytes."""
