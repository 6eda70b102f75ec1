"""Did this sleeper start up as out of a nightmare? REM, heart and breath quickened for a while, then stirring.

That heart and breath quicken over the last minutes of a nightmare is old (Fisher et al. 1970, J Am Psychoanal Assoc
18:747); not every nightmare shows it, so that silence here means nothing. What the body did before it stirred counts,
because every arousal quickens the heart for some ten seconds. The figures are ours. Needs a heart and a breath channel.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import is_lossy
from dreamloom.vocabulary.units import FloatArray, NightTime, to_four_places, to_microsecond

HEART_HZ, HEART_S = 32, 8
"""Upstrokes are looked at so often, over so long: eight beats and more."""
PERIOD_S = (0.33, 1.5)
"""From one beat to the next: 40 to 180 a minute."""
FIRST_LAG, LAST_LAG = (round(period_s * HEART_HZ) for period_s in PERIOD_S)
_SHARED = np.arange(HEART_S * HEART_HZ, 0.0, -1.0)[: LAST_LAG + 2]
"""How many samples a window shares with itself, so much later."""
LEAST_RHYTHM = 0.2
"""Autocorrelation at the beat, below which there is none to be seen."""
SHORTEST_SHARE = 0.75
"""The shortest period that comes this near the best one is the beat; its multiples are as good."""
BREATH_HZ, BREATH_S = 10, 20
"""Five breaths; how fast they are is told by slope over size, so that deep ones count as shallow ones, in any unit."""
USUAL_S, LEAST_USUAL_S, RENEWED_S = 300, 120, 10
"""A sleeper's usual rates: the median of five minutes, after two, found anew every 10 s."""
QUICKENED_X = 1.12
"""What counts as quickened, of heart and breath: a heart usually at 60 a minute goes at 67 then."""
BEFORE_S, QUICKENED_S = 60, 20
"""A third of the last minute must have been."""
SURGE_S = 20
"""An arousal's own surge is over by then, and does not count."""
REM_WITHIN_S = 30
"""Waking may show in a live estimate before anybody stirs: REM may be over for so long."""
TOLD_ONCE_S = 300
_BLANK = np.empty(0)
IntpArray = npt.NDArray[np.intp]


class Leads(NamedTuple):
    """Places of the heart and the breath among a bed's channels."""

    heart: int
    breath: int


class Nightmare(NamedTuple):
    """Known at onset_s: fastest rate of the heart in the minute before, its usual one, and the same of the breath."""

    onset_s: NightTime
    heart_per_min: float
    usual_heart_per_min: float
    breath_per_min: float
    usual_breath_per_min: float


class NightmareState(NamedTuple):
    """What the next second is judged beside.

    Attributes:
        upstrokes: [sample], the heart's, of the last 8 s.
        breath: [sample], the belt, of the last 20 s.
        rates: [second, 2], of heart and breath, a minute, over the last five minutes; NaN where unknown.
        usual: [2], their medians; inf until they are known.
        quickened: whether both were, in each second of the last minute, oldest first.
        newest: the newest second.
        still_s: seconds since an arousal or a movement went on.
        rem_s: seconds since the newest estimate was R.
        quiet_s: seconds since one was told.
    """

    leads: Leads
    upstrokes: FloatArray = _BLANK
    breath: FloatArray = _BLANK
    rates: FloatArray = np.empty((0, 2))
    usual: FloatArray = np.full(2, np.inf)
    quickened: tuple[bool, ...] = ()
    newest: int = -1
    still_s: int = 0
    rem_s: int = REM_WITHIN_S + 1
    quiet_s: int = TOLD_ONCE_S


def leads(channels: Sequence[Channel]) -> Leads | None:
    """The heart (an ECG before a pulse wave) and the breath (a belt or airflow); None where one of them is missing."""
    hearts, breaths = _hearts(channels), _breaths(channels)
    return Leads(hearts[0], breaths[0]) if hearts and breaths else None


