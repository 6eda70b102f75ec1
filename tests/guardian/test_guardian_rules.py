"""What does the guardian do at one bed? Raised at one threshold, cleared at another, and always told why."""

import math

import pytest
from msgspec.structs import replace

from dreamloom.guardian import rest
from dreamloom.guardian.bed import Guarded
from dreamloom.guardian.heeding import Decision, heed
from dreamloom.guardian.ladder import MEANS, RUNGS, highest
from dreamloom.guardian.likeness import compared
from dreamloom.guardian.rule import SIGNS
from dreamloom.guardian.rules import RULES
from dreamloom.guardian.signs import MOST_BOUND_S, heard
from dreamloom.orchestra import night_clock
from dreamloom.record.events import (
    AnyEvent,
    CueDue,
    GlitchSeen,
    GuardianStepped,
    NightmareArousalSeen,
    OwnNightsTold,
    PodIsolated,
    Restored,
    SignalOutlined,
    StageScored,
    StreamDescribed,
    StreamFound,
    StreamLost,
)
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime


def lived(events: list[AnyEvent], until_s: int, bed: Guarded | None = None) -> tuple[Guarded, list[Decision]]:
    """A bed that hears these and is looked at each second."""
    bed, said = bed or Guarded(), []
    for tick in range(until_s):
        for n, event in enumerate(events):
            if tick < event.onset_s <= tick + 1:
                bed = heard(bed, replace(event, id=f"p1.0.{n}", pod="p1"))
        bed, words = heed(bed, "p1", NightTime(tick + 1.0))
        for word in words:
            bed = heard(bed, word)
        said += words
    return bed, said


def steps(said: list[Decision]) -> list[tuple[str, str, str]]:
    return [(type(each).__name__, each.rule, getattr(each, "stands", "")) for each in said]


def nightmare(at_s: float) -> NightmareArousalSeen:
    return NightmareArousalSeen(
        onset_s=at_s,
        heart_per_min=90.0,
        usual_heart_per_min=60.0,
        breath_per_min=20.0,
        usual_breath_per_min=14.0,
    )


def scored(at_s: float, stage: str) -> StageScored:
    return StageScored(
        onset_s=at_s,
        stage=stage,
        confidence=0.9,
        probabilities={},
        window_s=30.0,
        decided_at_s=at_s,
        quality=1.0,
        method="told",
    )


def cue(at_s: float) -> CueDue:
    return CueDue(
        onset_s=at_s,
        cue="chord",
        cue_sha256="0" * 64,
        part=0,
        sound_class="sleep",
        level_db=30.0,
        play_at_s=at_s,
        expires_s=at_s + 0.5,
        lease="p1-0",
    )


def test_every_rule_says_what_it_watches_how_far_it_goes_and_what_brings_it_back() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.sign in SIGNS
        assert rule.rung in RUNGS[1:]
        assert rule.clears_at < rule.raises_at, f"{rule.id} has no threshold of its own to come back"
        assert rule.why.endswith(".")
        assert rule.raises
        assert rule.clears
    assert set(MEANS) == set(RUNGS)


def test_a_clock_counts_as_unbounded_here_as_it_does_in_the_house() -> None:
    assert MOST_BOUND_S == night_clock.MOST_BOUND_S


def test_a_lost_stream_is_noted_then_isolated_and_comes_back_by_its_own_thresholds() -> None:
    lost, found = StreamLost(onset_s=20.0, last_s=18.0), StreamFound(onset_s=60.0, lost_s=42.0)
    bed, said = lived([lost, found], 120)
    assert steps(said) == [
        ("GuardianStepped", "stalled-stream", "NOTE"),
        ("GuardianStepped", "no-data", "ISOLATE"),
        ("PodIsolated", "no-data", ""),
        ("Restored", "stalled-stream", "ISOLATE"),
        ("Restored", "no-data", "NONE"),
    ]
    assert [each.onset_s for each in said] == [20.0, 28.0, 28.0, 70.0, 90.0]
    assert {each.cause for each in said} == {"p1.0.0"}
    assert bed.stands == "NONE"


def test_a_stream_that_comes_and_goes_does_not_make_the_guardian_flicker() -> None:
    events: list[AnyEvent] = []
    for at_s in range(20, 320, 20):
        events += [StreamLost(onset_s=float(at_s), last_s=at_s - 2.0), StreamFound(onset_s=at_s + 15.0, lost_s=15.0)]
    _, said = lived(events, 330)
    assert sum(isinstance(each, PodIsolated) for each in said) == 1
    assert not [each for each in said if isinstance(each, Restored) and each.rule == "no-data"]


def test_nightmares_climb_the_ladder_from_softer_to_silent_to_woken() -> None:
    _, said = lived([nightmare(10.0), nightmare(400.0), nightmare(800.0)], 1000)
    assert [each.stands for each in said if isinstance(each, GuardianStepped)] == ["SOFTEN", "HOLD", "WAKE"]


