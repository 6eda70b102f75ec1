"""Which channels show the eyes: labels of many laboratories, one derivation, the forehead, none."""

import pytest

from dreamloom.eyes.leads import FOREHEAD_SHARE, leads
from dreamloom.signals.blocks import Channel
from dreamloom.signals.labels import kind_of


def channels(*labels: str) -> tuple[Channel, ...]:
    return tuple(Channel(label, kind_of(label)) for label in labels)


@pytest.mark.parametrize(
    "labels",
    [
        ("EEG C4-M1", "EOG E1-M2", "EOG E2-M2"),
        ("C4-A1", "LOC-A2", "ROC-A2"),
        ("EEG", "EOG(L)", "EOG(R)"),
        ("EEG C4", "EOG Left Horiz", "EOG Right Horiz"),
        ("C3", "EOG1-A2", "EOG2-A2"),
        ("C3", "EOG sin", "EOG dx"),
        ("C3", "EOG", "EOG"),
    ],
)
def test_left_and_right_eye_are_told_by_their_names(labels: tuple[str, ...]) -> None:
    found = leads(channels(*labels))
    assert found is not None
    assert (found.left, found.right, found.share) == (1, 2, 1.0)


def test_sides_are_told_whatever_the_order() -> None:
    found = leads(channels("EOG E2-M2", "EEG C4-M1", "EOG E1-M2"))
    assert found is not None
    assert (found.left, found.right, found.eeg) == (2, 0, 1)


@pytest.mark.parametrize(("label", "turned"), [("EOG horizontal", False), ("ROC-LOC", False), ("LOC-ROC", True)])
def test_one_derivation_between_both_eyes_is_enough(label: str, turned: bool) -> None:  # noqa: FBT001 - a case
    found = leads(channels("EEG Fpz-Cz", label))
    assert found is not None
    assert (found.left, found.right, found.turned) == (1, None, turned)


def test_without_eog_the_corners_of_the_forehead_show_less_of_it() -> None:
    found = leads(channels("EEG F7-M2", "EEG C4", "EEG F8-M1"))
    assert found is not None
    assert (found.left, found.right, found.share) == (0, 2, FOREHEAD_SHARE)


def test_one_eeg_alone_and_a_vertical_eog_show_no_gaze() -> None:
    assert leads(channels("EEG C4-M1", "EMG chin")) is None
    assert leads(channels("EEG C4-M1", "EOG vertical")) is None
