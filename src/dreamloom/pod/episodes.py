"""Which silences were not told yet? Open episodes of withholding: bookkeeping of what is still to be said.

They decide nothing and are no part of the decision state: an episode becomes one CueWithheld when it ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dreamloom.record.events import CueForbidden, CueWithheld, WithheldReason
from dreamloom.vocabulary.units import NightTime, Seconds


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of not playing one part's cue for one reason; `policies` are ids, where it was the house's rules."""

    cue: str
    part: int
    reason: WithheldReason
    since_s: NightTime
    last_occasion_s: NightTime
    count: int
    policies: tuple[str, ...] = ()


Episodes = Mapping[int, Episode]
"""Open episodes by the number of their part."""


def let_pass(episode: Episode, now_s: NightTime, *, every_s: Seconds) -> Episode:
    """The episode goes on; each every_s it counts one more occasion that was let pass."""
    if now_s - episode.last_occasion_s < every_s:
        return episode
    return replace(episode, last_occasion_s=now_s, count=episode.count + 1)


def told(episode: Episode, now_s: NightTime) -> CueWithheld:
    """The episode as the record keeps it, ended now."""
    return CueWithheld(
        onset_s=episode.since_s,
        cue=episode.cue,
        part=episode.part,
        reason=episode.reason,
        until_s=now_s,
        count=episode.count,
    )


def forbidden(episode: Episode, policy_sha256: str) -> CueForbidden:
    """Which rules of the house began this episode."""
    return CueForbidden(
        onset_s=episode.since_s,
        cue=episode.cue,
        part=episode.part,
        policies=episode.policies,
        policy_sha256=policy_sha256,
    )
