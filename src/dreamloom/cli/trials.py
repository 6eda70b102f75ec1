"""The verbs `trial …`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from dreamloom.cli.output import end_with, give, say, table
from dreamloom.house import layout, trial_asking
from dreamloom.house.layout import House
from dreamloom.house.trial_asked import TrialWanted, seal_for_night
from dreamloom.house.trial_verifying import NightOfTrial, nights_of, opened_night
from dreamloom.house.trials import Trial, find_trial, lock_trial, open_trial
from dreamloom.statistics.blinding import BlindingIndex, Recognition
from dreamloom.trial.blindness import Blindness
from dreamloom.trial.schedules import schedule
from dreamloom.vocabulary.errors import RecordError, UsageError

SEALED = "Arms are sealed; nobody can tell them, the person who runs the nights least of all."


@dataclass(frozen=True, slots=True, kw_only=True)
class SealAsked:
    """What `trial seal` was asked."""

    name: str
    night: str
    nights: int | None
    assign: str
    block: int | None
    sleepers: Sequence[str]
    groups: Sequence[str]
    arms: Sequence[str]
    preregistration: Path | None


def seal(asked: SealAsked, *, as_json: bool) -> None:
    """Seals a schedule, and says what to write into its nights."""
    folder = layout.find_night(asked.night)
    wanted = TrialWanted(
        name=asked.name,
        nights=asked.nights,
        assign=asked.assign,
        block=asked.block,
        sleepers=asked.sleepers,
        groups=_groups(asked.groups),
        arms=asked.arms,
        preregistration=asked.preregistration,
    )
    seal_for_night(folder, wanted)
    trial = find_trial(folder.house, asked.name)
    if as_json:
        give(_as_data(trial))
    _tell(trial)
    say(f'\nIn the night.toml of each of its nights:\n\n  [trial]\n  name = "{trial.name}"\n  night = 1\n')
    say(f"{SEALED} Publish the commitment with your plan, so that nobody need trust this house.")


def show(name: str, *, house: Path | None, as_json: bool) -> None:
    """What is known of it; the schedule too, once it is open."""
    trial = find_trial(_house(house), name)
    if as_json:
        give(_as_data(trial))
    _tell(trial)


def ask(night: str, *, decoys: Sequence[str], as_json: bool) -> None:
    """The morning sheets of a night."""
    asked = trial_asking.sheets(layout.find_night(night), decoys)
    if as_json:
        give({**msgspec.to_builtins(asked), "sheets": [each._asdict() for each in asked.sheets]})
    say(f"{asked.question}\nAnswers: {', '.join(asked.answers)}. Nobody who knows an arm may ask.")
    for sheet in asked.sheets:
        sounds = f"  heard in the night, yes or no: {', '.join(sheet.sounds)}" if sheet.sounds else ""
        say(f"  {sheet.sleeper}, night {sheet.night}{sounds}")


def lock(name: str, files: Sequence[Path], *, house: Path | None, as_json: bool) -> None:
    """Settles the outcomes."""
    trial = lock_trial(_house(house), name, files)
    if as_json:
        give(_as_data(trial))
    say(f"The outcomes of {name} are locked: {len(files)} files by their SHA-256. Its arms may be opened now.")


def open_arms(name: str, *, house: Path | None, as_json: bool) -> None:
    """Opens the arms, and holds every night against the schedule; exit code 6 when one does not fit."""
    home = _house(house)
    trial = open_trial(home, name)
    secret = trial.opened_secret
    assert secret is not None
    nights = [opened_night(folder, secret) for folder in nights_of(home, trial)]
    data = {**_as_data(trial), "nights_checked": [_night_data(night) for night in nights]}
    bad = next((night for night in nights if night.first_bad is not None), None)
    if bad is not None:
        end_with(_does_not_fit(name, bad), data, as_json=as_json)
    if as_json:
        give(data)
    _tell(trial)
    rows = [
        [night.folder.name, night.night, arm, counts["due"], counts.get("played", 0), counts.get("cut", 0)]
        for night in nights
        for arm, counts in night.by_arm.items()
    ]
    say(table(["night", "number", "arm", "cues due", "played", "cut short"], rows or [["none begun", "", "", 0, 0, 0]]))
    say("Every sealed arm is the schedule's. A cue stays in its arm whatever became of it.")


def blindness(file: Path, *, name: str, house: Path | None, as_json: bool) -> None:
    """Bang's index by arm."""
    found = trial_asking.blindness_of(file, find_trial(_house(house), name) if name else None)
    if as_json:
        give(_blindness_data(found))
    rows = [
        [arm, *each.answers, f"{each.index:.2f}", f"{each.ci[0]:.2f} to {each.ci[1]:.2f}", each.reading]
        for arm, each in found.by_arm.items()
    ]
    say(table(["arm", "right", "wrong", "don't know", "Bang's index", "95 %", "reading"], rows))
    for arm, heard in found.recognised.items():
        by_chance = f"{heard.expected:g} by chance, p = {heard.p:g}"
        say(f"{arm}: the real cue was called heard by {heard.heard} of {heard.people}, {by_chance}")
    say("1: all told their arm; 0: as many guessed wrong as right; -1: all told the other arm (Bang et al. 2004).")


