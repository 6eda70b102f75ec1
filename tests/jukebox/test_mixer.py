from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dreamloom.jukebox import mixer
from dreamloom.jukebox.mixer import CUT_FRAMES, DEAD_MAN_FRAMES, enqueue, new_mixer, render, voice

RATE = 48_000
LENGTH = 12_000
EXAMPLES = settings(max_examples=40, deadline=None)


@st.composite
def cues(draw, *, loudest=1.0):
    """Up to four cues with constant, seen-through frames, anywhere around the rendered stretch."""
    found = []
    for k in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, LENGTH))
        length = draw(st.integers(0, 6_000))
        value = draw(st.integers(0, 8)) * loudest / 8
        frames = np.full(length, value, dtype=np.float32)
        wait = draw(st.integers(-200, 2_000)) / RATE
        gain = draw(st.integers(0, 16)) * loudest / 16
        found.append(voice(f"c{k}", frames, gain, play_at_s=start / RATE, expires_s=start / RATE + wait))
    return found


def cuts(largest):
    return st.lists(st.integers(1, largest - 1), max_size=12, unique=True).map(lambda at: [0, *sorted(at), largest])


def loaded(voices, *, ceiling=1.0):
    state, outcomes = new_mixer(ceiling=ceiling, next_frame=0), []
    for each in voices:
        state, said = enqueue(state, each)
        outcomes += said
    return replace(state, dead_man=DEAD_MAN_FRAMES), outcomes


def run(state, edges, *, silenced=(), dead_man_ok=True):
    frames, outcomes = [], []
    for first, last in pairwise(edges):
        rendered = render(state, first, last - first, silenced=silenced, dead_man_ok=dead_man_ok)
        state = rendered.state
        frames.append(rendered.frames)
        outcomes += rendered.outcomes
    return state, np.concatenate(frames), outcomes


@EXAMPLES
@given(cues(), cuts(LENGTH), st.sampled_from([(), ("REVOKED",)]), st.booleans())
def test_frames_and_outcomes_do_not_depend_on_how_the_render_is_divided(voices, edges, silenced, dead_man_ok):
    state, _ = loaded(voices)
    _, whole, said = run(state, [0, LENGTH], silenced=silenced, dead_man_ok=dead_man_ok)
    _, parts, said_in_parts = run(state, edges, silenced=silenced, dead_man_ok=dead_man_ok)
    assert np.array_equal(whole, parts)
    assert said == said_in_parts


@EXAMPLES
@given(cues(), cuts(LENGTH - 5_000), cuts(LENGTH - 5_000), st.booleans())
def test_a_ramp_under_way_does_not_depend_on_how_the_render_is_divided(voices, some, others, dead_man_ok):
    state, _ = loaded(voices)
    state, *_ = run(state, [0, 5_000])
    ends = [
        run(state, [5_000 + edge for edge in edges], silenced=("HALTED",), dead_man_ok=dead_man_ok)
        for edges in (some, others)
    ]
    assert np.array_equal(ends[0][1], ends[1][1])
    assert ends[0][2] == ends[1][2]


@EXAMPLES
@given(cues(loudest=50.0), st.floats(0, 1), st.booleans())
def test_no_frame_is_ever_above_the_ceiling_whatever_is_asked(voices, ceiling, broken):
    if broken and voices:
        voices[0] = replace(voices[0], frames=np.full(500, np.nan, dtype=np.float32), gain=float("inf"))
    state, _ = loaded(voices, ceiling=ceiling)
    _, frames, _ = run(state, [0, LENGTH, 4 * LENGTH])
    assert np.all(np.abs(frames.astype(np.float64)) <= ceiling)


@EXAMPLES
@given(cues(), st.integers(1, LENGTH - 1), st.integers(50, 2_000))
def test_nothing_sounds_beyond_one_ramp_after_a_bit_and_nothing_comes_back(voices, bit_frame, quantum):
    state, _ = loaded(voices)
    state, *_ = run(state, [0, bit_frame])
    edges = [*range(bit_frame, LENGTH, quantum), LENGTH + quantum]
    state, frames, outcomes = run(state, edges, silenced=("AROUSAL",))
    assert not np.any(frames[CUT_FRAMES:])
    assert {outcome.bits for outcome in outcomes if outcome.cut} <= {("AROUSAL",)}
    waiting = {each.cue_id for each in state.voices}
    _, later, said = run(state, [edges[-1], 4 * LENGTH])
    assert {outcome.cue_id for outcome in said} == waiting
    assert np.any(later) == any(np.any(each.frames * each.gain) for each in state.voices)


