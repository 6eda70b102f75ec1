"""Which drills are there? What each tries on simulated sleepers, and what its record must show afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from dreamloom.engine.loop import Outside
from dreamloom.house.drills import seen
from dreamloom.house.drills.seen import Check
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    GlitchSeen,
    MachineSlept,
    NightmareArousalSeen,
    Rearmed,
)
from dreamloom.vocabulary.units import NightTime

TROUBLE_S = 120.0
"""When it begins: by then every simulated sleeper here has been cued."""
LASTS_S = 320
ASLEEP = "sim:typical,start=1500s"
AWAY_S = 40.0
AWAY = f"{ASLEEP},drop={TROUBLE_S:g}+{AWAY_S:g}"
NOWHERE = "0" * 64
OVER_S, AGAIN_AFTER_S = 30.0, 11.0
"""A command is good for two seconds; what nobody can name is told every ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One thing that may go wrong, tried on purpose.

    Attributes:
        tries: what is done, in a sentence.
        sources: of each bed, p1 first.
        troubled: the beds it is done to; every other bed must not notice.
        script: what comes from outside.
        checks: what the record must show.
    """

    name: str
    tries: str
    sources: tuple[str, ...] = (ASLEEP, ASLEEP)
    troubled: tuple[str, ...] = ("p1",)
    script: tuple[Outside, ...] = ()
    checks: tuple[Check, ...] = ()


def _at(at_s: float, event: AnyEvent, pod: str = "p1") -> Outside:
    return Outside(known_s=NightTime(at_s), pod=pod, event=event)


def stirred(*, from_s: float = TROUBLE_S, pod: str = "p1") -> tuple[Outside, ...]:
    """A sleeper stirs as out of a nightmare, three times within a minute."""
    return tuple(_stirred(from_s + 30.0 * n, pod) for n in range(3))


def _stirred(at_s: float, pod: str) -> Outside:
    event = NightmareArousalSeen(
        onset_s=at_s, heart_per_min=92.0, usual_heart_per_min=61.0, breath_per_min=21.0, usual_breath_per_min=14.0
    )
    return _at(at_s, event, pod)


def forged(cue: str, cue_sha256: str, dreamscape_sha256: str) -> tuple[Outside, ...]:
    """Commands that no honest house would give: for another file, by another text, and one that is over."""
    order = _Order(cue, cue_sha256, dreamscape_sha256)
    another_file, another_text = replace(order, cue_sha256=NOWHERE), replace(order, dreamscape_sha256=NOWHERE)
    told = (another_file.given(TROUBLE_S), another_text.given(TROUBLE_S + 5.0), order.given(TROUBLE_S + 10.0, OVER_S))
    return tuple(_at(TROUBLE_S + 5.0 * n, given) for n, given in enumerate(told))


def replayed(cue: str, cue_sha256: str, dreamscape_sha256: str, *, from_s: float, pod: str) -> tuple[Outside, ...]:
    """A command of half a minute before, given again three times: it is refused as that, whatever the sleeper does."""
    order = _Order(cue, cue_sha256, dreamscape_sha256)
    return tuple(_at(at_s, order.given(at_s, OVER_S), pod) for at_s in (from_s + AGAIN_AFTER_S * n for n in range(3)))


@dataclass(frozen=True, slots=True)
class _Order:
    cue: str
    cue_sha256: str
    dreamscape_sha256: str

    def given(self, at_s: float, ago_s: float = 0.0) -> CommandGiven:
        return CommandGiven(
            onset_s=at_s - ago_s,
            by="somebody",
            cue=self.cue,
            cue_sha256=self.cue_sha256,
            sound_class="sleep",
            level_cap_db=45.0,
            dreamscape_sha256=self.dreamscape_sha256,
            policy_sha256=NOWHERE,
            not_after_s=at_s - ago_s + 2.0,
        )


FORGE, LID_S = "forge", 20.0

_ALL: Sequence[Drill] = (
    Drill(
        name="unplug",
        tries="A band is unplugged for 40 s.",
        sources=(AWAY, ASLEEP),
        checks=(
            seen.told("StreamLost", "the loss is told", within_s=4.0),
            seen.silent("p1 is silent while nobody sees its sleeper", from_s=3.0, to_s=40.0),
            seen.told("PodIsolated", "the guardian isolates p1", within_s=13.0),
            seen.restored("no-data", "p1 is let back by a threshold of its own", after_s=65.0),
            seen.cued("p1 is cued again", after_s=70.0),
        ),
    ),
    Drill(
        name="nightmare",
        tries="A sleeper stirs as out of a nightmare, three times within a minute.",
        script=stirred(),
        checks=(
            seen.stepped("nightmare", "SOFTEN", "cues become softer", within_s=2.0),
            seen.stepped("nightmare-again", "HOLD", "the second time, they end", within_s=32.0),
            seen.stepped("nightmare-stays", "WAKE", "the third time, the sleeper may be woken gently", within_s=62.0),
            seen.silent("no cue is due from then on", from_s=34.0, to_s=LASTS_S),
            seen.nobody_woken("nobody is woken by a dreamscape without an awakening"),
        ),
    ),
    Drill(
        name=FORGE,
        tries="Three forged commands ask p1 for a sound: another file, another dreamscape, one that is long over.",
        checks=(
            seen.refused(3, "every one of them is refused by name"),
            seen.told("PodIsolated", "the guardian lets nobody command p1", within_s=13.0),
            seen.silent("p1 is silent from then on", from_s=17.0, to_s=LASTS_S),
        ),
    ),
    Drill(
        name="network",
        tries="The network is cut for 40 s: two of three beds send nothing.",
        sources=(AWAY, AWAY, ASLEEP),
        troubled=("p1", "p2"),
        checks=(
            seen.told("StreamLost", "both losses are told", within_s=4.0),
            seen.silent("both beds are silent meanwhile", from_s=3.0, to_s=40.0),
            seen.told("LeaseLapsed", "their leases lapse", within_s=5.0),
            seen.restored("no-data", "both are let back", after_s=65.0),
            seen.cued("both are cued again", after_s=70.0),
        ),
    ),
    Drill(
        name="two-outlets",
        tries="A second outlet says that it is p1's.",
        script=(_at(TROUBLE_S, GlitchSeen(onset_s=TROUBLE_S, glitch="IMPOSTOR", differs=("twin",))),),
        checks=(
            seen.told("PodIsolated", "the guardian isolates p1", within_s=2.0),
            seen.silent("p1 is silent from then on", from_s=5.0, to_s=LASTS_S),
            seen.recorded("p1 is recorded on"),
        ),
    ),
    Drill(
        name="lid",
        tries="The lid is closed for 20 s; a minute later somebody arms the beds again.",
        troubled=("p1", "p2"),
        script=tuple(
            each
            for pod in ("p1", "p2")
            for each in (
                _at(TROUBLE_S, MachineSlept(onset_s=TROUBLE_S, slept_s=LID_S), pod),
                _at(TROUBLE_S + 80.0, Rearmed(onset_s=TROUBLE_S + 80.0, by="the drill"), pod),
            )
        ),
        checks=(
            seen.stepped("machine-slept", "NOTE", "the guardian writes it down", within_s=2.0),
            seen.silent_until_armed("every bed is silent until it is armed"),
            seen.cued("every bed is cued once it is armed", after_s=80.0),
        ),
    ),
    Drill(
        name="clock",
        tries="A clock is set forward by 5 s.",
        script=(_at(TROUBLE_S, GlitchSeen(onset_s=TROUBLE_S, glitch="CLOCK_STEP", step_s=5.0)),),
        checks=(
            seen.stepped("clock-step", "HOLD", "the guardian holds p1", within_s=2.0),
            seen.silent("cues pause", from_s=5.0, to_s=60.0),
            seen.restored("clock-step", "p1 is let back a minute later", after_s=60.0),
            seen.cued("p1 is cued again", after_s=60.0),
        ),
    ),
)
DRILLS: Mapping[str, Drill] = MappingProxyType({drill.name: drill for drill in _ALL})
