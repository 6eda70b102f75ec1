"""What does a sound do to a sleeper? K-complexes, arousals, awakenings, the agreed signal: (state, sound) -> both.

Every figure here is an assumption for plumbing. Papers set directions and orders of magnitude; none sets a parameter.
"""

import math
from typing import NamedTuple

from dreamloom.sleeper import gaze
from dreamloom.sleeper.answering import Given, Question
from dreamloom.sleeper.happenings import Happening
from dreamloom.sleeper.stages import N1, N2, N3, R, W
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.units import FloatArray

EARLIEST_S = 0.3
"""Nothing shows in any channel sooner after a sound begins. Ours; an evoked K-complex sets in about here."""
SETTLED_S = 8
"""A sound-made awakening shows first as an arousal; the stage is W from the second this long after. Ours."""


LUCK = 12 + gaze.LUCK
"""How many numbers in [0, 1) a response is made of."""


class Ear(NamedTuple):
    """One row of EARS.

    Attributes:
        raised_db: how much louder than in N2 a sound must be to arouse one time in two.
        k_share: chance of a K-complex by a loud, new, single sound.
    """

    raised_db: float
    k_share: float


EARS: dict[str, Ear] = {
    "N1": Ear(-14.0, 0.0),
    "N2": Ear(0.0, 0.65),
    "N3": Ear(15.0, 0.55),
    "tonic R": Ear(0.0, 0.0),
    "phasic R": Ear(13.0, 0.0),
}
"""Thresholds to arouse: R as N2 and both below N3 (Rechtschaffen et al. 1966, Percept Mot Skills 22:927); tonic R as
N2, phasic R as deep sleep (Ermis et al. 2010, J Sleep Res 19:400); they rise within a minute of the first spindle
(Bonnet & Moore 1982, Sleep 5:267). K-complexes in N2 somewhat more often than in N3 (Bastien & Campbell 1994, J Sleep
Res 3:65), none in R (Colrain et al. 1999, J Sleep Res 8:273). The figures are ours."""
AROUSAL_SLOPE_DB = 7.0
"""Width of the sigmoid from never to always. Ours: at 45 dB, a bedroom limit, some 8 % of new sounds arouse from N2."""
K_RAISED_DB, K_SLOPE_DB = -20.0, 8.0
"""K-complexes come at lower levels than arousals do; louder sounds evoke them more often, never larger (all or none,
Bastien & Campbell 1992, Sleep 15:236). The figures are ours."""
K_RECOVERY_S = 8.0
"""After a K-complex the next one is less likely for a while: rare tones evoke more (every 30 s against 5 or 10 s,
Bastien & Campbell 1994). Ours."""
HABITUATION_DB, HABITUATION_MOST_DB, HABITUATION_S = 2.0, 14.0, 600.0
"""A heard sound raises the next one's threshold, up to a bound, and that wears off. Ours."""
SENSITISATION_DB, SENSITISATION_S = 8.0, 60.0
"""After an arousal the next sound wakes more easily for a minute; series of impulses wake as if they were 15 to 25 dB
louder (J Acoust Soc Am 2013, 134:2011). Ours, cautious."""
SHORT_S = 0.2
"""Sounds shorter than this are heard as softer, 10 dB for a tenth of it: the ear sums loudness over some 200 ms."""
WAKING_SHARE, WAKING_SHARE_SLOPE_DB = 0.25, 12.0
"""Share of arousals at threshold that end in waking; more when louder. Ours."""


class Cue(NamedTuple):
    """A sound as it reached the pillow; onset in seconds since lights-off, and what it asks, if anything."""

    onset_s: float
    duration_s: float
    level_db: float
    asks: Question | None = None


class Heard(NamedTuple):
    """A cue with the one who hears it: who, in which stage, whether REM is phasic, and LUCK numbers in [0, 1)."""

    cue: Cue
    traits: Traits
    stage: int
    phasic: bool
    luck: FloatArray


class Hearing(NamedTuple):
    """How open the ear is, as of the latest sound heard; the start is a fresh ear."""

    heard_s: float = -math.inf
    habituation_db: float = 0.0
    aroused_s: float = -math.inf
    k_complex_s: float = -math.inf


class Woken(NamedTuple):
    """An awakening in whole seconds since lights-off: W from, N1 from, and where the planned night goes on."""

    onset_s: int
    asleep_s: int
    end_s: int


class Response(NamedTuple):
    """What a sound did; all empty when nothing did."""

    happenings: tuple[Happening, ...] = ()
    woken: Woken | None = None
    given: Given | None = None


SILENT = Response()


def respond(state: Hearing, heard: Heard) -> tuple[Hearing, Response]:
    """One sound into the ear: the ear afterwards, and what the sleeper did. Sounds below hearing change nothing."""
    cue = heard.cue
    if not loudness_db(cue) > heard.traits.hearing_db:
        return state, SILENT
    later = _habituated(state, cue.onset_s)
    if heard.stage == W:
        return later, SILENT
    if heard.luck[0] < chance_of_arousal(state, heard):
        response = _arousal(heard)
        return later._replace(aroused_s=response.happenings[-1].onset_s), response
    if heard.luck[1] < chance_of_k_complex(state, heard):
        k_complex = _k_complex(heard)
        return later._replace(k_complex_s=k_complex.onset_s), Response((k_complex,))
    if heard.stage == R and heard.luck[2] < heard.traits.lucidity:
        return later, Response((_agreed_signal(heard),))
    return later, SILENT


