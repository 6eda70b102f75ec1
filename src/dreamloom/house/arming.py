"""In which arm is this bed, or this cue? One arm for everybody without a trial, else as its sealed schedule says."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from dreamloom.dreamscape.model import OWN, Dreamscape
from dreamloom.trial.commitment import Secret
from dreamloom.trial.schedules import arm_of_cue, arm_of_night, drawn_cue

TRAINED_OUTSIDE_TRIALS = "active"
ACTIVE = "active"
"""Outside a trial every bed is in this arm of its dreamscape."""
EACH_CUE = "each cue by itself"
"""What is sealed as the arm of a night whose arms change within it."""


class Drawn(NamedTuple):
    """The arm of one cue, and what it puts in the place of the planned sound; OWN changes nothing."""

    arm: str
    cue: str


class Arms(Protocol):
    """What a night is told of its arms; it seals everything of it at once."""

    stand_ins: tuple[str, ...]
    """Every cue that may sound in a planned one's place, whose length must not tell; empty where nobody is blind."""

    def of_night(self, pod: str) -> str:
        """The arm that this bed spends the night in."""

    def of_cue(self, pod: str, occasion: int) -> Drawn:
        """The arm of this bed's cue number `occasion`, from 0."""


class FixedArms(Arms):
    """Everybody knows the arm of each bed: a night outside any trial. One that the dreamscape lacks changes nothing.

    Where an arm gives each sleeper another cue, they are dealt in the order of the beds.
    """

    stand_ins: tuple[str, ...] = ()

    def __init__(self, arms: Mapping[str, str], dreamscape: Dreamscape) -> None:
        self._arms = arms
        self._dreamscape = dreamscape

    def of_night(self, pod: str) -> str:
        """As it was said."""
        return self._arms[pod]

    def of_cue(self, pod: str, occasion: int) -> Drawn:  # noqa: ARG002 - every occasion alike
        """The same for every cue."""
        name = self._arms[pod]
        arm = self._dreamscape.arms.get(name)
        if arm is None or not arm.each_draws:
            return Drawn(name, arm.cue if arm else OWN)
        return Drawn(name, arm.each_draws[list(self._arms).index(pod) % len(arm.each_draws)])


class TrialArms(Arms):
    """As the schedule draws them, which was sealed before this night."""

    def __init__(self, secret: Secret, night: int, *, sleeper_of: Mapping[str, str], dreamscape: Dreamscape) -> None:
        self._secret = secret
        self._night = night
        self._sleeper_of = sleeper_of
        self._dreamscape = dreamscape
        arms = [dreamscape.arms[name] for name in secret.design.arms]
        named = dict.fromkeys(cue for arm in arms for cue in (arm.cue, *arm.each_draws))
        self.stand_ins = tuple(cue for cue in named if cue != OWN)

    def of_night(self, pod: str) -> str:
        """The bed's arm tonight, or that each cue has its own."""
        design, nonce = self._secret
        return arm_of_night(design, nonce, sleeper=self._sleeper_of[pod], night=self._night) or EACH_CUE

    def of_cue(self, pod: str, occasion: int) -> Drawn:
        """The arm of the night, or the one that was drawn for this occasion; with the cue this sleeper gets in it."""
        design, nonce = self._secret
        sleeper = self._sleeper_of[pod]
        name = arm_of_night(design, nonce, sleeper=sleeper, night=self._night) or arm_of_cue(
            design, nonce, sleeper=sleeper, night=self._night, occasion=occasion
        )
        arm = self._dreamscape.arms[name]
        cue = drawn_cue(arm.each_draws, design, nonce, arm=name, sleeper=sleeper) if arm.each_draws else arm.cue
        return Drawn(name, cue)
