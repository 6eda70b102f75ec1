"""Which frames leave the speaker? One pure render step: cues at absolute frames, bits, limiter, dead-man gain."""

from functools import cache
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, SoundOutcome
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

CUT_FRAMES = 480
"""Raised-cosine ramp to zero once a bit is on: 10 ms, half of the 20 ms allowed; ours."""
DEAD_MAN_FRAMES = 9_600
"""Fall of the dead-man gain from one to zero: 200 ms."""
DEAD_MAN_RISE = 40
"""The gain comes back this many times faster: 5 ms, so that the first lawful cue is heard from its beginning."""

AROUSAL = "AROUSAL"
"""The bit that may fade a sound more slowly than the cut, as its author asked."""
FADING = "FADING"
"""The bit that lets go of a sound gently, as a person asked."""
LONGEST_FADE_S = Seconds(10.0)
FADING_FRAMES = round(LONGEST_FADE_S * SOUND_RATE_HZ)
DEAD_MAN = "DEAD_MAN"
STALLED = "STALLED"
CLOSED = "CLOSED"
"""Causes that are no bits but end a sound like one: no beat, a device that lost frames, a speaker that was closed."""


class Cut(msgspec.Struct, frozen=True, eq=False):
    """A ramp to zero that began at first_frame, and why."""

    first_frame: int
    ramp_frames: int
    causes: tuple[str, ...]


class Voice(msgspec.Struct, frozen=True, eq=False):
    """One cue on its way through the mixer.

    Attributes:
        frames: float32 at SOUND_RATE_HZ, peak at most 1.
        gain: linear, 0 to 1.
        play_at_s: night time it was planned for; frame n of the mixer is night time n / SOUND_RATE_HZ.
        start_frame: the frame it begins at.
        last_start_frame: the last frame it may begin at.
        ignores: names of the bits that do not silence it; every other one does.
        arousal_frames: length of its fade once AROUSAL is on.
    """

    cue_id: str
    frames: PcmArray
    gain: float
    play_at_s: NightTime
    start_frame: int
    last_start_frame: int
    ignores: frozenset[str] = frozenset()
    arousal_frames: int = CUT_FRAMES
    cuts: tuple[Cut, ...] = ()

    @property
    def end_frame(self) -> int:
        """The first frame it no longer sounds in."""
        ends = [cut.first_frame + cut.ramp_frames for cut in self.cuts]
        return min([self.start_frame + len(self.frames), *ends])


class MixerState(msgspec.Struct, frozen=True, eq=False):
    """Everything the next render step needs.

    Attributes:
        ceiling: no frame ever leaves above it; sealed when the mixer is made.
        next_frame: the first frame not yet rendered.
        voices: waiting and sounding cues, in the order they were queued.
        known: every cue id ever queued, so that a repeated command sounds once.
        dead_man: 0 (silent) to DEAD_MAN_FRAMES (open), in frames of its fall.
    """

    ceiling: np.float32
    next_frame: int
    voices: tuple[Voice, ...] = ()
    known: frozenset[str] = frozenset()
    dead_man: int = 0


class Rendered(NamedTuple):
    """frames: float32[n_frames]; sounded: whether a cue had frames in them, audible or not."""

    state: MixerState
    frames: PcmArray
    outcomes: tuple[SoundOutcome, ...]
    sounded: bool


def new_mixer(*, ceiling: float, next_frame: int) -> MixerState:
    """A silent mixer. Raises ValueError for a ceiling outside 0 to 1."""
    if not 0.0 <= ceiling <= 1.0:
        raise ValueError(f"ceiling {ceiling} is outside 0 to 1")
    nearest = np.float32(ceiling)
    below = np.nextafter(nearest, np.float32(0)) if float(nearest) > ceiling else nearest
    return MixerState(ceiling=below, next_frame=next_frame)


def frame_at(time_s: NightTime | float) -> int:
    """The frame nearest to a night time."""
    return round(time_s * SOUND_RATE_HZ)