def is_heard_asleep(heard: Heard, response: Response) -> bool:
    """Whether the sleeper heard it, in REM, and slept on."""
    stirred = any(each.what == "arousal" for each in response.happenings)
    return heard.stage == R and not stirred and loudness_db(heard.cue) > heard.traits.hearing_db


def loudness_db(cue: Cue) -> float:
    """Level of the cue as heard: short ones are softer; -inf for no sound, or a level or length that is no number."""
    if not (cue.duration_s > 0.0 and cue.level_db < math.inf):
        return -math.inf
    return cue.level_db + 10.0 * min(0.0, math.log10(cue.duration_s / SHORT_S))


def chance_of_arousal(state: Hearing, heard: Heard) -> float:
    """0 to 1; rises with the level, falls with repetition, rises again for a while after an arousal."""
    if heard.stage == W:
        return 0.0
    onset_s = heard.cue.onset_s
    sensitised_db = SENSITISATION_DB * math.exp(-max(0.0, onset_s - state.aroused_s) / SENSITISATION_S)
    over_db = _over_db(heard) - _habituation_db(state, onset_s) + sensitised_db
    return _sigmoid(over_db / AROUSAL_SLOPE_DB)


def chance_of_k_complex(state: Hearing, heard: Heard) -> float:
    """0 to 1; none outside N2 and N3."""
    ear = EARS[_row(heard)]
    recovered = 1.0 - math.exp(-max(0.0, heard.cue.onset_s - state.k_complex_s) / K_RECOVERY_S)
    return ear.k_share * recovered * _sigmoid((_over_db(heard) + ear.raised_db - K_RAISED_DB) / K_SLOPE_DB)


def _row(heard: Heard) -> str:
    if heard.stage == R:
        return "phasic R" if heard.phasic else "tonic R"
    return {N1: "N1", N2: "N2", N3: "N3"}[heard.stage]


def _over_db(heard: Heard) -> float:
    return loudness_db(heard.cue) - heard.traits.waking_db - EARS[_row(heard)].raised_db


def _habituation_db(state: Hearing, onset_s: float) -> float:
    return state.habituation_db * math.exp(-max(0.0, onset_s - state.heard_s) / HABITUATION_S)


def _habituated(state: Hearing, onset_s: float) -> Hearing:
    grown_db = min(_habituation_db(state, onset_s) + HABITUATION_DB, HABITUATION_MOST_DB)
    return state._replace(heard_s=onset_s, habituation_db=grown_db)


def _arousal(heard: Heard) -> Response:
    """An arousal of 3 to 12 s within three seconds; often after a K-complex, sometimes into waking."""
    _, _, _, wakes, delay, length, size, awake, drowsy, with_k, *_ = heard.luck.tolist()
    onset_s = heard.cue.onset_s + 0.5 + 2.0 * delay
    share = WAKING_SHARE * math.exp(min(_over_db(heard) / WAKING_SHARE_SLOPE_DB, 1.2))
    woken = _woken(onset_s, awake, drowsy) if wakes < share else None
    duration_s = 8.0 if woken else 3.5 + 8.0 * length
    arousal = Happening("arousal", onset_s, duration_s, 11.0 if woken else 7.0 + 4.0 * size, 0.0)
    with_k_complex = heard.stage in {N2, N3} and with_k < EARS[_row(heard)].k_share
    return Response((_k_complex(heard), arousal) if with_k_complex else (arousal,), woken)


def _woken(onset_s: float, awake: float, drowsy: float) -> Woken:
    """Awake for half a minute to some minutes, then through N1 back into the planned night. Ours."""
    waking_s = math.ceil(onset_s) + SETTLED_S
    asleep_s = waking_s + round(30.0 - 60.0 * math.log(1.0 - 0.99 * awake))
    return Woken(waking_s, asleep_s, asleep_s + round(30.0 + 60.0 * drowsy))


def _k_complex(heard: Heard) -> Happening:
    """Its sharp wave peaks some 550 ms after the sound, the slow one some 950 ms."""
    late, size = heard.luck[10:12].tolist()
    size_uv = 95.0 * heard.traits.gain * heard.traits.slow_wave_gain * (0.7 + 0.7 * size)
    return Happening("k complex", heard.cue.onset_s + EARLIEST_S + 0.05 * late, 1.2, size_uv, 0.0)


def _agreed_signal(heard: Heard) -> Happening:
    """Some seconds later: it takes a while to know that one dreams."""
    delay, size = heard.luck[4:6].tolist()
    person = heard.traits
    turns = gaze.repeated_turns(heard.luck[12:], person.signal_spread, 1 + round(person.signal_repeats))
    onset_s = heard.cue.onset_s + 4.0 + 10.0 * delay
    return Happening("lucid signal", onset_s, gaze.length_s(turns), 150.0 + 40.0 * size, 0.0, turns)


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))
