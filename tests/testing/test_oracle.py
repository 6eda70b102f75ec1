"""Can the judge fail a night? One lawful record, and the same record with one cue outside each rule in turn."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

import msgspec
import pytest

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.dreamscape.slots import is_relay
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    CommandGiven,
    ConsentGiven,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    EyeSignalSeen,
    GroupsTold,
    Held,
    HostDescribed,
    LeaseGranted,
    LeaseLapsed,
    LightsOff,
    MachineSlept,
    NightClosed,
    NightmareArousalSeen,
    NightOpened,
    OutOfBedSeen,
    OutputVolumeMoved,
    Rearmed,
    Recovered,
    RelayOffered,
    SceneEntered,
    Seat,
    StageScored,
    StreamLost,
    ThresholdMeasured,
)
from dreamloom.testing.company import ToldBed, signal, told_night
from dreamloom.testing.oracle import judge
from dreamloom.testing.oracle_verdict import Verdict
from dreamloom.testing.oracle_wall import Wall

TEXT = """
dreamscape: judged
version: 1
intent: Let a judge be judged.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
  long: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 3 s, because: ours}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", stable_for: 10 s, after_lights_off: 10 s, because: ours}
    play: chord
    every: 10 s
    budget: {per_hour: 40, per_night: 60, because: ours}