def _groups(texts: Sequence[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for text in texts:
        name, _, who = text.partition("=")
        sleepers = [each.strip() for each in who.split(",") if each.strip()]
        if not name or not sleepers or name in groups:
            raise UsageError(
                "DL-E152",
                f"--group {text} names no group with its sleepers, or one twice.",
                do="For example: --group sea=S01,S02",
            )
        groups[name] = sleepers
    return groups


def _house(folder: Path | None) -> House:
    return layout.default_house() if folder is None else House(folder)


def _tell(trial: Trial) -> None:
    sealed, design = trial.sealed, trial.sealed.design
    standing: Literal["open", "locked", "sealed"] = "open" if trial.opened else "locked" if trial.locked else "sealed"
    units = ", ".join(
        unit.name if unit.sleepers == (unit.name,) else f"{unit.name} ({', '.join(unit.sleepers)})"
        for unit in design.units
    )
    say(f"Trial {trial.name}: {standing}. {', '.join(design.arms)} {design.assign}, in blocks of {design.block}.")
    washout = f", {design.washout_nights} nights without a cue between them" if design.washout_nights else ""
    say(f"{design.nights} nights{washout}. In it: {units}.")
    say(f"Nights begun: {', '.join(f'{night.trial_night} ({night.cause})' for night in trial.nights) or 'none'}")
    say(f"Commitment   {sealed.commitment_sha256}")
    say(f"Dreamscape   {sealed.dreamscape_sha256}")
    say(f"Announced    {sealed.preregistration_sha256 or 'nowhere: no pre-registration was named'}")
    secret = trial.opened_secret
    if secret is not None:
        rows = [[each.sleeper, each.night, each.arm or "each cue by itself"] for each in schedule(*secret)]
        say(table(["sleeper", "night", "arm"], rows))


def _as_data(trial: Trial) -> dict[str, Any]:
    sealed, secret = trial.sealed, trial.opened_secret
    return {
        "trial": trial.name,
        "standing": "open" if trial.opened else "locked" if trial.locked else "sealed",
        "design": msgspec.to_builtins(sealed.design),
        "dreamscape_sha256": sealed.dreamscape_sha256,
        "preregistration_sha256": sealed.preregistration_sha256,
        "commitment_sha256": sealed.commitment_sha256,
        "sealed_utc_s": sealed.onset_s,
        "nights": [
            {"night": night.trial_night, "as": night.cause, "sleepers": list(night.sleepers)} for night in trial.nights
        ],
        "outcomes_sha256": list(trial.locked.outcomes_sha256) if trial.locked else [],
        **({"nonce": secret.nonce.hex(), "schedule": [each._asdict() for each in schedule(*secret)]} if secret else {}),
    }


def _night_data(night: NightOfTrial) -> dict[str, Any]:
    return {
        "folder": str(night.folder.root),
        "night": night.night,
        "fits": night.first_bad is None,
        "by_arm": night.by_arm,
        "cues": [asdict(cue) for cue in night.cues],
    }


def _blindness_data(found: Blindness) -> dict[str, Any]:
    def of(index: BlindingIndex, heard: Recognition | None) -> dict[str, Any]:
        return {
            **index.answers._asdict(),
            "index": index.index,
            "ci": index.ci,
            "ci_wald": index.ci_wald,
            "reading": index.reading,
            "recognised": None if heard is None else asdict(heard),
        }

    return {
        "mornings": found.mornings,
        "arms": {arm: of(index, found.recognised.get(arm)) for arm, index in found.by_arm.items()},
    }


def _does_not_fit(name: str, night: NightOfTrial) -> RecordError:
    return RecordError(
        "DL-E447",
        f"A night of the trial {name!r} does not fit its schedule. First: {night.first_bad} of {night.folder.name}.",
        why=f"{night.why}.".capitalize(),
        still="The other nights are as they were sealed, as far as they are shown.",
        do=f"Look at it: dreamloom verify {night.folder.root}",
    )