def test_nobody_is_woken_at_a_bed_of_which_nobody_knows_whose_it_is() -> None:
    twin = GlitchSeen(onset_s=5.0, glitch="IMPOSTOR", differs=("twin",))
    bed, _ = lived([twin, nightmare(10.0), nightmare(20.0), nightmare(30.0)], 40)
    assert {"nightmare-stays", "two-claim-one-bed"} <= bed.raised.keys()
    assert bed.stands == "ISOLATE"
    assert highest(["WAKE", "ISOLATE", "NOTE"]) == "ISOLATE"


def test_three_awakenings_by_cues_end_the_cues_of_the_night() -> None:
    events: list[AnyEvent] = []
    for at_s in (300.0, 600.0, 900.0):
        events += [scored(at_s - 60, "N2"), cue(at_s - 40.0), scored(at_s - 30, "N2"), scored(at_s, "W")]
    bed, said = lived(events, 1000)
    assert [each.rule for each in said if isinstance(each, GuardianStepped) and each.rung == "HOLD"] == ["cues-wake"]
    later, more = lived([], 8 * 3600, bed)
    assert later.stands == "HOLD"
    assert not more


def test_two_awakenings_by_cues_and_one_by_itself_do_not() -> None:
    events: list[AnyEvent] = []
    for at_s, cued in ((300.0, True), (600.0, True), (900.0, False)):
        events += [scored(at_s - 60, "N2"), *([cue(at_s - 40.0)] if cued else [])]
        events += [scored(at_s - 30, "N2"), scored(at_s, "W")]
    assert "cues-wake" not in lived(events, 1000)[0].raised


def test_leaps_that_sleep_hardly_makes_are_noted_then_not_believed() -> None:
    stages = ["N3", "R"] * 12
    bed, said = lived([scored(30.0 * (n + 1), stage) for n, stage in enumerate(stages)], 800)
    assert [each.rule for each in said if isinstance(each, GuardianStepped)] == ["stage-jumps", "stages-unbelievable"]
    assert bed.stands == "HOLD"


def test_a_night_is_restless_against_the_sleepers_own_nights() -> None:
    chance = stream(1, "restless")
    stages = [str(chance.choice(["W", "N1", "N2"], p=[0.1, 0.15, 0.75])) for _ in range(120)]
    events: list[AnyEvent] = [scored(30.0 * (n + 1), stage) for n, stage in enumerate(stages)]
    calm = OwnNightsTold(onset_s=1.0, entropies_bits=(0.6, 0.7, 0.65))
    bits = rest.entropy_bits(stages)
    assert bits is not None
    assert bits < rest.MOST_BITS
    assert "fragmentation" not in lived(events, 3601)[0].raised
    assert lived([calm, *events], 3601)[0].stands == "SOFTEN"


def test_entropy_is_nothing_for_one_stage_and_one_bit_for_a_coin() -> None:
    assert rest.entropy_bits(["N2"] * 100) == 0.0
    chance = stream(2, "coin")
    coin = rest.entropy_bits([str(chance.choice(["N1", "N2"])) for _ in range(2000)])
    assert coin == pytest.approx(1.0, abs=0.01)
    assert rest.entropy_bits(["N2"] * 10) is None


def _outlined(seed: int, source: str, *, like: int | None = None, noise: float = 0.0) -> Guarded:
    own, other = stream(seed, "outline"), stream(seed if like is None else like, "outline")
    sizes = other.normal(6.0, 1.0, 120) + (noise * own.normal(0.0, 1.0, 120))
    bed = heard(
        Guarded(), StreamDescribed(onset_s=0.0, source=source, sfreq_hz=100, grid_hz=100, delay_s=0, channels=())
    )
    for start in range(0, 120, 30):
        told = tuple(float(size) for size in sizes[start : start + 30])
        bed = heard(bed, SignalOutlined(onset_s=start + 30.0, sizes=told))
    return bed


def test_two_beds_that_hear_one_sleeper_are_found_and_a_third_is_left_alone() -> None:
    beds = {"p1": _outlined(1, "a"), "p2": _outlined(2, "b", like=1, noise=0.2), "p3": _outlined(3, "c")}
    told = compared(beds)
    stands = {pod: heed(bed, pod, NightTime(120.0))[1] for pod, bed in told.items()}
    assert [each.rule for each in stands["p1"]] == [each.rule for each in stands["p2"]] == ["cross-talk"] * 2
    assert not stands["p3"]


def test_no_two_of_many_independent_sleepers_are_taken_for_one() -> None:
    beds = {f"p{n:02d}": _outlined(n, f"source {n}") for n in range(40)}
    assert max(bed.values["likeness"] for bed in compared(beds).values()) < 0.5


def test_beds_fed_from_one_recording_are_not_compared() -> None:
    told = compared({"p1": _outlined(1, "edf:a"), "p2": _outlined(1, "edf:a")})
    assert not heed(told["p1"], "p1", NightTime(120.0))[1]
    assert math.isfinite(told["p1"].values["likeness"])