def voice(  # noqa: PLR0913 - one cue, every part of it by its name
    cue_id: str,
    frames: PcmArray,
    gain: float,
    *,
    play_at_s: NightTime,
    expires_s: NightTime,
    ignores: frozenset[str] = frozenset(),
    arousal_fade_s: Seconds | None = None,
) -> Voice:
    """A cue as the mixer takes it: planned for play_at_s, not to begin after expires_s.

    Its fade on an arousal is never longer than LONGEST_FADE_S; without one it is cut as by every other bit.
    """
    fade_s = CUT_FRAMES / SOUND_RATE_HZ if arousal_fade_s is None else min(arousal_fade_s, LONGEST_FADE_S)
    fade_frames = max(1, frame_at(fade_s))
    for frames_of_it in (fade_frames, FADING_FRAMES):
        _ramp(frames_of_it)  # Made now, so that the render step only reads it.
    starts = frame_at(play_at_s), frame_at(expires_s)
    return Voice(cue_id, frames, gain, play_at_s, *starts, ignores=ignores, arousal_frames=fade_frames)


def enqueue(state: MixerState, cue: Voice) -> tuple[MixerState, tuple[SoundOutcome, ...]]:
    """Queues a cue. One that can only begin after its expiry is reported at once; a known id is not queued again.

    A gain above the ceiling is lowered to it, so that the limiter distorts only what overlaps.
    """
    if cue.cue_id in state.known:
        return state, ()
    state = replace(state, known=state.known | {cue.cue_id})
    waiting = replace(_no_earlier(cue, state.next_frame), gain=min(cue.gain, float(state.ceiling)))
    if _is_expired(waiting):
        return state, (_unplayed(waiting, "expired"),)
    return replace(state, voices=(*state.voices, waiting)), ()


def first_sound(state: MixerState) -> int | None:
    """The next frame in which a cue sounds or begins, None if none is queued: until then rendering may be skipped."""
    return max(state.next_frame, min(cue.start_frame for cue in state.voices)) if state.voices else None


def has_cues(state: MixerState) -> bool:
    """True while a cue sounds or waits: without one, no bit can matter."""
    return bool(state.voices)


def is_sounding(state: MixerState) -> bool:
    """True while a cue has begun and not ended: until then frames may be stepped over unheard."""
    return any(cue.start_frame < state.next_frame for cue in state.voices)


def render(
    state: MixerState, start_frame: int, n_frames: int, *, silenced: tuple[str, ...], dead_man_ok: bool
) -> Rendered:
    """Frames start_frame to start_frame + n_frames of night time, and what became of cues in them.

    Invariants: no frame above the ceiling; with a bit on, no cue that heeds it begins, and what sounds and heeds it is
    zero after CUT_FRAMES (after its own fade for AROUSAL, after FADING_FRAMES for FADING); a cut cue never comes back;
    for unchanged bits neither frames nor outcomes depend on how the render is divided.

    Args:
        state: what the step before returned.
        start_frame: at or after state.next_frame; a step over frames ends what sounded, for those were never heard.
        n_frames: length of this quantum.
        silenced: names of the bits that are on, empty if none; they hold for the whole quantum.
        dead_man_ok: whether the engine's beat is fresh.

    Raises:
        ValueError: if start_frame was rendered before.
    """
    if start_frame < state.next_frame:
        raise ValueError(f"frame {start_frame} was rendered before {state.next_frame}")
    end_frame = start_frame + n_frames
    if not state.voices:
        after = idled(state, end_frame, dead_man_ok=dead_man_ok)
        return Rendered(after, np.zeros(n_frames, dtype=np.float32), (), sounded=False)
    state, lost = _stepped_over(state, start_frame, dead_man_ok=dead_man_ok)
    causes = silenced if dead_man_ok else (*silenced, DEAD_MAN)
    refused = tuple((cue, why) for cue in _starting(state, end_frame) if (why := _heeded(cue, causes)))
    silent = tuple(cue for cue, _ in refused)
    voices = tuple(_cut(cue, start_frame, _heeded(cue, causes)) for cue in state.voices if cue not in silent)
    frames, sounded = _mixed(voices, start_frame, n_frames)
    over = tuple(cue for cue in voices if cue.start_frame < end_frame and cue.end_frame <= end_frame)
    outcomes = (*lost, *_in_order(over, refused))
    heard = _last_gates(frames, state, dead_man_ok=dead_man_ok) if sounded else frames
    left = tuple(cue for cue in voices if cue not in over)
    dead_man = _dead_man_after(state.dead_man, n_frames, dead_man_ok=dead_man_ok)
    return Rendered(replace(state, next_frame=end_frame, voices=left, dead_man=dead_man), heard, outcomes, sounded)


