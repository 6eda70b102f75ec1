"""What is the night's time on another machine's clock, and how far may that be wrong? Pings, and what they prove.

A pod asks, the house answers, and each writes down when (Mills, RFC 5905, figure 1). No message arrives before it is
sent, so one exchange proves two things: night time less pod time is at least what the answer's way back shows, and at
most what the question's way there shows. Both are carried to now by how fast two crystals can drift apart, and every
exchange of the last minutes is laid over the others (Marzullo, 1984): the quickest question and the quickest answer
decide, as in the smallest round trip of NTP, and half of the two is the bound. No symmetry of the network is assumed
for the bound; a lasting difference between the two ways is inside it, and cannot be seen by anybody.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds

WINDOW_S = Seconds(300.0)
"""So far back exchanges are remembered. Ours: long enough for two quick ones on a busy radio, short beside a bedroom's
changes of temperature."""
MOST_PINGS = 150
"""And so many of them: one every two seconds."""
LEAST_PINGS = 4
"""Fewer bound nothing: one that was stamped wrongly would stand unopposed. Ours."""
MOST_DRIFT = 100e-6
"""Two crystals of 50 ppm each, the widest that data sheets of phones and boards allow."""
WANDER_PER_S = 1e-8
"""By how much a drift changes in a second at most: 1 ppm a kelvin, warmed by 0.6 K a minute. Ours."""
STAMP_S = 1e-6
"""Stamps are told to the microsecond, and a difference of two large ones is no finer."""
QUICKEST_SHARE = 0.25
"""Of the exchanges remembered, those with the smallest round trips, by which the drift is told."""
MOST_BOUND_S = Seconds(0.050)
"""A pod that may be further off does not arm: what two sleepers exchange needs no better, and what is phase-locked is
decided on the pod itself. Ours."""


class Ping(NamedTuple):
    """One exchange: asked and heard back by the pod's own clock, heard and answered by the night's.

    The pod's clock is one that never steps and counts suspension: its boot clock.
    """

    sent_s: Seconds
    heard_s: NightTime
    answered_s: NightTime
    back_s: Seconds

    @property
    def round_trip_s(self) -> Seconds:
        """How long both ways took together."""
        return Seconds((self.back_s - self.sent_s) - (self.answered_s - self.heard_s))


class Held(NamedTuple):
    """Between these lies what is to be added to the pod's time; `likely_s` is inside."""

    least_s: float
    likely_s: float
    most_s: float

    @property
    def bound_s(self) -> Seconds:
        """How far `likely_s` may be off."""
        return Seconds(max(self.likely_s - self.least_s, self.most_s - self.likely_s))


@dataclass(frozen=True, slots=True)
class PodClock:
    """What a pod's exchanges prove of its clock, oldest first.

    Attributes:
        drift: how much more night time passes than pod time, per second: the likely value.
        least_drift, most_drift: bounds that the exchanges put on its mean.
        begun_anew: how often exchanges contradicted each other, so that all before were forgotten.
    """

    pings: tuple[Ping, ...] = ()
    drift: float = 0.0
    least_drift: float = -MOST_DRIFT
    most_drift: float = MOST_DRIFT
    begun_anew: int = 0
    _least: FloatArray = field(default_factory=lambda: np.empty((0, 2)), repr=False, compare=False)
    _most: FloatArray = field(default_factory=lambda: np.empty((0, 2)), repr=False, compare=False)

    def night_time(self, local_s: Seconds) -> NightTime | None:
        """The night's time at this moment of the pod's clock; None while nothing bounds it."""
        held = self.held(local_s)
        return None if held is None else NightTime(local_s + held.likely_s)

    def bound_s(self, local_s: Seconds) -> Seconds | None:
        """How far `night_time` may be wrong then: it grows with the age of what is known."""
        held = self.held(local_s)
        return None if held is None else held.bound_s

    def held(self, local_s: Seconds) -> Held | None:
        """Night time less pod time at this moment of the pod's clock; None while nothing bounds it."""
        return self._held(local_s) if len(self.pings) >= LEAST_PINGS else None

    def _held(self, local_s: float) -> Held:
        from_least_s, from_most_s = local_s - self._least[:, 0], local_s - self._most[:, 0]
        change = WANDER_PER_S * max(abs(local_s - self.pings[0].sent_s), self.pings[-1].back_s - self.pings[0].sent_s)
        slow = max(self.least_drift - change, -MOST_DRIFT)
        fast = min(self.most_drift + change, MOST_DRIFT)
        least_s = float(np.max(self._least[:, 1] + np.minimum(slow * from_least_s, fast * from_least_s)))
        most_s = float(np.min(self._most[:, 1] + np.maximum(slow * from_most_s, fast * from_most_s)))
        back_s = float(np.max(self._least[:, 1] + self.drift * from_least_s))
        there_s = float(np.min(self._most[:, 1] + self.drift * from_most_s))
        return Held(least_s, min(max((back_s + there_s) / 2.0, least_s), most_s), most_s)


