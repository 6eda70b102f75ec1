"""The eye section of the benchmark page, and signals that simulated sleepers give twice in a row."""

from pathlib import Path

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.bench import eye_nights, eyes_page
from dreamloom.bench.eye_figures import Found, figures
from dreamloom.bench.eye_seen import OURS, PRODUCT, THRESHOLD, UNGATED, Seen
from dreamloom.bench.eyes import summed
from dreamloom.sleeper import gaze
from dreamloom.sleeper.happenings import Happening
from dreamloom.sleeper.truth import truth
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage


def test_a_signal_repeated_is_two_with_rest_between_and_no_two_alike() -> None:
    turns = gaze.repeated_turns(stream(1, "turns").random(gaze.LUCK), 0.6, 2)
    (first_s, home_s), (again_s, last_s) = gaze.signals_in(turns)
    assert first_s == 0.0
    assert 1.0 <= again_s - home_s <= 3.0
    assert last_s == turns[-1][0]
    assert turns[:5] == gaze.signal_turns(stream(1, "turns").random(gaze.LUCK), 0.6)
    assert [size for _, size in turns[5:]] != [size for _, size in turns[:5]]


def test_who_is_asked_to_gives_every_signal_twice_and_longer_than_once() -> None:
    source = SimulatedSource("lucid,repeats=1", seed=3, sleeper="S01")
    twice = [h for h in truth(source.traits, 3, 16_000).happenings if h.what == "lucid signal"]
    assert twice
    assert all(len(gaze.signals_in(h.turns)) == 2 and h.duration_s > 6.0 for h in twice)


def test_a_signal_given_twice_counts_once_however_often_it_was_confirmed() -> None:
    truths = [(10.0, 12.0), (14.0, 16.0), (100.0, 102.0)]
    found = [Found(10.0, 16.0, 16.5, "confirmed", 0.9), Found(50.0, 55.0, 56.0, "confirmed", 0.5)]
    told = figures("ours", [(found, truths, [Stage.R] * 120)], ours=True, known=True)
    assert (told.given_twice, told.twice_recall, told.twice_false) == (1, 1.0, 1)
    assert told.roc[-1].twice_recall == 1.0
    assert told.roc[-1].twice_false_per_h == 0.0


def test_each_of_two_signals_soon_after_each_other_is_found_by_the_one_that_covers_it() -> None:
    truths = [(10.0, 12.0), (13.3, 15.3)]
    found = [Found(10.0, 12.1, 12.5, "candidate", 0.9), Found(13.3, 15.4, 16.0, "candidate", 0.9)]
    told = figures("ours", [(found, truths, [Stage.R] * 30)], ours=True, known=True)
    assert told.recall == 1.0
    assert (told.latency_s, told.latency_worst_s) == (0.6, 0.7)


def test_two_signals_at_once_count_neither_way() -> None:
    kept = Happening("lucid signal", 300.0, 3.6, 170.0, 0.0)
    both = [Happening("lucid signal", 100.0, 3.6, 170.0, 0.0), Happening("lucid signal", 102.0, 3.6, 170.0, 0.0)]
    seen = Seen({OURS: [Found(at_s, at_s + 2.2, at_s + 3.0, "candidate", 0.5) for at_s in (101.0, 300.0)]}, {})
    eye_nights.judge_by(seen, [*both, kept])
    assert seen.truths_s == [(300.0, 302.2)]
    assert [found.onset_s for found in seen.found[OURS]] == [300.0]


def test_the_section_says_simulated_before_any_figure_and_draws_the_trade(tmp_path: Path) -> None:
    found = {name: [Found(10.0, 12.0, 12.5, "candidate", 0.9)] for name in (OURS, UNGATED, THRESHOLD, PRODUCT)}
    seen = Seen(found, {OURS: [10.0]}, [Stage.R] * 120, [(10.0, 12.0)])
    told = summed("1 simulated nights", ["E1", "E2"], [seen], stages_by="simulation", sfreq_hz=100.0, simulated=True)
    text = eyes_page.section(told)
    assert text.index("**Simulated.**") < text.index("| detector |")
    assert text.startswith(eyes_page.BEGIN)
    assert text.endswith(eyes_page.END)
    eyes_page.draw(told, tmp_path / "eyes.svg")
    assert (tmp_path / "eyes.svg").stat().st_size > 1000
