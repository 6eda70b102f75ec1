"""Which channels show the eyes? A left and a right electrode, one between both, or the corners of the forehead."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from dreamloom.signals.blocks import Channel

_LEFT = re.compile(r"\b(loc|e1|eog ?1|eog ?[l]|left|l ?eog|sin|sx|gauche|links)(\b|(?=[ -]?[am][12]\b))")
_RIGHT = re.compile(r"\b(roc|e2|eog ?2|eog ?[r]|right|r ?eog|dx|dex|droite|rechts)(\b|(?=[ -]?[am][12]\b))")
_VERTICAL = re.compile(r"vert|\bv ?eog|eog ?v\b|upper|lower")
_ACROSS = re.compile(r"horiz|\bh ?eog|eog ?h\b")
_CORNERS = (("f7", "f8"), ("af7", "af8"), ("fp1", "fp2"), ("af3", "af4"), ("f3", "f4"))
"""Pairs of electrodes from temple to temple, nearest to the eyes' horizontal axis first."""
FOREHEAD_SHARE = 0.5
"""How much of an eye movement at the outer canthi shows at the corners of the forehead. Ours: a corner lies about twice
as far from the axis of the eye, and leakage into F7 and F8 is about half of the EOG (Croft & Barry 2000)."""


class Leads(NamedTuple):
    """How gaze is read from a stream's channels.

    Attributes:
        left: place of the electrode at the left eye; of the only one where there is one between both.
        right: place of the electrode at the right eye; None where one derivation holds both.
        turned: the one derivation is left against right, so that gaze to the right makes it fall.
        share: amplitude expected here, 1 at the outer canthi.
        eeg: place of an EEG channel that tells brain waves from eyes; None without one.
        chin: place of the chin; None without one.
    """

    left: int
    right: int | None
    turned: bool = False
    share: float = 1.0
    eeg: int | None = None
    chin: int | None = None


def leads(channels: Sequence[Channel]) -> Leads | None:
    """The best pair there is: EOG left and right, else EOG across, else two corners of the forehead, else None.

    With two EOG channels whose names tell no side, the first is taken for the left one, as montages list them.
    """
    eeg, chin = _first(channels, "EEG"), _first(channels, "EMG")
    plain = [(place, _plain(c.label)) for place, c in enumerate(channels) if c.kind == "EOG"]
    eogs = [(place, name) for place, name in plain if not _VERTICAL.search(name)]
    across = [(place, name) for place, name in eogs if _is_across(name)]
    sided = [(place, name) for place, name in eogs if not _is_across(name)]
    if len(sided) >= 2:
        return Leads(*_sides(sided), eeg=eeg, chin=chin)
    if across or sided:
        place, name = (across or sided)[0]
        is_pair = bool(across) and not _ACROSS.search(name)
        return Leads(place, None, turned=is_pair and _left_first(name), eeg=eeg, chin=chin)
    return _forehead(channels, chin)


def _sides(sided: Sequence[tuple[int, str]]) -> tuple[int, int]:
    left = [place for place, name in sided if _LEFT.search(name)]
    right = [place for place, name in sided if _RIGHT.search(name) and place not in left]
    if left and right:
        return left[0], right[0]
    known, others = left or right, [place for place, _ in sided if place not in (left or right)]
    if not known:
        return sided[0][0], sided[1][0]
    return (known[0], others[0]) if left else (others[0], known[0])


def _is_across(name: str) -> bool:
    is_left, is_right = bool(_LEFT.search(name)), bool(_RIGHT.search(name))
    return (is_left and is_right) or (bool(_ACROSS.search(name)) and is_left == is_right)


def _left_first(name: str) -> bool:
    left, right = _LEFT.search(name), _RIGHT.search(name)
    return left is not None and right is not None and left.start() < right.start()


def _forehead(channels: Sequence[Channel], chin: int | None) -> Leads | None:
    by_site = {_site(c.label): place for place, c in enumerate(channels) if c.kind == "EEG"}
    for left, right in _CORNERS:
        if left in by_site and right in by_site:
            return Leads(by_site[left], by_site[right], share=FOREHEAD_SHARE, chin=chin)
    return None


def _site(label: str) -> str:
    """The electrode before its reference: "EEG F7-M2" is f7."""
    return re.split(r"[-: ]", re.sub(r"^eeg[ -]", "", _plain(label)))[0]


def _plain(label: str) -> str:
    return " ".join(re.sub(r"[_().:/]", " ", label.lower()).split())


def _first(channels: Sequence[Channel], kind: str) -> int | None:
    return next((place for place, channel in enumerate(channels) if channel.kind == kind), None)