def heard(clock: PodClock, ping: Ping) -> PodClock:
    """The clock after one more exchange.

    One that contradicts the others says that a clock stepped, and nobody knows which: all is forgotten but the newest,
    and nothing is bounded until LEAST_PINGS agree again.
    """
    if ping.round_trip_s < -STAMP_S or ping.answered_s < ping.heard_s or ping.back_s < ping.sent_s:
        return PodClock(begun_anew=clock.begun_anew + 1)
    kept = [each for each in clock.pings if ping.back_s - each.sent_s <= WINDOW_S][-(MOST_PINGS - 1) :]
    if kept and ping.sent_s < kept[-1].sent_s:
        return clock  # overtaken by a later one, which told more
    after = _learned((*kept, ping), begun_anew=clock.begun_anew)
    return after if _agrees(after) else _learned((ping,), begun_anew=clock.begun_anew + 1)


def may_arm(clock: PodClock, local_s: Seconds, *, most_s: Seconds = MOST_BOUND_S) -> bool:
    """Whether a pod knows the night's time well enough to be armed; one without a bound is not."""
    return is_bounded(clock.bound_s(local_s), most_s=most_s)


def is_bounded(bound_s: float | None, *, most_s: Seconds = MOST_BOUND_S) -> bool:
    """True for a bound that is known and small enough."""
    return bound_s is not None and bound_s <= most_s


def _learned(pings: tuple[Ping, ...], *, begun_anew: int) -> PodClock:
    least = np.array([(ping.back_s, ping.answered_s - ping.back_s - STAMP_S) for ping in pings])
    most = np.array([(ping.sent_s, ping.heard_s - ping.sent_s + STAMP_S) for ping in pings])
    slow, fast = _drift_bounds(least, most)
    drift = min(max(_likely_drift(pings, least, most), slow), fast) if slow <= fast else 0.0
    return PodClock(pings, drift, slow, fast, begun_anew, least, most)


def _agrees(clock: PodClock) -> bool:
    """False where no clock that drifts as crystals do can have given all of these exchanges."""
    span_s = clock.pings[-1].back_s - clock.pings[0].sent_s
    held = clock._held(clock.pings[-1].back_s)  # noqa: SLF001 - its own module
    return held.least_s <= held.most_s and clock.least_drift - clock.most_drift <= 2.0 * WANDER_PER_S * span_s


def _drift_bounds(least: FloatArray, most: FloatArray) -> tuple[float, float]:
    """What a bound at one moment and an opposite one at a later moment leave for the drift between them."""
    slow = _slopes(most, least)
    fast = _slopes(least, most)
    return (
        float(np.max(slow, initial=-MOST_DRIFT)),
        float(np.min(fast, initial=MOST_DRIFT)),
    )


def _slopes(earlier: FloatArray, later: FloatArray) -> FloatArray:
    """[m] slopes of the lines from each of `earlier` to each of `later` that does come later."""
    apart_s = later[np.newaxis, :, 0] - earlier[:, np.newaxis, 0]
    rise_s = later[np.newaxis, :, 1] - earlier[:, np.newaxis, 1]
    comes_later = apart_s > 0.0
    return np.asarray(rise_s[comes_later] / apart_s[comes_later])


def _likely_drift(pings: tuple[Ping, ...], least: FloatArray, most: FloatArray) -> float:
    """The median slope (Theil, 1950; Sen, 1968) through the middles of the quickest exchanges; 0 for too few."""
    trips_s = np.array([ping.round_trip_s for ping in pings])
    count = int(len(pings) * QUICKEST_SHARE)
    if count < LEAST_PINGS:
        return 0.0
    quickest = np.sort(np.argsort(trips_s, kind="stable")[:count])
    middles = (least[quickest] + most[quickest]) / 2.0
    return float(np.median(_slopes(middles, middles)))
