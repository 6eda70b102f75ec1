"""What trial does this night belong to? Its design from the night's dreamscape and roster, and what a person adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.scalars import nearest
from dreamloom.house import opening
from dreamloom.house.asked import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NightAsked
from dreamloom.house.trials import Entropy, seal_trial
from dreamloom.record.events import TrialDesign, TrialSealed, TrialUnit
from dreamloom.trial.designs import usual_block
from dreamloom.trial.schedules import together
from dreamloom.vocabulary.errors import ConfigError, UsageError
from dreamloom.vocabulary.ids import safe_name

Assign = Literal["across nights", "within night", "across sleepers", "across groups"]
ALL = "all"
"""The one unit of a night that is shared: its sleepers meet in it, so they are in one arm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWanted:
    """What a person says of a trial beside its dreamscape; what is left out is the dreamscape's, or the usual.

    Attributes:
        nights: of each sleeper; one block where arms change across nights, else one.
        sleepers: further ones, who do not sleep in the night that is shown.
        groups: for a trial across groups, the sleepers of each.
        arms: which of the dreamscape's arms to draw.
    """

    name: str
    nights: int | None = None
    assign: str = ""
    block: int | None = None
    sleepers: Sequence[str] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    arms: Sequence[str] = ()
    preregistration: Path | None = None


def seal_for_night(folder: NightFolder, wanted: TrialWanted, *, entropy: Entropy | None = None) -> TrialSealed:
    """Seals a trial of the dreamscape, the sleepers and the rooms of this night, in its house.

    Raises:
        ConfigError, UsageError: where something is missing, unknown or cannot be balanced.
        RefusedError: when a trial of this name is sealed already.
    """
    asked = opening.read_asked(folder)
    design = design_of(asked, wanted)
    more = {} if entropy is None else {"entropy": entropy}
    return seal_trial(
        folder.house,
        design,
        dreamscape_sha256=asked.dreamscape_sha256,
        preregistration=wanted.preregistration,
        **more,
    )


def design_of(asked: Asked, wanted: TrialWanted) -> TrialDesign:
    """Everything of a trial but its draw; raises ConfigError or UsageError."""
    dreamscape, night = asked.dreamscape, asked.night
    assign = _assign(dreamscape, wanted)
    arms = _arms(dreamscape, wanted, assign)
    said = dreamscape.trial
    block = wanted.block or (said.block if said else None) or usual_block(assign, len(arms))
    return TrialDesign(
        trial=safe_name(wanted.name, what="trial"),
        assign=assign,
        arms=arms,
        block=block,
        nights=wanted.nights or (block if assign == "across nights" else 1),
        washout_nights=(said.washout_nights if said else None) or 0,
        units=_units(night, wanted, assign),
    )


def _assign(dreamscape: Dreamscape, wanted: TrialWanted) -> Assign:
    said = wanted.assign or (dreamscape.trial.assign if dreamscape.trial else "")
    if said not in get_args(Assign):
        raise UsageError(
            "DL-E155",
            f"Nothing says how the arms of {dreamscape.name} are drawn."
            if not said
            else f"Arms cannot be drawn {said!r}.",
            why=f"They are drawn {', '.join(get_args(Assign))}.",
            do=nearest(said, get_args(Assign))
            if said
            else 'Write trial: {assign: across nights, …} into the dreamscape, or say --assign "across nights".',
        )
    return cast("Assign", said)


def _arms(dreamscape: Dreamscape, wanted: TrialWanted, assign: Assign) -> tuple[str, ...]:
    for name in wanted.arms:
        if name not in dreamscape.arms:
            raise UsageError(
                "DL-E156",
                f"{dreamscape.name} has no arm {name!r}.",
                why=f"Its arms: {', '.join(dreamscape.arms) or 'none'}.",
                do=nearest(name, dreamscape.arms) if dreamscape.arms else "Write arms into the dreamscape.",
            )
    chosen = tuple(name for name in dreamscape.arms if not wanted.arms or name in wanted.arms)
    _refuse_alike(dreamscape, chosen, tells_training=bool(dreamscape.training) and assign != "within night")
    return chosen


def _refuse_alike(dreamscape: Dreamscape, names: Sequence[str], *, tells_training: bool) -> None:
    """Arms that differ in training alone are one arm where none is held: a dreamscape without, cues of one night."""
    seen: dict[tuple[str, tuple[str, ...], bool], str] = {}
    for name in names:
        arm = dreamscape.arms[name]
        other = seen.setdefault((arm.cue, arm.each_draws, arm.trained or not tells_training), name)
        if other != name:
            raise ConfigError(
                "DL-E602",
                f"The arms {other!r} and {name!r} of {dreamscape.name} would be played alike.",
                why="They differ in training alone, and "
                + (
                    "a night is trained as a whole, before its first cue."
                    if dreamscape.training
                    else "no training stands in it."
                ),
                do=f"Choose the arms to draw, for example --arm {other} --arm sham"
                + (", or draw them across nights." if dreamscape.training else ", or write training into it."),
            )


def _units(night: NightAsked, wanted: TrialWanted, assign: Assign) -> tuple[TrialUnit, ...]:
    sleepers = list(dict.fromkeys([*(pod.sleeper for pod in night.pod), *wanted.sleepers]))
    for sleeper in sleepers:
        safe_name(sleeper, what="sleeper")
    if assign == "across groups":
        return _groups(wanted, sleepers)
    if assign == "across nights" and night.mode != "private":
        return (TrialUnit(name=ALL, sleepers=tuple(sleepers)),)
    of = {pod.id: pod.sleeper for pod in night.pod}
    rooms = [[pod.sleeper, *(of[other] for other in pod.shares_room_with)] for pod in night.pod]
    return together(sleepers, rooms)


def _groups(wanted: TrialWanted, sleepers: Sequence[str]) -> tuple[TrialUnit, ...]:
    grouped = [sleeper for group in wanted.groups.values() for sleeper in group]
    left = [sleeper for sleeper in sleepers if sleeper not in grouped]
    if left or not wanted.groups:
        raise UsageError(
            "DL-E157",
            f"Arms are drawn across groups, and {', '.join(left) or 'nobody'} is in none."
            if wanted.groups
            else "Arms are drawn across groups, and no group is named.",
            why="Whole groups share an arm, so that people of one night do not give it away to each other.",
            do="Name every group with its sleepers: --group sea=S01,S02 --group hill=S03,S04",
        )
    return tuple(
        TrialUnit(name=safe_name(name, what="group"), sleepers=tuple(who)) for name, who in wanted.groups.items()
    )