@EXAMPLES
@given(cues(), st.integers(1, LENGTH - 1))
def test_nothing_sounds_beyond_the_fall_of_the_dead_man(voices, missed_frame):
    state, _ = loaded(voices)
    state, *_ = run(state, [0, missed_frame])
    _, frames, _ = run(state, [missed_frame, missed_frame + 2 * DEAD_MAN_FRAMES], dead_man_ok=False)
    assert not np.any(frames[DEAD_MAN_FRAMES - 1 :])


@EXAMPLES
@given(cues(), cuts(LENGTH), st.lists(st.tuples(st.booleans(), st.booleans()), min_size=13, max_size=13))
def test_every_cue_has_exactly_one_outcome_whatever_bits_and_beats_do(voices, edges, weather):
    state, outcomes = loaded(voices)
    for (first, last), (bit, beat) in zip(pairwise(edges), weather, strict=False):
        rendered = render(state, first, last - first, silenced=("HALTED",) if bit else (), dead_man_ok=beat)
        state, outcomes = rendered.state, [*outcomes, *rendered.outcomes]
    state, refused = mixer.closing(state)
    state, _, last_words = run(state, [LENGTH, LENGTH + CUT_FRAMES])
    outcomes += [*refused, *last_words]
    assert sorted(outcome.cue_id for outcome in outcomes) == sorted(each.cue_id for each in voices)
    assert state.voices == ()


def steady(value=0.5, n_frames=LENGTH):
    return np.full(n_frames, value, dtype=np.float32)


def begun(at_frame=1_000):
    state, _ = loaded([voice("a", steady(), 1.0, play_at_s=0.0, expires_s=1.0)])
    return run(state, [0, at_frame])[0]


def test_a_cut_falls_smoothly_from_the_level_it_had():
    _, frames, (outcome,) = run(begun(), [1_000, 3_000], silenced=("REVOKED",))
    assert frames[0] == pytest.approx(0.5, rel=1e-3)
    assert np.all(np.diff(frames[:CUT_FRAMES]) <= 0)
    assert np.abs(np.diff(frames[:CUT_FRAMES])).max() < 0.002
    assert outcome.heard_s == pytest.approx((1_000 + CUT_FRAMES) / RATE, abs=1e-6)
    assert (outcome.status, outcome.cut, outcome.bits) == ("played", True, ("REVOKED",))


def test_a_fade_takes_ten_seconds_and_a_harder_word_ends_it_at_once():
    long = [voice("a", steady(n_frames=12 * RATE), 1.0, play_at_s=0.0, expires_s=1.0)]
    state = run(loaded(long)[0], [0, 1_000])[0]
    _, fading, (outcome,) = run(state, [1_000, 12 * RATE], silenced=("FADING",))
    assert np.all(np.diff(fading) <= 0)
    assert fading[5 * RATE] == pytest.approx(0.25, abs=0.001)
    assert outcome.heard_s == pytest.approx(10.0 + 1_000 / RATE, abs=1e-4)
    assert outcome.bits == ("FADING",)
    halfway, _, _ = run(state, [1_000, 1_000 + 5 * RATE], silenced=("FADING",))
    _, _, (outcome,) = run(halfway, [1_000 + 5 * RATE, 7 * RATE], silenced=("FADING", "HALTED"))
    assert outcome.heard_s == pytest.approx(5.0 + 1_480 / RATE, abs=1e-4)
    other = [voice("b", steady(), 1.0, play_at_s=1.0, expires_s=1.5)]
    _, frames, (refused,) = run(loaded(other)[0], [0, 2 * RATE], silenced=("FADING",))
    assert (refused.status, float(np.abs(frames).max())) == ("silenced", 0.0)


def test_a_bit_that_flickers_cuts_once_and_the_sound_does_not_come_back():
    state, first, _ = run(begun(), [1_000, 1_100], silenced=("REVOKED",))
    state, second, _ = run(state, [1_100, 1_200])
    _, third, outcomes = run(state, [1_200, 5_000], silenced=("HALTED",))
    _, whole, _ = run(begun(), [1_000, 5_000], silenced=("REVOKED",))
    assert np.array_equal(np.concatenate([first, second, third]), whole)
    assert len(outcomes) == 1


def test_a_missed_beat_fades_over_200_ms_not_at_once():
    _, frames, (outcome,) = run(begun(), [1_000, 12_000], dead_man_ok=False)
    assert frames[480] > 0.4
    assert not np.any(frames[DEAD_MAN_FRAMES:])
    assert outcome.bits == ("DEAD_MAN",)


