"""What does "sim:lucid,start=3h,drop=1200+20" ask for? A person, a stretch of night, and what goes wrong with it."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

from dreamloom.dreamscape.waking import By
from dreamloom.sleeper.presets import PRESETS
from dreamloom.vocabulary.errors import ConfigError

RATE_RANGE_HZ = (64.0, 1024.0)
"""Eye movements and spindles need the lower end; the upper end is ours, for speed."""
_UNIT_S = {"s": 1.0, "min": 60.0, "h": 3600.0}
BODY = frozenset({"heart", "breath"})
EARS, ANSWERS = frozenset({"ears"}), frozenset({"ears", "answers"})
_WAYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Fault:
    """A stretch [onset_s, onset_s + duration_s) of stream time that goes wrong."""

    onset_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        return self.onset_s + self.duration_s


@dataclass(frozen=True, slots=True)
class SleeperSpec:
    """What "sim:lucid,start=3h,hours=1.5,rate=256,drop=1200+20,late=1800+5" asks for.

    Attributes:
        preset: which kind of person.
        start_s: stream second 0 is this long after the sleeper's lights-off.
        duration_s: when the stream ends; None if not said.
        rate_hz: true sampling rate; None if not said.
        drops: samples of these stretches never come.
        lates: samples of these stretches come all at once when the stretch is over.
        traits: what is said of the person beyond the preset, as trait and value.
        with_body: whether heart and breath are recorded too.
        with_ears: whether the sleeper hears what the bed's speaker plays.
        with_answers: whether they answer the questions of a dialogue that they hear and know that they dream.
        answers_by: the one way in which they do; None: by the first that the dialogue names and the bed shows.
    """

    preset: str
    start_s: int = 0
    duration_s: float | None = None
    rate_hz: float | None = None
    drops: tuple[Fault, ...] = ()
    lates: tuple[Fault, ...] = ()
    traits: tuple[tuple[str, float], ...] = ()
    with_body: bool = False
    with_ears: bool = False
    with_answers: bool = False
    answers_by: By | None = None


def read_spec(text: str) -> SleeperSpec:
    """The text after "sim:" as a spec: a preset, then key=value parts separated by commas.

    Raises:
        ConfigError: DL-E341 for an unknown preset, DL-E342 for an unknown or unreadable part.
    """
    preset, *parts = (part.strip() for part in text.split(","))
    if preset not in PRESETS:
        raise _unknown("DL-E341", "simulated sleeper", preset, tuple(PRESETS))
    spec = SleeperSpec(preset)
    for part in parts:
        spec = _with_part(spec, part)
    return spec


def _with_part(spec: SleeperSpec, part: str) -> SleeperSpec:
    key, _, value = part.partition("=")
    if key not in _PARTS:
        raise _unknown("DL-E342", "part of a simulated sleeper", key, tuple(_PARTS))
    try:
        return _PARTS[key](spec, value)
    except ValueError as error:
        raise ConfigError(
            "DL-E342", f'Cannot read "{part}" of a simulated sleeper.', why=str(error), do=f"For example: {_EXAMPLE}"
        ) from error


_EXAMPLE = "sim:lucid,start=3h,hours=1.5,rate=256,drop=1200+20,late=1800+5"


def _unknown(code: str, what: str, value: str, known: tuple[str, ...]) -> ConfigError:
    near = difflib.get_close_matches(value, known, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"For example: {_EXAMPLE}"
    return ConfigError(code, f'There is no {what} "{value}".', why=f"There are: {', '.join(known)}.", do=hint)


def _number(text: str, low: float, high: float) -> float:
    value = float(text)
    if not low <= value <= high:
        message = f"{value:g} lies outside {low:g} to {high:g}."
        raise ValueError(message)
    return value


def _seconds(text: str, low: float = 0.0) -> float:
    """Reads "1200", "45s", "90min", "3h" as seconds, at most a week."""
    unit = next((unit for unit in ("min", "h", "s") if text.endswith(unit)), "")
    return _number(str(float(text.removesuffix(unit)) * _UNIT_S.get(unit, 1.0)), low, 604_800.0)


def _fault(text: str) -> Fault:
    onset, plus, duration = text.partition("+")
    if not plus:
        message = "A fault is written onset+duration in seconds, as in 1200+20."
        raise ValueError(message)
    return Fault(_seconds(onset), _seconds(duration, low=0.001))


def _with(spec: SleeperSpec, text: str) -> SleeperSpec:
    parts = frozenset(text.split("+"))
    if parts not in {BODY, EARS, BODY | EARS, ANSWERS, BODY | ANSWERS}:
        message = f'"{text}" is not "heart+breath", "ears", "ears+answers", or "heart+breath" and one of these.'
        raise ValueError(message)
    return replace(spec, with_body=parts >= BODY, with_ears=parts >= EARS, with_answers=parts >= ANSWERS)


def _by(spec: SleeperSpec, text: str) -> SleeperSpec:
    by = next((each for each in _WAYS if each == text), None)
    if by is None:
        message = f'"{text}" is not one of {", ".join(_WAYS)}.'
        raise ValueError(message)
    return replace(spec, answers_by=by)


def _trait(name: str, low: float, high: float) -> Callable[[SleeperSpec, str], SleeperSpec]:
    def with_trait(spec: SleeperSpec, text: str) -> SleeperSpec:
        return replace(spec, traits=(*spec.traits, (name, _number(text, low, high))))

    return with_trait


_PARTS: dict[str, Callable[[SleeperSpec, str], SleeperSpec]] = {
    "start": lambda spec, text: replace(spec, start_s=round(_seconds(text))),
    "hours": lambda spec, text: replace(spec, duration_s=3600.0 * _number(text, 1 / 3600, 168.0)),
    "rate": lambda spec, text: replace(spec, rate_hz=_number(text, *RATE_RANGE_HZ)),
    "drop": lambda spec, text: replace(spec, drops=(*spec.drops, _fault(text))),
    "late": lambda spec, text: replace(spec, lates=(*spec.lates, _fault(text))),
    "with": _with,
    "by": _by,
    "answering": _trait("answering", 0.0, 1.0),
    "knowing": _trait("knowing", 0.0, 1.0),
    "signals": _trait("lucid_signals_per_h", 0.0, 60.0),
    "lucidity": _trait("lucidity", 0.0, 1.0),
    "spread": _trait("signal_spread", 0.0, 1.0),
    "repeats": _trait("signal_repeats", 0.0, 1.0),
    "practised": _trait("practised", 0.0, 20.0),
    "lookalikes": _trait("look_alikes_per_h", 0.0, 60.0),
    "nightmares": _trait("nightmares_per_h", 0.0, 2.0),
    "outings": _trait("outings_per_h", 0.0, 2.0),
    "loose": _trait("loose_per_h", 0.0, 2.0),
    "grinding": _trait("grinding_per_h", 0.0, 60.0),
    "waking": _trait("waking_db", 0.0, 120.0),
}
"""Rates are per hour; signals, lookalikes and nightmares per hour of REM, grinding per hour of N1 and N2. repeats:
1 for a signal that is given twice in a row. answering, knowing: chances. practised: how many are made awake. waking:
the level at the pillow, in dB, that arouses from N2 one time in two."""
