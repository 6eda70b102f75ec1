"""Is this a night of a trial, and may it begin? Held against what the house knows of that trial."""

from dataclasses import dataclass
from difflib import get_close_matches

from dreamloom.governance.toml_files import TomlFile
from dreamloom.house.asked import Asked
from dreamloom.house.night_file import CODES
from dreamloom.house.texts import read_text
from dreamloom.house.trials import Trial, find_trial, secret_of
from dreamloom.record.events import TrialNightBegun
from dreamloom.trial.commitment import Secret
from dreamloom.trial.schedules import sleepers_of
from dreamloom.vocabulary.errors import ConfigError, RefusedError

DAY_S = 86_400.0
NIGHT_MAY_BE_EARLIER_S = 12 * 3600.0
"""Nights begin at other hours; two whose beginnings are so much less than whole days apart are that many days apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTonight:
    """The trial that this night belongs to: what its sealer must know, and what its record says."""

    secret: Secret
    begun: TrialNightBegun


def trial_tonight(asked: Asked, *, goes_on: bool, utc_s: float, is_live: bool) -> TrialTonight | None:
    """What night.toml asks for under [trial]; None for a night outside any.

    Args:
        asked: the night's files.
        goes_on: it was opened before, so that all but the sealed schedule was checked then.
        utc_s: now, in seconds since 1970.
        is_live: washout counts days that people lived, not those on which a recording is played.

    Raises:
        ConfigError: when the house knows no such trial, or it has no such night.
        RefusedError: when the trial is over, was sealed for others or another text, or has had this night already.
        RecordError: when its sealed schedule is not the one that was committed to.
    """
    wanted = asked.night.trial
    if wanted is None:
        return None
    trial = find_trial(asked.folder.house, wanted.name)
    design = trial.sealed.design
    begun = TrialNightBegun(
        onset_s=0.0,
        design=design,
        trial_night=wanted.night,
        sleepers=tuple(asked.sleeper_of.values()),
        dreamscape_sha256=trial.sealed.dreamscape_sha256,
        preregistration_sha256=trial.sealed.preregistration_sha256,
        commitment_sha256=trial.sealed.commitment_sha256,
    )
    if not goes_on:
        _refuse_odd_night(asked, trial)
        _refuse_other_people(asked, trial)
        _refuse_late_or_twice(asked, trial)
        if is_live:
            _refuse_unwashed(asked, trial, utc_s)
    return TrialTonight(secret=secret_of(asked.folder.house, trial), begun=begun)


def _refuse_odd_night(asked: Asked, trial: Trial) -> None:
    design, wanted = trial.sealed.design, asked.night.trial
    assert wanted is not None
    if not 1 <= wanted.night <= design.nights:
        file = str(asked.folder.night_toml)
        text = read_text(asked.folder.night_toml, what="what was asked for tonight")
        raise ConfigError(
            "DL-E358",
            f"The trial {trial.name!r} has no night {wanted.night}.",
            why=f"It was sealed for {design.nights} nights, counted from 1.",
            where=TomlFile(text, file=file, codes=CODES).place(("trial", "night")),
            do=f"Write a night from 1 to {design.nights}.",
        )
    if trial.sealed.dreamscape_sha256 != asked.dreamscape_sha256:
        raise RefusedError(
            "DL-E539",
            f"The trial {trial.name!r} was sealed for another text than {asked.night.dreamscape}.",
            why=f"It names {trial.sealed.dreamscape_sha256[:12]}…, the file's SHA-256 is {asked.dreamscape_sha256}.",
            still="Nothing was recorded or played.",
            do="Put the text back as it was, or seal a trial of its own for this one.",
        )


def _refuse_other_people(asked: Asked, trial: Trial) -> None:
    known = sleepers_of(trial.sealed.design)
    for sleeper in asked.sleeper_of.values():
        if sleeper not in known:
            near = get_close_matches(sleeper, known, 1)
            raise RefusedError(
                "DL-E540",
                f"{sleeper} is not in the trial {trial.name!r}.",
                why=f"It was sealed for {', '.join(known)}.",
                still="Nothing was recorded or played.",
                do=f"Did you mean {near[0]!r}?" if near else "Give that sleeper a night of another trial, or of none.",
            )


def _refuse_late_or_twice(asked: Asked, trial: Trial) -> None:
    wanted = asked.night.trial
    assert wanted is not None
    if trial.locked is not None or trial.opened is not None:
        raise RefusedError(
            "DL-E541",
            f"The trial {trial.name!r} is {'open' if trial.opened else 'locked'}: no night of it may begin any more.",
            why="Its outcomes are settled.",
            still="Nights outside it can be run.",
            do="Take [trial] out of night.toml, or seal another trial.",
        )
    for night in trial.nights:
        again = _again(asked, night)
        if night.trial_night == wanted.night and again:
            raise RefusedError(
                "DL-E542",
                f"{again} has begun night {wanted.night} of the trial {trial.name!r} already, as {_name(night)!r}.",
                why="Every night of a schedule is slept once.",
                still="Nothing was recorded or played.",
                do="Write the number of the next night, or go on with that one.",
            )


def _refuse_unwashed(asked: Asked, trial: Trial, utc_s: float) -> None:
    washout = trial.sealed.design.washout_nights
    last_s = max((night.onset_s for night in trial.nights if _again(asked, night)), default=None)
    if last_s is None or washout == 0:
        return
    free_s = last_s + (washout + 1) * DAY_S - NIGHT_MAY_BE_EARLIER_S
    if utc_s < free_s:
        days = (free_s - utc_s) / DAY_S
        raise RefusedError(
            "DL-E543",
            f"The trial {trial.name!r} wants {washout} nights without a cue between two of its nights.",
            why=f"Its last one began {(utc_s - last_s) / DAY_S:.1f} days ago; {days:.1f} days are still to pass.",
            still="The night can be recorded outside the trial.",
            do="Wait, or take [trial] out of night.toml.",
        )


def _again(asked: Asked, night: TrialNightBegun) -> str:
    """Who of tonight's sleepers was in that night, too; "" where nobody was."""
    return ", ".join(sleeper for sleeper in asked.sleeper_of.values() if sleeper in night.sleepers)


def _name(night: TrialNightBegun) -> str:
    """The name of the night that told the house: its cause is night@moment/id."""
    return (night.cause or "").partition("@")[0]