def missing(channels: Sequence[Channel]) -> list[str]:
    """Which of heart and breath these channels do not show."""
    shown = {"heart": _hearts(channels), "breath": _breaths(channels)}
    return [name for name, places in shown.items() if not places]


def _hearts(channels: Sequence[Channel]) -> list[int]:
    return [place for kind in ("ECG", "PPG") for place, channel in enumerate(channels) if channel.kind == kind]


def _breaths(channels: Sequence[Channel]) -> list[int]:
    return [place for place, each in enumerate(channels) if each.kind == "RESP" and _is_breath(each.label)]


def _is_breath(label: str) -> bool:
    return not any(word in label.lower() for word in ("spo2", "sao2", "snor", "mic"))


def start(shown: Leads) -> NightmareState:
    """Nothing seen yet."""
    return NightmareState(shown)


class Moment(NamedTuple):
    """A second, whether an arousal or a movement goes on in it, and whether the stage is R."""

    second: GridSecond
    stirring: bool
    in_rem: bool


Stepped = tuple[NightmareState, Nightmare | None]


def step(state: NightmareState, second: GridSecond, *, stirring: bool, in_rem: bool) -> Stepped:
    """Takes the next whole second, whether an arousal or a movement goes on in it, and whether the stage is R."""
    (stepped,) = step_many([(state, Moment(second, stirring, in_rem))])
    return stepped


def step_many(sleepers: Sequence[tuple[NightmareState, Moment]]) -> list[Stepped]:
    """`step` for many sleepers at once, in their order: what their bodies do is measured together."""
    measured = _measured(sleepers)
    return [_stepped(state, moment) for state, (_, moment) in zip(measured, sleepers, strict=True)]


def _stepped(state: NightmareState, moment: Moment) -> Stepped:
    state = state._replace(
        still_s=0 if moment.stirring else state.still_s + 1,
        rem_s=0 if moment.in_rem else state.rem_s + 1,
        quiet_s=state.quiet_s + 1,
    )
    is_one = moment.stirring and state.rem_s <= REM_WITHIN_S and sum(state.quickened) >= QUICKENED_S
    if not is_one or state.quiet_s < TOLD_ONCE_S:
        return state, None
    heart, breath = np.nanmax(state.rates[-BEFORE_S:], axis=0)
    rates = (heart, state.usual[0], breath, state.usual[1])
    return state._replace(quiet_s=0), Nightmare(to_microsecond(moment.second.index + 1.0), *map(_told, rates))


def _told(rate: float) -> float:
    return to_four_places(float(rate))


def _measured(sleepers: Sequence[tuple[NightmareState, Moment]]) -> list[NightmareState]:
    """Each with one second more of the body; after a loss its rhythms are found anew."""
    grown = [_grown(state, moment.second) for state, moment in sleepers]
    beats = _of_whole([state.upstrokes for state in grown], HEART_S * HEART_HZ, beats_per_min)
    breaths = _of_whole([state.breath for state in grown], BREATH_S * BREATH_HZ, breaths_per_min)
    now = np.stack([beats, breaths], axis=1)
    return [_remembering(state, rates) for state, rates in zip(grown, now, strict=True)]


def _grown(state: NightmareState, second: GridSecond) -> NightmareState:
    if second.index != state.newest + 1 or is_lossy(second):
        state = state._replace(upstrokes=_BLANK, breath=_BLANK)
    heart_uv, belt = second.samples_uv[:, state.leads.heart], second.samples_uv[:, state.leads.breath]
    upstrokes = np.concatenate([state.upstrokes, _upstrokes(heart_uv)])[-HEART_S * HEART_HZ :]
    breath = np.concatenate([state.breath, _binned(belt, BREATH_HZ)])[-BREATH_S * BREATH_HZ :]
    return state._replace(upstrokes=upstrokes, breath=breath, newest=second.index)


