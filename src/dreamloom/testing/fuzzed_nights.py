"""What happens in a night in which everything goes wrong? Random dreamscapes, consents, losses, steps and crashes.

The real engine, pods, vetoes and speaker; only the samples are left out, since what a pod believes of them is enough
to decide. The same (seed, number) gives the same night.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from dreamloom.adapters.simulated_beliefs import BelievedIntake
from dreamloom.adapters.speaker.heard import HeardSpeaker
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import sha256
from dreamloom.dreamscape.unstaged import PodKind
from dreamloom.engine.bedside import REARMED_BY_CONSENT, Bedside
from dreamloom.engine.clocks import VirtualClock
from dreamloom.engine.gatekeeper import OpenGate
from dreamloom.engine.loop import NightEngine, Outside
from dreamloom.house import opening_events
from dreamloom.house.asked import Asked
from dreamloom.house.cue_sounds import Shelf, make_sounds
from dreamloom.house.kept_ledger import KeptLedger
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.house.rehearsed_night import SHOWN
from dreamloom.house.resuming import Past
from dreamloom.house.starting_states import starting_night, starting_pod
from dreamloom.house.supporting import OF_KINDS
from dreamloom.pod import waves
from dreamloom.pod.tracking import Believing
from dreamloom.ports import Speaker
from dreamloom.record.events import (
    AnyEvent,
    AwakeSoundsAllowed,
    GroupsTold,
    LightsOff,
    Rearmed,
)
from dreamloom.sleeper.presets import PRESETS
from dreamloom.testing.fuzzed_intake import FuzzedIntake, Trouble, troubles
from dreamloom.testing.fuzzed_script import (
    random_crashes,
    random_grant,
    random_opening,
    random_script,
    rearmings,
    staff_words,
)
from dreamloom.testing.oracle import judge
from dreamloom.testing.oracle_verdict import Verdict
from dreamloom.testing.random_dreamscapes import random_dreamscape
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime

Chance = np.random.Generator
LEAST_S, MOST_S = 900, 5400


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzed:
    """A night as it was lived, and what a judge needs beside its record."""

    events: Sequence[AnyEvent]
    dreamscape: Dreamscape
    expires: dict[str, str]
    kinds: dict[str, PodKind]
    arrived_s: dict[str, dict[int, float]]

    def judged(self) -> Verdict:
        """By the record alone, with consent.toml and the arrivals that are stored beside it."""
        return judge(self.events, self.dreamscape, expires=self.expires, kinds=self.kinds, arrived_s=self.arrived_s)


class FuzzedBed(NamedTuple):
    """Who lies where, what the bed can tell, and what goes wrong there."""

    pod: PodAsked
    kind: PodKind
    trouble: Trouble


def judged_nights(seed: int, first: int, count: int) -> list[Verdict]:
    """The verdicts on so many nights from this number on."""
    return [night(seed, number).judged() for number in range(first, first + count)]


def night(seed: int, number: int, *, most_s: int = MOST_S) -> Fuzzed:
    """Lives the night of this number, crashes and all."""
    chance = stream(seed, "fuzzed night", number)
    dreamscape, text = random_dreamscape(seed, number)
    duration_s = int(chance.integers(min(LEAST_S, most_s - 1), most_s))
    beds = [_bed(chance, n, duration_s) for n in range(1, int(chance.integers(2, 5)))]
    if not dreamscape.groups:
        beds = [bed._replace(pod=replace(bed.pod, groups=())) for bed in beds]
    zone, opened_utc = random_opening(chance, duration_s)
    grants = {bed.pod.sleeper: random_grant(chance, dreamscape, sha256(text)) for bed in beds}
    grants = {name: grant for name, grant in grants.items() if chance.random() > 0.03}
    asked = Asked(
        folder=NightFolder(Path("fuzzed")),
        night=NightAsked(
            dreamscape="tried.yaml", pod=tuple(bed.pod for bed in beds), timezone=zone, simulation_seed=seed
        ),
        dreamscape=dreamscape,
        dreamscape_sha256=sha256(text),
        grants=grants,
        night_sha256=sha256(text),
        consent_sha256=sha256(text),
        sounds=make_sounds(dreamscape, Shelf((Path(),))),
    ).resolved_at(opened_utc)
    lived = Lived(asked, beds, opened_utc, duration_s, seed=seed * 1000 + number)
    pods = [bed.pod for bed in beds]
    staff = staff_words(stream(seed, "staff", number), pods, duration_s)
    script = [*random_script(chance, asked, pods, duration_s), *staff]
    events = lived.through(script, sorted(random_crashes(chance, duration_s)), chance)
    return Fuzzed(
        events=events,
        dreamscape=dreamscape,
        expires={name: grant.expires for name, grant in grants.items()},
        kinds={bed.pod.id: bed.kind for bed in beds},
        arrived_s=lived.arrived_s,
    )


def _bed(chance: Chance, number: int, duration_s: int) -> FuzzedBed:
    kinds: tuple[PodKind, ...] = ("headband", "headband", "headband", "headband", "phone", "speaker")
    preset = str(chance.choice(list(PRESETS)))
    start_h = int(chance.integers(0, 7))
    groups = ("circle",) if chance.random() < 0.7 else ()
    source = f"sim:{preset},start={start_h}h"
    pod = PodAsked(id=f"p{number}", sleeper=f"S{number:02d}", source=source, groups=groups)
    kind = kinds[int(chance.integers(len(kinds)))]
    return FuzzedBed(pod, kind, troubles(chance, duration_s, staged=kind == "headband"))


class Lived:
    """A night, opened as often as it breaks."""

    def __init__(
        self, asked: Asked, beds: Sequence[FuzzedBed], opened_utc: datetime, duration_s: int, *, seed: int
    ) -> None:
        self._asked, self._beds, self._utc = asked, beds, opened_utc
        self._duration_s, self._seed = duration_s, seed
        self.arrived_s: dict[str, dict[int, float]] = {bed.pod.id: {} for bed in beds}

    def through(self, script: Sequence[Outside], crashes: Sequence[int], chance: Chance) -> Sequence[AnyEvent]:
        """Every opening to its crash, the last one to the end."""
        past, from_s = Past(), 0
        for crash_s in crashes:
            if crash_s <= from_s + 60:
                continue
            told = self._open(past, script, from_s, last_tick=crash_s)
            written = crash_s - int(chance.integers(0, 3))  # a record breaks off, it has no holes
            known = [event for event in told if event.tick <= written]
            past = Past(
                events=(*past.events, *known),
                boot=past.boot + 1,
                opened_utc=self._utc,
                last_tick=max(event.tick for event in known),
            )
            from_s = crash_s + int(chance.integers(1, 240))
            script = [*script, *rearmings(chance, [bed.pod for bed in self._beds], from_s)]
            if from_s >= self._duration_s - 60:
                return past.events
        return (*past.events, *self._open(past, script, from_s, last_tick=None))

    def _open(self, past: Past, script: Sequence[Outside], from_s: int, *, last_tick: int | None) -> Sequence[AnyEvent]:
        waiting = sorted((news for news in script if news.known_s >= from_s), key=lambda news: news.known_s)

        def watch(now_s: NightTime) -> list[Outside]:
            ready = [news for news in waiting if news.known_s <= now_s]
            del waiting[: len(ready)]
            return ready

        ledger = KeptLedger()
        engine = NightEngine(
            clock=VirtualClock(start_s=NightTime(float(from_s))),
            bedsides={bed.pod.id: self._bedside(bed, past, from_s) for bed in self._beds},
            night=starting_night(self._asked, past, opened_utc=self._utc),
            offer=self._asked.offer,
            ledger=ledger,
            watch=watch,
            seal=lambda event: (event, None),
            first_tick=from_s,
            last_tick=last_tick,
            speed_x=None,
        )
        sources = {bed.pod.id: bed.pod.source for bed in self._beds}
        first = [] if past.events else [opening_events.night_opened(self._asked, sources)]
        now_s = NightTime(float(from_s))
        utc = self._utc + timedelta(seconds=from_s)
        described = opening_events.host_described(self._asked, onset_s=now_s, utc=utc, speed_x=None)
        engine.open([*first, described])
        engine.run()
        if last_tick is None:
            engine.close(status="complete", reason="fuzzed")
        return ledger.told

    def _bedside(self, bed: FuzzedBed, past: Past, from_s: int) -> Bedside:
        pod = bed.pod
        intake, speaker = self.at(bed, from_s)
        speaker.set_bit(Bit.REVOKED, on=past.withdrawn(pod.id))
        asked = self._asked.at(OF_KINDS[bed.kind], pod)
        grant = asked.grant_of(pod)
        begun = starting_pod(asked, past, pod, Believing(), grant=grant, opened_utc=self._utc)
        supposed = waves.supposed(begun.plan) if bed.kind == "headband" else ()
        made = Bedside(
            replace(begun, waves=supposed),
            intake=intake,
            speaker=speaker,
            choose=lambda due: asked.sounds.get(due.cue),
            gate=OpenGate(),
        )
        first_s = NightTime(float(from_s))
        made.post(first_s, opening_events.stream_described(intake.stream, pod.source, first_s))
        for known_s, word in self._first_words(pod, past, first_s):
            made.post(known_s, word)
        return made

    def at(self, bed: FuzzedBed, from_s: int) -> tuple[FuzzedIntake, Speaker]:
        """What this bed tells from then on, and what it sounds through: a simulated sleeper who hears."""
        believed = BelievedIntake(
            bed.pod.source.removeprefix("sim:"),
            seed=self._seed,
            sleeper=bed.pod.sleeper,
            duration_s=self._duration_s,
            shows=SHOWN[bed.kind],
        )
        intake = FuzzedIntake(believed, bed.trouble, from_s=from_s, arrived_s=self.arrived_s[bed.pod.id])
        return intake, HeardSpeaker(VirtualSpeaker(start_s=NightTime(float(from_s))), believed)

    def _first_words(self, pod: PodAsked, past: Past, now_s: NightTime) -> Iterator[tuple[NightTime, AnyEvent]]:
        """What a house tells a bed before its first second: what broke, else who agreed and that lights are off."""
        grant = self._asked.grant_of(pod)
        if not past.boot:
            if grant is not None:
                yield now_s, opening_events.consent_given(grant, pod.sleeper, now_s)
            if grant is not None and grant.awake_level_cap_db is not None:
                allowed = AwakeSoundsAllowed(onset_s=now_s, sleeper=pod.sleeper, level_cap_db=grant.awake_level_cap_db)
                yield now_s, allowed
            if pod.groups:
                yield now_s, GroupsTold(onset_s=now_s, groups=pod.groups)
            yield now_s, LightsOff(onset_s=now_s, by="start of the night")
            return
        yield from ((now_s, word) for word in past.recovery(pod.id, now_s, rearm=False))
        rearm_s = None if past.withdrawn(pod.id) else past.rearm_at_s(pod.id, now_s)
        if rearm_s is not None:
            yield rearm_s, Rearmed(onset_s=rearm_s, by=REARMED_BY_CONSENT)
