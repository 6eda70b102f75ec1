"""Letters looked in Morse: dots to the left, dashes to the right; what is not clear is no letter."""

import numpy as np
import pytest

from dreamloom.dreamscape.morse import ALPHABET
from dreamloom.eyes import letters, watch
from dreamloom.eyes.answers import Asked
from dreamloom.eyes.leads import leads
from dreamloom.eyes.letters import Letter
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import STRICT
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, glanced, seconds_of, signalled, storm
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

HZ = 100
ASKED = Asked(10.0, 60.0)


def moves(gaze_uv: FloatArray, seed: int = 1) -> list[Saccade]:
    chosen = leads(CHANNELS)
    assert chosen is not None
    state, found = watch.start(chosen, HZ, gated=False), []
    for second in seconds_of(eyes_of(gaze_uv, HZ, stream(seed, "looked")), HZ):
        state, _, new = watch.step(state, second)
        found += new
    return found


def looked(*texts: str, seed: int = 1, straight: bool = False, left: int = -1) -> Letter:
    rng = stream(seed, "letters", *texts)
    told = [glanced(rng, HZ, ALPHABET[text], straight=straight) for text in texts]
    gaze_uv = np.concatenate([np.zeros(11 * HZ), *told, np.zeros(20 * HZ)])
    return letters.of_eyes(moves(gaze_uv, seed), ASKED, STRICT, left=left)


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("text", ["S", "K", "X", "5"])
def test_glances_to_both_sides_are_the_letter_with_or_without_a_rest_between(text: str, straight: bool) -> None:  # noqa: FBT001 - a parameter of the test
    told = looked(text, straight=straight)
    assert (told.said, told.letter) == ("answer", text)
    assert told.confidence > 0.5
    assert 15.0 < told.at_s < 30.0


def test_a_letter_of_one_or_two_glances_counts_only_when_it_was_given_twice() -> None:
    assert [looked(text).said for text in "ETAM"] == ["unclear"] * 4
    assert [looked(text, text).letter for text in "ETAM"] == list("ETAM")


def test_two_letters_contradict_each_other_and_two_alike_are_surer() -> None:
    assert looked("S", "K").said == "unclear"
    assert looked("K", "K").confidence > looked("K").confidence


def test_where_nobody_knows_which_side_is_left_no_letter_is_guessed() -> None:
    assert looked("S", left=0) == Letter("unclear", "", 0.0, 60.0)
    assert looked("S", left=1).letter == "O"


def test_the_agreed_signal_is_no_letter_and_rest_is_none() -> None:
    signal = np.concatenate([np.zeros(15 * HZ), signalled(stream(1, "s"), HZ), np.zeros(30 * HZ)])
    assert letters.of_eyes(moves(signal), ASKED, STRICT, left=-1).said != "answer"
    assert letters.of_eyes(moves(np.zeros(65 * HZ)), ASKED, STRICT, left=-1).said == "none"


def between(*gazes: FloatArray, rest_s: float = 4.0) -> FloatArray:
    rest = np.zeros(round(rest_s * HZ))
    return np.concatenate([np.zeros(10 * HZ), *[part for gaze in gazes for part in (rest, gaze)], np.zeros(30 * HZ)])


def wandering(seed: int, *, reach_uv: float, n_s: int = 16) -> FloatArray:
    """Two small glances a second, now here, now there, as phasic REM makes them for a while."""
    rng = stream(seed, "wandering")
    places_uv = np.repeat(reach_uv * rng.uniform(-1.0, 1.0, 2 * n_s), HZ // 2)
    places_uv[-HZ:] = 0.0
    return np.convolve(np.pad(places_uv, 4, mode="edge"), np.ones(9) / 9.0, mode="valid")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_letter_is_read_among_smaller_movements_and_not_among_as_many_of_its_size(seed: int) -> None:
    letter, asked = glanced(stream(seed, "among"), HZ, "-.-"), Asked(10.0, 70.0)
    calm, restless = (
        letters.of_eyes(moves(between(letter, wandering(seed, reach_uv=reach_uv)), seed), asked, STRICT, left=-1)
        for reach_uv in (50.0, 160.0)
    )
    assert (calm.said, calm.letter) == ("answer", "K")
    assert restless.said == "unclear"


def test_whoever_signals_again_beside_a_letter_has_still_said_the_letter() -> None:
    signal, letter = signalled(stream(1, "again"), HZ), glanced(stream(1, "beside"), HZ, "...")
    at_once = signal[HZ : -2 * HZ]  # the next begins less than two seconds later
    for gazes in ((letter, signal, signal), (letter, np.concatenate([at_once, at_once, signal]))):
        told = letters.of_eyes(moves(between(*gazes)), Asked(10.0, 70.0), STRICT, left=-1)
        assert (told.said, told.letter) == ("answer", "S")


def test_a_weak_letter_again_after_long_or_of_another_size_is_unclear() -> None:
    asked = Asked(10.0, 70.0)
    small, large = (glanced(stream(1, "weak"), HZ, "-.", reach_uv=reach_uv) for reach_uv in (100.0, 220.0))
    for gaze_uv, said in (
        (between(large, large), "answer"),
        (between(large, large, rest_s=14.0), "unclear"),
        (between(small, large), "unclear"),
    ):
        assert letters.of_eyes(moves(gaze_uv), asked, STRICT, left=-1).said == said


def test_glances_that_are_no_letter_say_none_beside_one_that_is() -> None:
    letter, other = (glanced(stream(1, signs), HZ, signs) for signs in ("...", "..--"))
    assert letters.of_eyes(moves(between(letter, other)), Asked(10.0, 70.0), STRICT, left=-1).said == "unclear"


def test_a_letter_before_the_question_or_cut_off_by_the_end_of_its_time_is_none() -> None:
    seen = moves(np.concatenate([np.zeros(11 * HZ), glanced(stream(1, "cut"), HZ, "..."), np.zeros(20 * HZ)]))
    whole = letters.of_eyes(seen, ASKED, STRICT, left=-1)
    assert whole.letter == "S"
    assert letters.of_eyes(seen, Asked(15.5, 60.0), STRICT, left=-1).said != "answer"
    assert letters.of_eyes(seen, Asked(10.0, whole.at_s - 0.5), STRICT, left=-1).said != "answer"


@pytest.mark.parametrize("what", ["phasic", "darting"])
def test_storms_of_eyes_say_no_letter(what: str) -> None:
    chosen = leads(CHANNELS)
    assert chosen is not None
    state, found = watch.start(chosen, HZ, gated=False), []
    for second in storm(what, 3, n_s=300):
        state, _, new = watch.step(state, second)
        found += new
    told = [letters.of_eyes(found, Asked(at_s, at_s + 60.0), STRICT, left=-1) for at_s in range(5, 235, 20)]
    assert not [each for each in told if each.said == "answer"]
