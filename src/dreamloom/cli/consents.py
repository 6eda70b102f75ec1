"""The verbs `consent …`: what is read, asked, agreed to and taken back, each with its receipt."""

import sys
from collections.abc import Sequence
from pathlib import Path

from dreamloom.cli.output import flush, give, hand_out, say
from dreamloom.dreamscape.model import possible_cues
from dreamloom.governance import intake as intakes
from dreamloom.governance import sheets
from dreamloom.house import consenting, intaking, layout, receipts
from dreamloom.house.layout import House
from dreamloom.house.left_behind import at_the_beds
from dreamloom.house.night_file import read_night
from dreamloom.house.opening import read_checked
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import UsageError

EVERY = "all"


def sheet(name: str, language: str, *, sleeper: str, as_page: bool, house: Path | None) -> None:
    """Prints the newest version, with a new slip for a sleeper."""
    where = _house(house)
    found = sheets.find(intaking.sheets_of(where), name, language)
    code = receipts.new_slip(where, sleeper) if sleeper else ""
    text = sheets.as_html(found, code=code) if as_page else sheets.as_text(found, code=code)
    hand_out(text.rstrip("\n").encode())
    flush()


def intake(
    sleeper: str, file: Path | None, *, clinician: str, protocol: str, house: Path | None, as_json: bool
) -> None:
    """Seals the answers, and says what follows, never from which of them."""
    text = _asked() if file is None else read_text(file, what="the answers, a line each")
    answers = intakes.read_answers(text, file=str(file or "your answer"))
    where = _house(house)
    care = intaking.answer_intake(where, sleeper, answers, clinician=clinician, protocol=protocol)
    receipt = receipts.receipt_for(where, sleeper, "intake")
    may = care != "unanswered"
    say(
        f"{sleeper} may be cued."
        if may
        else f"{sleeper} is not cued: a question is open, or a clinician must allow it."
    )
    _told(receipt, as_json=as_json, sleeper=sleeper, eligible=may)


def questions(sleeper: str, answers: str, *, name: str, language: str, house: Path | None, as_json: bool) -> None:
    """Asks the three questions; keeps that they were passed."""
    where = _house(house)
    found = sheets.find(intaking.sheets_of(where), name, language)
    intaking.pass_questions(where, sleeper, found, _numbers(answers) if answers else _numbers(_chosen(found)))
    say(f"{sleeper} has understood the sheet {found.reference!r}.")
    _told(receipts.receipt_for(where, sleeper, "questions", sheet=found.reference), as_json=as_json, sleeper=sleeper)


def exclude(sleeper: str, pod: str, tags: Sequence[str], *, house: Path | None, as_json: bool) -> None:
    """Seals what is kept out at this bed; the receipt does not name it."""
    where = _house(house)
    intaking.keep_limits(where, pod, sleeper, tags)
    say(f"Sealed at {pod}. Nobody is told what it is, only that something is kept out.")
    _told(receipts.receipt_for(where, sleeper, "limits"), as_json=as_json, sleeper=sleeper)


def give_consent(  # noqa: PLR0913 - what a person may agree to, each by its name
    night: str,
    sleeper: str,
    *,
    heard: Sequence[str],
    purposes: Sequence[str],
    days: int,
    by_eyes: int,
    name: str,
    language: str,
    as_json: bool,
) -> None:
    """Writes a grant and its receipt."""
    folder = layout.find_night(night)
    found = sheets.find(intaking.sheets_of(folder.house), name, language)
    cues = _cues(folder) if list(heard) == [EVERY] else list(heard)
    wanted = consenting.Wanted(days=days, heard=cues, purposes=purposes, by_eyes=by_eyes)
    receipt = consenting.give(folder, sleeper, found, wanted)
    say(f"{sleeper} has agreed to {folder.name}: {folder.consent_toml}")
    _told(receipt, as_json=as_json, sleeper=sleeper, night=folder.name)


def show(sleeper: str, *, house: Path | None, as_json: bool) -> None:
    """What one sleeper agreed to, a line for each night."""
    where = _house(house)
    lines = consenting.told(where, sleeper)
    held = [str(path) for path in at_the_beds(where, sleeper, frozenset()) if path.parent == where.receipts]
    for line in lines or [f"{sleeper} agreed to nothing in {where.root}."]:
        say(line)
    say(f"Receipts: {len(held)} in {where.receipts}")
    if as_json:
        give({"sleeper": sleeper, "grants": lines, "receipts": held})


def withdraw(sleeper: str, *, house: Path | None, as_json: bool) -> None:
    """Silences everywhere, then offers."""
    said(consenting.withdraw_everywhere(_house(house), sleeper, channel="command line"), as_json=as_json)


def by_slip(code: str, *, house: Path | None, as_json: bool) -> None:
    """Silences every bed of whoever was given this slip."""
    where = _house(house)
    sleeper = receipts.sleeper_of_slip(where, code)
    said(consenting.withdraw_everywhere(where, sleeper, channel="slip"), as_json=as_json)


def said(silenced: consenting.Silenced, *, as_json: bool) -> None:
    """What was silenced, and what can be done now."""
    beds = ", ".join(f"{pod} in {night}" for night, pod in silenced.beds) or "no night that is not over"
    say(f"{silenced.sleeper} has withdrawn everything. Silent: {beds}.")
    for line in consenting.OFFERS:
        say(line.format(sleeper=silenced.sleeper))
    if silenced.receipt is not None:
        say(f"Receipt: {silenced.receipt}")
    if as_json:
        give(
            {
                "withdrawn": True,
                "sleeper": silenced.sleeper,
                "beds": [{"night": night, "pod": pod} for night, pod in silenced.beds],
                "receipt": str(silenced.receipt or ""),
            }
        )


def slip(sleeper: str, *, house: Path | None, as_json: bool) -> None:
    """Prints a new code; the house keeps its hash."""
    where = _house(house)
    code = receipts.new_slip(where, sleeper)
    say(f"For {sleeper}, and whoever looks after them: dreamloom withdraw --slip {code}")
    _told(receipts.receipt_for(where, sleeper, "slip"), as_json=as_json, sleeper=sleeper, code=code)


def _told(receipt: Path, *, as_json: bool, **data: object) -> None:
    say(f"Receipt: {receipt}")
    if as_json:
        give({**data, "receipt": str(receipt)})


def _house(house: Path | None) -> House:
    return House(house) if house else layout.default_house()


def _cues(folder: layout.NightFolder) -> list[str]:
    night = read_night(read_text(folder.night_toml, what="what was asked for"), file=str(folder.night_toml))
    path = folder.root / night.dreamscape
    return sorted(possible_cues(read_checked(read_text(path, what="the dreamscape"), file=str(path))))


def _asked() -> str:
    """Asks each question here; an empty line leaves it open."""
    lines = []
    for name, question in intakes.QUESTIONS.items():
        say(question)
        if answer := sys.stdin.readline().strip():
            plain = {"yes": "true", "no": "false", "y": "true", "n": "false"}.get(answer.lower(), answer)
            lines.append(f"{name} = {plain}" if name != "shares_room" else f'{name} = "{answer}"')
    return "\n".join(lines) + "\n"


def _chosen(found: sheets.Sheet) -> str:
    chosen = []
    for question in found.question:
        say(question.ask)
        for number, answer in enumerate(question.answers, 1):
            say(f"  {number}  {answer}")
        chosen.append(sys.stdin.readline().strip())
    return ",".join(chosen)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(","))
    except ValueError:
        raise UsageError(
            "DL-E188", f"{text!r} are no three numbers.", do="Write, for example, --answers 1,1,1."
        ) from None