def test_a_bit_during_the_dead_mans_fall_is_not_slower_than_a_bit_alone():
    state, _, _ = run(begun(), [1_000, 2_000], dead_man_ok=False)
    _, frames, (outcome,) = run(state, [2_000, 4_000], silenced=("REVOKED",), dead_man_ok=False)
    assert not np.any(frames[CUT_FRAMES:])
    assert outcome.bits == ("DEAD_MAN", "REVOKED")


def test_a_device_that_loses_frames_ends_what_sounded_and_says_so():
    rendered = render(begun(), 6_000, 480, silenced=(), dead_man_ok=True)
    (outcome,) = rendered.outcomes
    assert (outcome.status, outcome.cut, outcome.bits) == ("played", True, ("STALLED",))
    assert outcome.heard_s == pytest.approx(1_000 / RATE, abs=1e-6)
    assert not np.any(rendered.frames)


def test_a_cue_whose_moment_was_lost_begins_late_only_before_its_expiry():
    in_time = voice("in time", steady(), 1.0, play_at_s=0.01, expires_s=0.2)
    too_late = voice("too late", steady(), 1.0, play_at_s=0.01, expires_s=0.02)
    state, _ = loaded([in_time, too_late])
    rendered = render(state, 4_800, 480, silenced=(), dead_man_ok=True)
    assert [(outcome.cue_id, outcome.status) for outcome in rendered.outcomes] == [("too late", "expired")]
    _, _, (outcome,) = run(rendered.state, [5_280, 20_000])
    assert outcome.actual_s == 0.1


def test_the_last_frame_it_may_begin_in_is_the_one_at_its_expiry():
    state = new_mixer(ceiling=1.0, next_frame=4_800)
    assert enqueue(state, voice("a", steady(), 1.0, play_at_s=0.0, expires_s=0.1))[1] == ()
    (outcome,) = enqueue(state, voice("b", steady(), 1.0, play_at_s=0.0, expires_s=4_799 / RATE))[1]
    assert outcome.status == "expired"


def test_no_frame_is_rendered_twice():
    with pytest.raises(ValueError, match="rendered before"):
        render(begun(), 999, 480, silenced=(), dead_man_ok=True)


def test_a_ceiling_is_a_fraction_of_full_scale():
    with pytest.raises(ValueError, match="outside"):
        new_mixer(ceiling=float("nan"), next_frame=0)


def test_a_new_mixer_is_silent_until_its_first_beat():
    state, _ = enqueue(new_mixer(ceiling=1.0, next_frame=0), voice("a", steady(), 1.0, play_at_s=0.0, expires_s=1.0))
    rendered = render(state, 0, 480, silenced=(), dead_man_ok=False)
    assert not np.any(rendered.frames)
    assert [outcome.status for outcome in rendered.outcomes] == ["silenced"]


def test_a_single_cue_above_the_ceiling_is_lowered_not_clipped():
    wave = np.sin(np.arange(LENGTH) / 20).astype(np.float32)
    state, _ = loaded([voice("a", wave, 1.0, play_at_s=0.0, expires_s=1.0)], ceiling=0.5)
    assert np.allclose(run(state, [0, LENGTH])[1], wave / 2, atol=1e-6)


def test_the_dead_man_gain_is_a_gate_of_its_own():
    state, _ = enqueue(new_mixer(ceiling=1.0, next_frame=0), voice("a", steady(), 1.0, play_at_s=0.0, expires_s=1.0))
    state, rising, _ = run(state, [0, 1_000])
    assert np.all(np.diff(rising[:240]) > 0)
    assert rising[:240].mean() == pytest.approx(0.25, rel=0.01)
    assert np.all(rising[240:] == 0.5)
    _, falling, _ = run(state, [1_000, 12_000], dead_man_ok=False)
    half_way = DEAD_MAN_FRAMES // 2
    assert falling[half_way] == pytest.approx(0.5 * 0.5 * 0.5, rel=0.01)


@EXAMPLES
@given(cues(), cuts(2 * LENGTH))
def test_overlapping_cues_are_never_above_the_loudest_of_them(voices, edges):
    state, _ = loaded(voices)
    _, frames, _ = run(state, edges)
    loudest = max((np.float32(each.gain) for each in voices), default=np.float32(0))
    assert np.all(np.abs(frames) <= loudest)
    soft, loud = (voice(f"g{gain}", steady(1.0), gain, play_at_s=0.0, expires_s=1.0) for gain in (0.25, 0.5))
    assert np.abs(run(loaded([soft, loud])[0], [0, LENGTH])[1]).max() == 0.5