def idled(state: MixerState, end_frame: int, *, dead_man_ok: bool) -> MixerState:
    """After frames for which nothing was queued; only where nothing is."""
    dead_man = _dead_man_after(state.dead_man, end_frame - state.next_frame, dead_man_ok=dead_man_ok)
    return replace(state, next_frame=end_frame, dead_man=dead_man)


def closing(state: MixerState) -> tuple[MixerState, tuple[SoundOutcome, ...]]:
    """Begins the last fade: what waits is refused, what sounds is zero after CUT_FRAMES more frames."""
    waiting = tuple(cue for cue in state.voices if cue.start_frame >= state.next_frame)
    fading = tuple(
        replace(cue, cuts=(*cue.cuts, Cut(state.next_frame, CUT_FRAMES, (CLOSED,))))
        for cue in state.voices
        if cue not in waiting
    )
    return replace(state, voices=fading), tuple(_unplayed(cue, "silenced", (CLOSED,)) for cue in waiting)


@cache
def _ramp(n_frames: int) -> PcmArray:
    """A raised cosine from one to zero; sliced, never recomputed: its last bit may depend on where a slice begins."""
    return (0.5 + 0.5 * np.cos(np.pi * (np.arange(n_frames) + 1) / n_frames)).astype(np.float32)


for _frames in (CUT_FRAMES, DEAD_MAN_FRAMES):
    _ramp(_frames)


def _no_earlier(cue: Voice, frame: int) -> Voice:
    return cue if cue.start_frame >= frame else replace(cue, start_frame=frame)


def _is_expired(cue: Voice) -> bool:
    return cue.start_frame > cue.last_start_frame


def _starting(state: MixerState, end_frame: int) -> tuple[Voice, ...]:
    return tuple(cue for cue in state.voices if state.next_frame <= cue.start_frame < end_frame)


def _stepped_over(
    state: MixerState, start_frame: int, *, dead_man_ok: bool
) -> tuple[MixerState, tuple[SoundOutcome, ...]]:
    """Ends what sounded when frames were lost, and moves what waited in them to start_frame unless it expired."""
    gap = start_frame - state.next_frame
    if gap == 0:
        return state, ()
    torn = tuple(
        replace(cue, cuts=(*cue.cuts, Cut(state.next_frame, 0, (STALLED,))))
        for cue in state.voices
        if cue.start_frame < state.next_frame
    )
    waiting = [_no_earlier(cue, start_frame) for cue in state.voices if cue.start_frame >= state.next_frame]
    expired = [cue for cue in waiting if _is_expired(cue)]
    state = replace(
        state,
        next_frame=start_frame,
        voices=tuple(cue for cue in waiting if cue not in expired),
        dead_man=_dead_man_after(state.dead_man, gap, dead_man_ok=dead_man_ok),
    )
    return state, (*(_played(cue) for cue in torn), *(_unplayed(cue, "expired") for cue in expired))


def _in_order(over: tuple[Voice, ...], refused: tuple[tuple[Voice, tuple[str, ...]], ...]) -> tuple[SoundOutcome, ...]:
    """Outcomes by the frame they became final in; an end before a refusal, as if a quantum lay between."""
    ends = [(cue.end_frame, 0, _played(cue)) for cue in over]
    refusals = [(cue.start_frame, 1, _unplayed(cue, "silenced", causes)) for cue, causes in refused]
    return tuple(outcome for _, _, outcome in sorted(ends + refusals, key=lambda final: final[:2]))


