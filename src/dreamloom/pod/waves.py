"""Which wave does a part of this bed wait for, when was it met, and was that so? Signal state beside the tracks.

Moments that stay silent in every arm (the dreamscape's silent blocks, or every ninth where it names none, and all that
no window allowed) are audited in the open and teach the bias. Cues are audited sealed and teach nothing, sham or not,
so that the arms stay alike.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec.structs import replace

from dreamloom.pod import rhythms
from dreamloom.pod.looking import Wave
from dreamloom.pod.plan import Plan
from dreamloom.pod.rhythms import Audit, Lane, Met, MetSpindle, Moment, Rhythm
from dreamloom.pod.tracking import BelievedSecond
from dreamloom.record.events import PhaseChecked, PhaseWindowOpened, SpindleChecked
from dreamloom.rhythm.learning import CERTAIN_S
from dreamloom.signals.blocks import Channel, GridSecond, StreamInfo
from dreamloom.signals.looks import look_at
from dreamloom.signals.quality import wrong_in
from dreamloom.staging.track import montage
from dreamloom.vetoes.cue import REACH_S
from dreamloom.vocabulary.units import NightTime, Seconds

BEFORE_CHECK, CHECKS = 8, 1
"""So many cues, then so many silent moments, where the dreamscape names no blocks: one in nine is a check. Ours."""


SUPPOSED_OUTPUT_S = Seconds(0.1)
"""How late an output is that nobody has, in a rehearsal: more than most that were measured. Ours."""
_NOTHING = np.zeros(0)


class Blocks(NamedTuple):
    """How many sound before how many stay silent, and how far it is in them."""

    on: int
    off: int
    sounded: int = 0
    silent: int = 0

    @property
    def is_silent(self) -> bool:
        return self.sounded >= self.on

    def after(self, *, is_cue: bool) -> "Blocks":
        if is_cue:
            return self._replace(sounded=self.sounded + 1)
        if not self.is_silent:
            return self
        return self._replace(silent=self.silent + 1) if self.silent + 1 < self.off else Blocks(self.on, self.off)


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """One part's wave at one bed.

    Attributes:
        part: its number.
        place: of its channel among the stream's.
        wanted: whether the part's own gate is open in the second that comes next.
        waiting: cues whose phase is not certain yet: when each sounded, by its id.
    """

    part: int
    place: int
    channel: Channel
    state: Rhythm
    blocks: Blocks
    wanted: bool = False
    waiting: Mapping[str, NightTime]

    @property
    def wave(self) -> Wave:
        """As the part's look sees it."""
        state = self.state
        return Wave(state.next_index, state.tau_s, is_uncertain=state.uncertain, is_silent=self.blocks.is_silent)

    @property
    def deep(self) -> bool | None:
        """What the track is told: outside the part's gate no wave is met, inside it their own power decides."""
        return None if self.wanted else False


def watched(plan: Plan, stream: StreamInfo, output_s: Seconds | None) -> tuple[Watched, ...]:
    """The waves that the parts of a plan wait for, before the first second; none where nobody knows its output."""
    if output_s is None or not plan.phased or all(channel.kind != "EEG" for channel in stream.channels):
        return ()
    place = montage(stream.channels).indices[0]
    tau_s = Seconds(stream.delay_s + REACH_S + output_s)
    return tuple(
        Watched(
            part=number,
            place=place,
            channel=stream.channels[place],
            state=rhythms.begun(plan.parts[number], stream.grid_hz, tau_s=tau_s),
            blocks=_blocks(plan, number),
            waiting={},
        )
        for number in plan.phased
    )


def supposed(plan: Plan) -> tuple[Watched, ...]:
    """The same at a bed without samples: what might be met, drawn from the plan's seed and no evidence of anything."""
    tau_s = Seconds(REACH_S + SUPPOSED_OUTPUT_S)
    return tuple(
        Watched(
            part=number,
            place=0,
            channel=Channel("", "EEG"),
            state=rhythms.supposed(plan.parts[number], number, seed=plan.seed, tau_s=tau_s),
            blocks=_blocks(plan, number),
            waiting={},
        )
        for number in plan.phased
    )


def _blocks(plan: Plan, number: int) -> Blocks:
    blocks = plan.parts[number].blocks
    return Blocks(blocks.on, blocks.off) if blocks else Blocks(BEFORE_CHECK, CHECKS)


class Heard(NamedTuple):
    """What one second showed of a wave.

    Attributes:
        moments: that were met in it, at most one.
        checked: silent ones whose phase is certain by now.
        met: the phase of cues, by their id; None where it will never be known.
    """

    watched: Watched
    moments: Sequence[Moment]
    checked: Sequence[PhaseChecked | SpindleChecked]
    met: Mapping[str, Met | MetSpindle | None]


def heard(before: Watched, second: GridSecond | BelievedSecond) -> Heard:
    """Takes one second."""
    broken = dict.fromkeys(before.waiting) if second.index != before.state.next_index else {}
    if isinstance(second, BelievedSecond):
        before = replace(before, state=rhythms.believed(before.state, second))
    samples_uv = second.samples_uv[:, before.place] if isinstance(second, GridSecond) else _NOTHING
    good = isinstance(second, GridSecond) and _is_good(before, second)
    state, moments, audits = rhythms.step(before.state, second.index, samples_uv, good=good, deep=before.deep)
    known = {} if broken else _known(before, audits)
    late = {
        name: None
        for name, play_at_s in before.waiting.items()
        if name not in known and play_at_s + CERTAIN_S <= state.next_index
    }
    done = {**broken, **late, **known}
    checked = [rhythms.checked(audit, before.part) for audit in audits if audit.teaches]
    waiting = {name: at_s for name, at_s in before.waiting.items() if name not in done}
    return Heard(replace(before, state=state, waiting=waiting), moments, checked, done)


def _known(before: Watched, audits: Sequence[Audit]) -> dict[str, Met | MetSpindle | None]:
    of = {play_at_s: name for name, play_at_s in before.waiting.items()}
    return {of[audit.play_at_s]: rhythms.met(before.state, audit) for audit in audits if audit.play_at_s in of}


def _is_good(before: Watched, second: GridSecond) -> bool:
    looks = look_at([second])
    return not looks[0].is_lossy and not wrong_in(looks, [before.channel], [before.place]).any()


def cued(before: Watched, moment: Moment, name: str) -> Watched:
    """This moment is a cue's: its audit comes under that id and teaches nothing, whatever sounded."""
    state = rhythms.with_cue(before.state, moment)
    blocks = before.blocks.after(is_cue=True)
    return replace(before, state=state, blocks=blocks, waiting={**before.waiting, name: moment.play_at_s})


def followed(before: Watched, play_at_s: NightTime, name: str) -> Watched:
    """A cue of a train comes behind one of a wave: audited and kept from what is learned as that one."""
    state = rhythms.followed(before.state, play_at_s)
    return replace(before, state=state, waiting={**before.waiting, name: play_at_s})


def passed(before: Watched) -> Watched:
    """A moment was met and nothing is to sound: one of a silent block, or one that no window allowed."""
    return replace(before, blocks=before.blocks.after(is_cue=False))


def warmed(before: Watched) -> Watched:
    """After stored seconds were heard again: which of their moments were cues is not asked, so that none teaches."""
    return replace(before, state=rhythms.warmed(before.state), wanted=False, waiting={})


def ahead(before: Watched, window: PhaseWindowOpened) -> Lane | None:
    """The second of a window, to be heard bin by bin; None where it is not the one that comes next."""
    return rhythms.lane_of(before.state, deep=before.deep) if int(window.onset_s) == before.state.next_index else None
