"""Does each cue of a training come at its time and in its turn, and for whom is it?"""

from dreamloom.dreamscape import builtin, reader
from dreamloom.dreamscape.practice import is_given, moments, trainings_for, trains_any


def load(name):
    return reader.read(builtin.load(name)[0], file="a.yaml")


def test_cues_take_turns_evenly_and_as_many_as_begin_within_the_time():
    found = moments(load("tlr_nap").training[0])
    assert [moment.at_s for moment in found] == [60.0 * n for n in range(20)]
    assert [moment.cue for moment in found[:3]] == ["beep", "glow", "beep"]
    assert [moment.cue for moment in moments(load("rem_puzzle").training[0])] == [f"puzzle_{one}" for one in "abcd"]


def test_a_training_of_a_group_is_for_those_in_it_and_light_is_shown_by_hand():
    assert list(trainings_for(load("relay"), ("circle",))) == [0]
    assert trainings_for(load("relay"), ("others",)) == {}
    assert [is_given(load("tlr_nap"), cue) for cue in ("beep", "glow")] == [True, False]


def test_an_arm_is_trained_unless_its_author_says_otherwise():
    phone = load("tlr_phone")
    assert [trains_any(phone, [arm]) for arm in ("active", "control", "no such arm")] == [True, False, True]
    assert trains_any(phone, ["active", "control"])
