"""When is a part's next cue? Intervals that are drawn anew, and the rest it takes after the cues of others."""

from itertools import pairwise

from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Look, Senses
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import opening_state
from dreamloom.record.events import AnyEvent, CueDue, CueWithheld, Recovered
from dreamloom.testing.nights import EAGER, TinyBed, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vocabulary.units import NightTime

DRAWN = EAGER.replace("every: 4 s", "every: 4 s\n    jitter: 6 s")
TWO = EAGER.replace(
    "arms:",
    """  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", after_lights_off: 5 s, because: ours}
    play: chord
    every: 7 s
    refractory: 5 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
arms:""",
)


def due_of(text: str, *, block_samples: int = 25) -> list[AnyEvent]:
    night = run_tiny_night({"a": TinyBed(source=rem_source(seconds=100, block_samples=block_samples))}, text=text)
    return night.events


def gaps(events: list[AnyEvent]) -> list[float]:
    return [b - a for a, b in pairwise(event.onset_s for event in events if isinstance(event, CueDue))]


def test_each_interval_is_drawn_anew_and_lies_within_its_bounds_however_samples_are_cut() -> None:
    found = gaps(due_of(DRAWN))
    assert all(4.0 <= gap <= 10.0 for gap in found)
    assert len(set(found)) > 2
    assert gaps(due_of(DRAWN, block_samples=7)) == found


def drawn(plan: Plan, cue: int) -> int:
    """How long after its cue number `cue` this part rests, in whole seconds."""
    state = opening_state(plan, grant_for(plan), None)
    for count in range(cue):
        due = CueDue(
            onset_s=100.0 * (count + 1), cue="chord", cue_sha256="0" * 64, part=0, sound_class="sleep",
            level_db=30.0, play_at_s=100.25, expires_s=100.75, lease="p1-0",
        )  # fmt: skip
        state = evolve(state, due, plan)
    at_s = 100.0 * cue
    look = Look(plan, 0, NightTime(at_s), Senses())
    return next(rest_s for rest_s in range(60) if not look.is_resting(state, NightTime(at_s + rest_s)))


def test_every_rest_between_the_bounds_comes_up_and_another_bed_draws_others() -> None:
    plan, _ = plan_of(DRAWN)
    found = [drawn(plan, cue) for cue in range(1, 60)]
    assert set(found) == {4, 5, 6, 7, 8, 9, 10}
    other = Plan(dreamscape=plan.dreamscape, dreamscape_sha256="", cue_sha256={}, seed=1)
    assert [drawn(other, cue) for cue in range(1, 60)] != found


def test_after_a_crash_the_next_rest_is_drawn_for_the_cues_that_count_then() -> None:
    plan, _ = plan_of(DRAWN)
    state = opening_state(plan, grant_for(plan), None)
    crashed = evolve(state, Recovered(onset_s=50.0, lost_from_s=40.0, lost_to_s=50.0, segment=1), plan)
    look = Look(plan, 0, NightTime(50.0), Senses())
    rest_s = next(rest for rest in range(60) if not look.is_resting(crashed, NightTime(50.0 + rest)))
    assert (crashed.parts[0].cues_tonight, rest_s) == (1, drawn(plan, 1))


def test_a_part_keeps_quiet_after_any_cue_of_the_night_and_says_so() -> None:
    events = due_of(TWO)
    cues = [(event.part, event.onset_s) for event in events if isinstance(event, CueDue)]
    seconds = [onset_s for part, onset_s in cues if part == 1]
    assert seconds
    for at_s in seconds:
        assert all(at_s - other_s >= 5.0 for part, other_s in cues if other_s < at_s)
    assert "REFRACTORY" in {event.reason for event in events if isinstance(event, CueWithheld) and event.part == 1}