def _heeded(cue: Voice, causes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cause for cause in causes if cause not in cue.ignores)


def _cut(cue: Voice, start_frame: int, causes: tuple[str, ...]) -> Voice:
    """The cue with a ramp for each way to end: bits, an arousal, a fade, the dead man; each begun at most once."""
    if not causes or cue.start_frame >= start_frame:
        return cue
    ramps: dict[int, tuple[str, ...]] = {}
    for cause in causes:
        ramps[_ramp_frames(cue, cause)] = (*ramps.get(_ramp_frames(cue, cause), ()), cause)
    begun = {cut.ramp_frames for cut in cue.cuts}
    wanted = (Cut(start_frame, frames, whose) for frames, whose in ramps.items() if frames not in begun)
    return replace(cue, cuts=(*cue.cuts, *wanted))


def _ramp_frames(cue: Voice, cause: str) -> int:
    own = {AROUSAL: cue.arousal_frames, FADING: FADING_FRAMES, DEAD_MAN: DEAD_MAN_FRAMES}
    return own.get(cause, CUT_FRAMES)


def _mixed(voices: tuple[Voice, ...], start_frame: int, n_frames: int) -> tuple[PcmArray, bool]:
    """The sum, never above the loudest of its parts: what begins late may run into the next, and each has its cap."""
    frames, loudest = np.zeros((2, n_frames), dtype=np.float32)
    sounded = False
    for cue in voices:
        first, last = max(cue.start_frame, start_frame), min(cue.end_frame, start_frame + n_frames)
        if first < last:
            here = slice(first - start_frame, last - start_frame)
            frames[here] += _contribution(cue, first, last)
            loudest[here] = np.maximum(loudest[here], np.float32(cue.gain))
            sounded = True
    return np.clip(frames, -loudest, loudest), sounded


def _contribution(cue: Voice, first: int, last: int) -> PcmArray:
    part = cue.frames[first - cue.start_frame : last - cue.start_frame] * np.float32(cue.gain)
    for cut in cue.cuts:
        part = part * _ramp(cut.ramp_frames)[first - cut.first_frame : last - cut.first_frame]
    return part


def _last_gates(frames: PcmArray, state: MixerState, *, dead_man_ok: bool) -> PcmArray:
    """The hard limit, then the dead-man gain. What is no number becomes zero: a limit would let it pass."""
    limited = np.clip(frames, -state.ceiling, state.ceiling)
    limited[np.isnan(limited)] = 0
    if dead_man_ok and state.dead_man == DEAD_MAN_FRAMES:
        return limited
    slope = DEAD_MAN_RISE if dead_man_ok else -1
    steps = np.clip(state.dead_man + slope * np.arange(1, len(frames) + 1), 0, DEAD_MAN_FRAMES)
    return limited * (steps / DEAD_MAN_FRAMES).astype(np.float32)


def _dead_man_after(dead_man: int, n_frames: int, *, dead_man_ok: bool) -> int:
    return min(dead_man + DEAD_MAN_RISE * n_frames, DEAD_MAN_FRAMES) if dead_man_ok else max(dead_man - n_frames, 0)


def _unplayed(cue: Voice, status: Literal["expired", "silenced"], causes: tuple[str, ...] = ()) -> SoundOutcome:
    return SoundOutcome(cue.cue_id, status, None, Seconds(0.0), cut=False, bits=causes, verified="render clock")


def _played(cue: Voice) -> SoundOutcome:
    heard_frames = cue.end_frame - cue.start_frame
    cut = heard_frames < len(cue.frames)
    causes = tuple(dict.fromkeys(cause for each in cue.cuts for cause in each.causes)) if cut else ()
    in_time = cue.start_frame == frame_at(cue.play_at_s)
    actual_s = cue.play_at_s if in_time else to_microsecond(cue.start_frame / SOUND_RATE_HZ)
    heard_s = Seconds(to_microsecond(heard_frames / SOUND_RATE_HZ))
    return SoundOutcome(cue.cue_id, "played", actual_s, heard_s, cut=cut, bits=causes, verified="render clock")
