"""What is asked in the morning of a night of a trial, and what do the answers in a table say?"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from dreamloom.house import opening
from dreamloom.house.layout import NightFolder
from dreamloom.house.texts import read_text
from dreamloom.house.trials import Trial, find_trial, secret_of
from dreamloom.trial import blindness as audit
from dreamloom.trial.blindness import DONT_KNOW, Blindness, Morning, Sheet, sheet
from dreamloom.trial.schedules import schedule
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError, Where

HEARD_ANYTHING = "Did you hear anything in the night?"
BETWEEN = ";"
KnownArms = Mapping[tuple[str, int], str | None]
Place = tuple[Path, int]


class Asked(Struct, frozen=True, kw_only=True):
    """The sheets of one morning; `answers` are the arms and DONT_KNOW."""

    trial: str
    night: int
    question: str
    answers: tuple[str, ...]
    cue: str
    sheets: tuple[Sheet, ...]


def sheets(folder: NightFolder, decoys: Sequence[str]) -> Asked:
    """What each sleeper of this night is asked, with decoys among the sounds.

    Raises:
        UsageError: when the night is in no trial, or a decoy may have sounded.
    """
    asked = opening.read_asked(folder)
    wanted = asked.night.trial
    if wanted is None:
        raise UsageError(
            "DL-E153",
            f"The night {folder.name!r} is in no trial.",
            do='Write [trial] with name = "…" and night = 1 into its night.toml.',
        )
    for decoy in decoys:
        if decoy in asked.sounds:
            raise UsageError(
                "DL-E154",
                f"{decoy!r} may have sounded in this night, so it is no decoy.",
                why=f"Its sounds: {', '.join(asked.sounds)}.",
                do="Take sounds that this trial never plays.",
            )
    trial = find_trial(folder.house, wanted.name)
    nonce, arms = secret_of(folder.house, trial).nonce, trial.sealed.design.arms
    cue = next(iter(asked.sounds), "")
    made = tuple(
        sheet(nonce, sleeper=sleeper, night=wanted.night, arms=arms, cue=cue, decoys=decoys)
        for sleeper in asked.sleeper_of.values()
    )
    said = asked.dreamscape.trial
    return Asked(
        trial=trial.name,
        night=wanted.night,
        question=said.blindness if said else HEARD_ANYTHING,
        answers=(*arms, DONT_KNOW),
        cue=cue,
        sheets=made,
    )


def blindness_of(file: Path, trial: Trial | None) -> Blindness:
    """The index of the answers in a CSV table with the columns answer, and arm, or sleeper and night.

    Args:
        file: one line for each morning; heard, cue and decoys may stand in further columns.
        trial: an opened one, which knows each arm; None where a column says it.

    Raises:
        RefusedError: while its arms are sealed.
        ConfigError: naming the line that says nothing that can be counted.
    """
    arm_of: dict[tuple[str, int], str] = {}
    mornings: list[Morning] = []
    known = _known_arms(trial) if trial is not None else None
    for line, row in enumerate(_rows(file), 2):
        sleeper, night = row.get("sleeper") or f"line {line}", _night(row, file, line)
        arm = _arm(row, known, (sleeper, night), (file, line))
        if row.get("answer", "").strip() == "":
            raise _wrong(file, line, "there is no answer", "Write an arm, or don't know.")
        mornings.append(_morning(row, sleeper, night))
        arm_of[sleeper, night] = arm
    if not mornings:
        raise _wrong(file, 1, "it holds no answer", "Write a line for each morning below its header.")
    return audit.blindness(mornings, arm_of)


def _known_arms(trial: Trial) -> KnownArms:
    secret = trial.opened_secret
    if secret is None:
        raise RefusedError(
            "DL-E544",
            f"The arms of {trial.name!r} are sealed, so nobody can say who guessed right.",
            why="They are opened behind locked outcomes; these answers are one of them.",
            still="The answers can be collected.",
            do=f"dreamloom trial lock {trial.name} FILE …, then dreamloom trial open {trial.name}",
        )
    return {(each.sleeper, each.night): each.arm for each in schedule(*secret)}


def _rows(file: Path) -> Iterator[dict[str, str]]:
    text = read_text(file, what="the morning answers, a line each, below a header such as sleeper,night,answer")
    table = csv.DictReader(text.removeprefix("\ufeff").splitlines(), skipinitialspace=True)
    columns = {(name or "").strip().casefold() for name in table.fieldnames or ()}
    if "answer" not in columns or not ("arm" in columns or "sleeper" in columns):
        raise _wrong(
            file,
            1,
            f"its columns are {', '.join(sorted(columns)) or 'none'}",
            "Write sleeper,night,answer or arm,answer.",
        )
    for row in table:
        yield {
            (name or "").strip().casefold(): value or "" for name, value in row.items() if isinstance(value, str | None)
        }


def _night(row: Mapping[str, str], file: Path, line: int) -> int:
    text = row.get("night", "").strip() or "1"
    if not text.isdigit():
        raise _wrong(file, line, f"{text!r} is no night", "Write the number of the night in the trial.")
    return int(text)


def _arm(row: Mapping[str, str], known: KnownArms | None, who: tuple[str, int], place: Place) -> str:
    arm = (row.get("arm", "").strip() or None) if known is None else known.get(who)
    if arm is None:
        wrong = "it names no arm" if known is None else f"{who[0]} has no arm of night {who[1]} in this trial"
        raise _wrong(*place, wrong, "Write the true arm, or name an opened trial: --trial NAME.")
    return arm


def _morning(row: Mapping[str, str], sleeper: str, night: int) -> Morning:
    answer = row["answer"].strip()
    unsure = answer.casefold().replace("’", "'") in {DONT_KNOW, "dont know", "do not know", "dk"}
    heard, decoys = (_names(row.get(column, "")) for column in ("heard", "decoys"))
    return Morning(sleeper, night, DONT_KNOW if unsure else answer, heard, row.get("cue", "").strip(), decoys)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(BETWEEN) if name.strip())


def _wrong(file: Path, line: int, what: str, do: str) -> ConfigError:
    return ConfigError("DL-E349", f"These answers cannot be counted: {what}.", where=Where(str(file), line, 1), do=do)