levels: {cap: 40 dBA, over_threshold: 5 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
  cue_locked_awakenings: {more_than: 0, within: 30 min, then: no more tonight, because: ours}
  eye_signal: {seen: {pattern: LRLR, times: 2, within: 5 min}, then: pause, pause: 3 min, because: ours}
  nightmare: {then: no more tonight, because: ours}
"""
SHA = "5e" * 32
CUES_S = range(40, 301, 10)
END_S = 310
ODD = 125.0
"""Where something odd is put, between the cues of 120 and 130 s."""
Change = Callable[[list[AnyEvent]], Iterable[AnyEvent]]


def stage(at_s: float, name: str = "R", sure: float = 0.9) -> StageScored:
    shares = dict.fromkeys(("W", "N1", "N2", "N3", "R"), (1.0 - sure) / 4) | {name: sure}
    return StageScored(
        onset_s=at_s,
        stage=name,
        confidence=sure,
        probabilities=shares if name != "UNSCORED" else {},
        window_s=30.0,
        decided_at_s=at_s,
        quality=1.0,
        method="told",
    )


def due(at_s: float, **words: object) -> CueDue:
    told: dict[str, object] = {
        "onset_s": at_s,
        "cue": "chord",
        "cue_sha256": SHA,
        "part": 0,
        "sound_class": "sleep",
        "level_db": 35.0,
        "play_at_s": at_s + 0.25,
        "expires_s": at_s + 0.75,
        "lease": f"p1-{int((at_s - 4) // 10)}",
    }
    return CueDue(**{**told, **words})


def played(at_s: float, cause: str) -> CuePlayed:
    return CuePlayed(
        onset_s=at_s, cause=cause, cue="chord", planned_s=at_s, actual_s=at_s, verified="render clock", cut_s=None
    )


def lease(number: int) -> LeaseGranted:
    return LeaseGranted(
        onset_s=10.0 * number + 1,
        lease=f"p1-{number}",
        scene="all",
        cues={"chord": SHA, "long": SHA},
        sound_class="sleep",
        level_cap_db=40.0,
        cues_left=60,
        arm=None,
        dreamscape_sha256=sha256(TEXT),
        policy_sha256=SHA,
        not_before_s=10.0 * number + 4,
        not_after_s=10.0 * number + 34,
    )


GRANT = ConsentGiven(
    onset_s=0.0,
    sleeper="S01",
    sheet="told",
    dreamscape_sha256=sha256(TEXT),
    cues=("chord", "long"),
    stages=("N2", "R"),
    level_cap_db=40.0,
    cues_per_hour=100,
    rearm_after_crash="never",
    purposes=("cue",),
    relay_from=(),
    relay_to=(),
    expires="end of night",
)


def lawful() -> list[AnyEvent]:
    """Five minutes of REM with a cue every ten seconds, as their pod would have told them."""
    told: list[AnyEvent] = [GRANT, LightsOff(onset_s=0.0, by="told")]
    told += [stage(float(at_s)) for at_s in range(30, END_S, 5)]
    for at_s in CUES_S:
        told += [due(float(at_s)), played(at_s + 0.25, f"due{at_s}")]
    return [*told, *(lease(number) for number in range(30))]


def record(told: Iterable[AnyEvent]) -> list[AnyEvent]:
    """In the order of a record: by second; what came in, what was seen, what was decided, what was leased."""
    order = {CuePlayed: 0, StageScored: 2, SceneEntered: 3, CueDue: 4, LeaseGranted: 5, LeaseLapsed: 5}

    def tick(event: AnyEvent) -> int:
        ends_it = isinstance(event, CueDue | StageScored | SceneEntered | LeaseGranted | LeaseLapsed)
        return max(0, int(event.onset_s) - ends_it)

    own = sorted(told, key=lambda event: (tick(event), order.get(type(event), 1)))
    stamped = [
        msgspec.structs.replace(
            event,
            pod="p1",
            tick=tick(event),
            id=event.id or (f"due{event.onset_s:g}" if isinstance(event, CueDue) else f"e{number}"),
        )
        for number, event in enumerate(own)
    ]
    opened = NightOpened(
        onset_s=0.0,
        tick=0,
        mode="private",
        timezone="Europe/Berlin",
        dreamscape="judged",
        dreamscape_sha256=sha256(TEXT),
        consent_sha256=SHA,
        simulation_seed=0,
        roster=(Seat(pod="p1", sleeper="S01", source="told"),),
    )
    host = HostDescribed(
        onset_s=0.0,
        tick=0,
        night="told",
        night_toml_sha256=SHA,
        utc="2026-10-24T23:59:00+00:00",
        speed_x=1.0,
        versions={},
        platform="told",
    )
    return [opened, host, *stamped, NightClosed(onset_s=END_S, tick=END_S, status="complete", reason="told", counts={})]


def verdict(change: Change = lambda told: told, text: str = TEXT, **words: object) -> Verdict:
    return judge(record(change(lawful())), read(text, file="judged.yaml"), **words)


def rules(found: Verdict) -> set[str]:
    return {wrong.rule for wrong in found.unlawful}


def with_(*more: AnyEvent) -> Change:
    return lambda told: [*told, *more]


def changed(kind: type, at_s: float | None = None, **words: object) -> Change:
    """Every event of this kind, or the one at this moment, said otherwise."""
    return lambda told: [
        msgspec.structs.replace(event, **words) if isinstance(event, kind) and at_s in {None, event.onset_s} else event
        for event in told
    ]


def without(chosen: Callable[[AnyEvent], bool]) -> Change:
    return lambda told: [event for event in told if not chosen(event)]


def eyes(at_s: float) -> EyeSignalSeen:
    return EyeSignalSeen(
        onset_s=at_s,
        status="confirmed",
        confidence=0.9,
        began_s=at_s - 2,
        ended_s=at_s,
        size_uv=300.0,
        sweep_s=0.5,
        first="left",
    )


NIGHTMARE = NightmareArousalSeen(
    onset_s=ODD, heart_per_min=90, usual_heart_per_min=60, breath_per_min=20, usual_breath_per_min=14
)
COMMAND = CommandGiven(
    id="cmd",
    onset_s=ODD,
    by="somebody",
    cue="chord",
    cue_sha256=SHA,
    sound_class="sleep",
    level_cap_db=40.0,
    dreamscape_sha256=sha256(TEXT),
    policy_sha256=SHA,
    not_after_s=ODD + 30,
)


def test_a_lawful_night_is_lawful_and_whole():
    found = verdict()
    assert rules(found) == set()
    assert found.missed == ()
    assert (found.due, found.played, found.share) == (27, 27, 1.0)


OUTSIDE = {
    "GATE: not this stage": ("GATE", changed(StageScored, ODD, stage="N2")),
    "GATE: not sure enough": ("GATE", with_(stage(ODD + 0.0, sure=0.75))),
    "STAGE: awake": ("STAGE", changed(StageScored, 130.0, stage="W")),
    "STAGE: nobody knows": ("STAGE", changed(StageScored, 130.0, stage="UNSCORED")),
    "STALE: no estimate": ("STALE", without(lambda e: isinstance(e, StageScored) and 105 < e.onset_s < 135)),
    "LEVEL: over every cap": ("LEVEL", changed(CueDue, 130.0, level_db=50.0)),
    "LEVEL: over the threshold's own": ("LEVEL", changed(CueDue, 130.0, level_db=35.5)),
    "LEVEL: over the consent's": ("LEVEL", changed(ConsentGiven, level_cap_db=20.0)),
    "LEVEL: as loud as before an arousal": ("LEVEL", with_(ArousalSeen(onset_s=ODD, strength=4.0))),
    "BUDGET: of the person": ("BUDGET", changed(ConsentGiven, cues_per_hour=10)),
    "REFRACTORY": ("REFRACTORY", with_(due(ODD))),
    "OVERLAP": ("OVERLAP", changed(CueDue, 130.0, play_at_s=120.9, expires_s=121.4)),
    "EXPIRY": ("EXPIRY", changed(ConsentGiven, expires="2026-10-25T00:01:00+00:00")),
    "CONSENT: not to this cue": ("CONSENT", changed(ConsentGiven, cues=("long",))),
    "CONSENT: not to this text": ("CONSENT", changed(ConsentGiven, dreamscape_sha256="0" * 64)),
    "CONSENT: to recording alone": ("CONSENT", changed(ConsentGiven, purposes=("keep derived",))),
    "CONSENT: never given": ("CONSENT", without(lambda e: isinstance(e, ConsentGiven))),
    "REVOKED": ("REVOKED", with_(ConsentWithdrawn(onset_s=ODD, sleeper="S01", channel="told"))),
    "HALTED": ("HALTED", with_(Held(onset_s=ODD, reason="DISK_LOW"))),
    "NOT_REARMED": ("NOT_REARMED", with_(MachineSlept(onset_s=ODD, slept_s=9.0))),
    "NOT_REARMED: without leave": (
        "NOT_REARMED",
        with_(MachineSlept(onset_s=ODD, slept_s=9.0), Rearmed(onset_s=ODD + 60, by="consent: once after a crash")),
    ),
    "NOT_REARMED: after a crash": (
        "NOT_REARMED",
        with_(Recovered(onset_s=ODD, lost_from_s=ODD, lost_to_s=ODD, segment=1)),
    ),
    "STOPPED: woken by a cue": ("STOPPED", with_(stage(ODD, "W"))),
    "STOPPED: a nightmare": ("STOPPED", with_(NIGHTMARE)),
    "PAUSE: after an arousal": ("PAUSE", with_(ArousalSeen(onset_s=ODD, strength=4.0))),
    "PAUSE: asked for by eyes": ("PAUSE", with_(eyes(ODD))),
    "VOLUME": ("VOLUME", with_(OutputVolumeMoved(onset_s=ODD, device="told", was_db=-9.0, now_db=-3.0))),
    "LEVEL: over a finer ear's": (
        "LEVEL",
        with_(
            ThresholdMeasured(
                onset_s=0.0,
                device="told",
                threshold_db=25.0,
                scale="own threshold",
                dbfs=-60.0,
                full_scale_db=100.0,
                spread_db=1.0,
                trials=20,
                silent=2,
                false=0,
            )
        ),
    ),
    "OUT_OF_BED": ("OUT_OF_BED", with_(OutOfBedSeen(onset_s=ODD, since_s=ODD - 1))),
    "LOST": ("LOST", with_(StreamLost(onset_s=ODD, last_s=ODD - 2))),
    "LEASE: none": ("LEASE", without(lambda e: isinstance(e, LeaseGranted) and 85 < e.onset_s < 135)),
    "LEASE: lapsed": ("LEASE", with_(LeaseLapsed(onset_s=ODD - 9, lease="p1-12", reason="told"))),
    "LEASE: of another sound": ("LEASE", changed(CueDue, 130.0, cue_sha256="0" * 64)),
    "LEASE: a command that is over": (
        "LEASE",
        with_(COMMAND, due(ODD + 4, part=-1, lease="cmd")),
    ),
    "TIMING: planned too far ahead": ("TIMING", changed(CueDue, 130.0, play_at_s=135.0, expires_s=135.5)),
    "TIMING: heard too late": ("TIMING", changed(CuePlayed, 130.25, actual_s=131.5)),
    "NOT_DUE: nobody decided it": ("NOT_DUE", with_(played(ODD, "nothing"))),
    "NOT_DUE: played twice": ("NOT_DUE", with_(played(130.3, "due130"))),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_cue_outside_a_rule_is_named(name: str):
    rule, change = OUTSIDE[name]
    assert rule in rules(verdict(change))


@pytest.mark.parametrize(
    ("word", "other", "rule"),
    [
        ("per_hour: 40", "per_hour: 20", "BUDGET"),
        ("per_night: 60", "per_night: 20", "BUDGET"),
        ("every: 10 s", "every: 11 s", "REFRACTORY"),
        ("every: 10 s", "every: 10 s\n    refractory: 15 s", "REFRACTORY"),
        ("stage: R", "stage: N2", "GATE"),
        ("stable_for: 10 s", "stable_for: 1 h", "GATE"),
        ("after_lights_off: 10 s", "after_lights_off: 1 min", "GATE"),
        ("after_lights_off: 10 s", "after_sleep_onset: 2 min", "GATE"),
        ("after_lights_off: 10 s", "after_lights_off: 10 s, for: 2 min", "GATE"),
        ("after_lights_off: 10 s", "asleep_for: 2 min", "GATE"),
        ("after_lights_off: 10 s", "cycle: {from: 2}", "GATE"),
        ("after_lights_off: 10 s", "eye_signal: {pattern: LRLR, times: 2, within: 1 min}", "GATE"),
        ("after_lights_off: 10 s", 'local_time: {from: "02:01", until: "02:02"}', "GATE"),
        ("over_threshold: 5 dB", "over_threshold: 4 dB", "LEVEL"),
        ("cap: 40 dBA", "cap: 30 dBA", "LEVEL"),
        ("duration: 1 s", "duration: 11 s", "OVERLAP"),
        (
            "every: 10 s",
            "every: 10 s\n    ramp: {from: silent, over: 5 min, to: calibrated, because: ours}",
            "LEVEL",
        ),
        ("for: each sleeper", "for: everyone", "MOMENT"),
    ],
)
def test_the_author_s_words_are_what_is_judged_by(word: str, other: str, rule: str):
    text = TEXT.replace(word, other, 1)
    assert text != TEXT
    assert rule in rules(verdict(text=text))


def test_a_second_in_hand_too_late_is_nothing_to_decide_on():
    assert rules(verdict(arrived_s={"p1": {129: 130.7}})) == {"STALE"}
    assert rules(verdict(arrived_s={"p1": {129: 130.6}})) == set()


def test_a_withdrawal_ends_what_was_due_before_it():
    said = ConsentWithdrawn(onset_s=129.5, sleeper="S01", channel="told")
    late = changed(CuePlayed, 130.25)
    found = verdict(lambda told: [*late(told), said])
    assert "REVOKED" in rules(found)


@pytest.mark.parametrize("gone", [130, 300])
def test_a_lawful_cue_that_did_not_come_is_counted(gone: int):
    found = verdict(without(lambda e: int(e.onset_s) == gone and isinstance(e, CueDue | CuePlayed)))
    assert [(missed.pod, missed.part) for missed in found.missed] == [("p1", 0)]
    assert gone <= found.missed[0].since_s < gone + 5
    assert found.share == pytest.approx(26 / 27)


def test_a_cue_that_was_due_and_never_heard_is_counted():
    found = verdict(without(lambda e: isinstance(e, CuePlayed) and int(e.onset_s) == 130))
    assert found.missed == ()
    assert found.share == pytest.approx(26 / 27)


def test_a_night_of_silence_is_no_lawful_night():
    found = verdict(without(lambda e: isinstance(e, CueDue | CuePlayed)))
    assert len(found.missed) >= 20
    assert found.share == 0.0


@pytest.mark.parametrize(
    ("opened_utc", "zone", "expires", "ends_s"),
    [
        ("2026-10-24T23:59:00+00:00", "Europe/Berlin", "02:30", 31 * 60.0),  # comes twice: the first
        ("2026-10-25T00:45:00+00:00", "Europe/Berlin", "02:30", 45 * 60.0),  # between the two: the second
        ("2026-03-28T23:59:00+00:00", "Europe/Berlin", "02:30", 61 * 60.0),  # left out: when clocks jump
        ("2026-10-03T15:00:00+00:00", "Australia/Lord_Howe", "02:15", 30 * 60.0),  # by half an hour
        ("2026-01-15T22:30:15+00:00", "Europe/Berlin", "03:00", 3.5 * 3600 - 15),
        ("2026-01-15T22:30:15+00:00", "Europe/Berlin", "end of night", None),
        ("2026-01-15T22:30:15+00:00", "Europe/Berlin", "2026-01-16T00:00:00+01:00", 1785.0),
    ],
)
def test_the_judge_reads_a_wall_in_a_night_in_which_clocks_change(opened_utc, zone, expires, ends_s):
    assert Wall(datetime.fromisoformat(opened_utc), zone).ends_s(expires) == ends_s


COMPANY = """
dreamscape: together
version: 1
intent: Let a judge see what passes between sleepers.
tags: [therapy]
groups:
  circle: {at_least: 2, about: Those who said so.}
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
parts:
  - for: each of circle
    when: {stage: R, quorum: {at_least: 2, of: each of circle, in: [R], for: 20 s}, because: ours}
    play: chord
    every: 10 s
    budget: {per_hour: 40, per_night: 60, because: ours}
relays:
  - from: each of circle
    signal: {pattern: LRLR, times: 2, within: 5 min, because: ours}
    to: each other of circle
    when: {stage: R, because: ours}
    cue: chord
    wait: 1 min
    consent: [sender, receiver]
    refractory: 30 s
    budget: {per_hour: 10, per_night: 10, because: ours}
levels: {cap: 40 dBA, over_threshold: 5 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
"""


@cache
def together() -> tuple[list[AnyEvent], Dreamscape]:
    """Two beds in REM for five minutes; the second signals in second 100. Lived by a real house."""
    beds = [ToldBed(), ToldBed(facts={100: [signal(101.0)]})]
    told, _ = told_night(COMPANY, beds, duration_s=300)
    opened = NightOpened(
        onset_s=0.0,
        tick=0,
        mode="shared",
        timezone="Europe/Berlin",
        dreamscape="together",
        dreamscape_sha256=sha256(COMPANY),
        consent_sha256=SHA,
        simulation_seed=0,
        roster=(Seat(pod="p1", sleeper="S01", source="told"), Seat(pod="p2", sleeper="S02", source="told")),
    )
    host = next(event for event in record([]) if isinstance(event, HostDescribed))
    return [opened, host, *told], read(COMPANY, file="together.yaml")


def test_cues_by_quorum_and_relay_are_lawful_where_everybody_agreed():
    told, dreamscape = together()
    found = judge(told, dreamscape)
    assert found.unlawful == ()
    assert found.missed == ()
    assert any(isinstance(event, CueDue) and is_relay(event.part) for event in told)
    assert any(isinstance(event, CueDue) and event.part == 0 for event in told)


def otherwise(told: list[AnyEvent], kind: type, pod: str | None = None, **words: object) -> list[AnyEvent]:
    return [
        msgspec.structs.replace(event, **words) if isinstance(event, kind) and pod in {None, event.pod} else event
        for event in told
    ]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda told: otherwise(told, ConsentGiven, "p2", relay_to=()), "RELAY_CONSENT"),
        (lambda told: otherwise(told, ConsentGiven, "p1", relay_from=("S09",)), "RELAY_CONSENT"),
        (lambda told: otherwise(told, RelayOffered, consents=("p1.0.1",)), "RELAY_CONSENT"),
        (lambda told: otherwise(told, RelayOffered, until_s=90.0), "RELAY"),
        (lambda told: [event for event in told if not isinstance(event, RelayOffered)], "RELAY"),
        (lambda told: [event for event in told if not isinstance(event, EyeSignalSeen)], "RELAY_SIGNAL"),
        (lambda told: otherwise(told, EyeSignalSeen, status="candidate"), "RELAY_SIGNAL"),
        (lambda told: otherwise(told, ConsentGiven, "p2", purposes=("cue",)), "GATE"),
        (lambda told: otherwise(told, StageScored, "p2", stage="N2"), "GATE"),
        (lambda told: otherwise(told, GroupsTold, "p2", groups=()), "UNHEEDED"),
    ],
)
def test_what_reaches_a_sleeper_from_another_without_both_is_named(change, rule):
    told, dreamscape = together()
    assert rule in {wrong.rule for wrong in judge(change(told), dreamscape).unlawful}


def test_a_signal_that_was_not_carried_is_counted():
    told, dreamscape = together()
    offers = {event.id for event in told if isinstance(event, RelayOffered)}
    found = judge([event for event in told if not offers & {event.id, event.cause}], dreamscape)
    assert [(missed.pod, is_relay(missed.part), missed.since_s) for missed in found.missed] == [("p1", True, 101.0)]


def test_a_sleeper_who_said_no_sends_nothing_more():
    told, dreamscape = together()
    said = ConsentWithdrawn(onset_s=60.0, sleeper="S02", channel="told", pod="p2", tick=60, id="no")
    place = next(n for n, event in enumerate(told) if event.tick > 60)
    found = judge([*told[:place], said, *told[place:]], dreamscape)
    assert {"RELAY_CONSENT", "GATE", "REVOKED"} <= {wrong.rule for wrong in found.unlawful}


SCENES = TEXT.replace(
    "levels:",
    """scenes:
  dusk:
    next:
      - {to: deep, for: each sleeper, after: 1 min, because: ours}
  deep:
    next:
      - {to: dusk, for: each sleeper, on: arousal, because: ours}
levels:""",
)


def entered(at_s: float, scene: str, left: str, reason: str) -> SceneEntered:
    return SceneEntered(onset_s=at_s, scene=scene, left=left, reason=reason)


def test_scenes_are_entered_by_their_steps_and_by_nothing_else():
    first, second = entered(1.0, "dusk", "", "BEGINNING"), entered(61.0, "deep", "dusk", "AFTER")
    assert "SCENE" not in rules(verdict(with_(first, second), SCENES))
    assert "SCENE" in rules(verdict(with_(first), SCENES))
    assert "SCENE" in rules(verdict(with_(first, entered(40.0, "deep", "dusk", "AFTER")), SCENES))
    assert "SCENE" in rules(verdict(with_(first, second, entered(90.0, "dusk", "deep", "AROUSAL")), SCENES))


def test_a_part_of_a_scene_plays_in_it_alone():
    part = SCENES[SCENES.index("  - for: each sleeper\n") : SCENES.index("scenes:\n")]
    inside = SCENES.replace("parts:\n" + part, "").replace("  deep:\n", f"  deep:\n    parts:\n{indented(part)}")
    first, second = entered(1.0, "dusk", "", "BEGINNING"), entered(61.0, "deep", "dusk", "AFTER")
    found = verdict(with_(first, second), inside)
    assert {wrong.onset_s for wrong in found.unlawful} == {40.0, 50.0, 60.0}
    assert rules(found) == {"SCENE"}


def indented(part: str) -> str:
    return "".join(f"  {line}\n" for line in part.splitlines())


def test_a_train_is_lawful_cue_by_cue_and_no_longer_than_written():
    text = TEXT.replace("every: 10 s", "every: 20 s\n    repeat: {times: 2, apart: 10 s}")
    assert "REFRACTORY" not in rules(verdict(text=text.replace("40, per_night", "60, per_night")))
    assert "REFRACTORY" in rules(verdict(text=text.replace("every: 20 s", "every: 30 s")))
    assert "REFRACTORY" in rules(verdict(text=text.replace("apart: 10 s", "apart: 9 s")))


def test_all_cues_of_a_night_together_stay_under_its_dose():
    loud = changed(CueDue, level_db=35.0)
    text = TEXT.replace("duration: 1 s", "duration: 9 s")
    assert "DOSE" not in rules(verdict(loud, text))
    assert "DOSE" in rules(verdict(changed(CueDue, level_db=55.0), text))


def test_quiet_gives_back_what_an_arousal_took_and_no_more():
    early = with_(ArousalSeen(onset_s=55.0, strength=4.0))
    kept = TEXT.replace("pause: 20 s, lower", "pause: 1 s, lower").replace("stable_for: 10 s, ", "")
    given = kept.replace("over_threshold: 5 dB, ", "over_threshold: 5 dB, titrate: {up: 3 dB, after: 1 min}, ")
    loud = {wrong.onset_s for wrong in verdict(early, kept).unlawful if wrong.rule == "LEVEL"}
    assert loud == {float(at_s) for at_s in CUES_S if at_s > 55}
    loud = {wrong.onset_s for wrong in verdict(early, given).unlawful if wrong.rule == "LEVEL"}
    assert loud == {60.0, 70.0, 80.0, 90.0, 100.0, 110.0}