def _of_whole(windows: Sequence[FloatArray], whole: int, rate: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """[sleeper]: the rate over each window that is whole, NaN for the others."""
    rates = np.full(len(windows), np.nan)
    places = [place for place, window in enumerate(windows) if len(window) == whole]
    if places:
        rates[places] = rate(np.array([windows[place] for place in places]))
    return rates


def _remembering(state: NightmareState, now: FloatArray) -> NightmareState:
    rates = np.concatenate([state.rates, now[np.newaxis]])[-USUAL_S:]
    quickened = state.still_s >= SURGE_S and bool((now >= QUICKENED_X * state.usual).all())
    return state._replace(
        rates=rates,
        usual=_usual(rates) if state.newest % RENEWED_S == 0 else state.usual,
        quickened=(*state.quickened, quickened)[-BEFORE_S:],
    )


def _usual(rates: FloatArray) -> FloatArray:
    known = rates[~np.isnan(rates).any(axis=1)]
    return np.median(known, axis=0) if len(known) >= LEAST_USUAL_S else np.full(2, np.inf)


def beats_per_min(upstrokes: FloatArray) -> FloatArray:
    """[sleeper] of the last 8 s of each heart, as [sleeper, sample], its upstrokes at 32 Hz; NaN without a rhythm."""
    n = upstrokes.shape[1]
    spectrum = rfft(upstrokes - np.add.reduce(upstrokes, axis=1, keepdims=True) / n, 2 * n, axis=1)
    alike = irfft(spectrum.real**2 + spectrum.imag**2, axis=1)[:, : LAST_LAG + 2] / _SHARED
    before, at, after = alike[:, FIRST_LAG - 1 : -2], alike[:, FIRST_LAG:-1], alike[:, FIRST_LAG + 1 :]
    peaks = np.where((at >= before) & (at >= after), at, -np.inf)
    best = peaks.max(axis=1).tolist()
    rates = np.full(len(upstrokes), np.nan)
    for row, whole in enumerate(alike[:, 0].tolist()):
        if whole > 0.0 and best[row] >= LEAST_RHYTHM * whole:
            beat = int(np.argmax(peaks[row] >= SHORTEST_SHARE * best[row]))
            summit = _summit(*alike[row, FIRST_LAG + beat - 1 : FIRST_LAG + beat + 2].tolist())
            rates[row] = 60.0 * HEART_HZ / (FIRST_LAG + beat + summit)
    return rates


def _summit(before: float, at: float, after: float) -> float:
    """Where between three samples their parabola is highest, from the middle one."""
    bend = before - 2.0 * at + after
    return 0.5 * (before - after) / bend if bend < 0.0 else 0.0


def _upstrokes(heart_uv: FloatArray) -> FloatArray:
    """One bump a beat, in an ECG as in a pulse wave, whichever way its electrodes are put on."""
    return _binned(np.maximum(heart_uv[1:] - heart_uv[:-1], 0.0), HEART_HZ)


def breaths_per_min(breath: FloatArray) -> FloatArray:
    """[sleeper] of the last 20 s of each belt or airflow, as [sleeper, sample] at 10 Hz; NaN where nothing moves."""
    centred = breath - np.add.reduce(breath, axis=1, keepdims=True) / breath.shape[1]
    size = np.add.reduce(centred**2, axis=1)
    slope = (centred[:, 2:] - centred[:, :-2]) * (BREATH_HZ / 2.0)
    size[size == 0.0] = np.nan
    return np.asarray(np.sqrt(np.add.reduce(slope**2, axis=1) / size) * (60.0 / (2.0 * np.pi)))


def _binned(samples: FloatArray, bins: int) -> FloatArray:
    """[n] of one second to [bins], its mean in each, for any n of at least as many."""
    starts, counts = _bins(len(samples), bins)
    return np.asarray(np.add.reduceat(samples, starts) / counts)


@cache
def _bins(n: int, bins: int) -> tuple[IntpArray, FloatArray]:
    """Where each of the bins begins, and how many samples it holds."""
    starts = np.arange(bins) * n // bins
    return starts, np.diff(starts, append=n).astype(np.float64)
