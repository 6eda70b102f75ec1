"""What do the verbs on outcomes do? Questions out, answers in, and whom they are shown to."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dreamloom.cli.output import give, say
from dreamloom.gallery import log_sentences, outcome_sentences
from dreamloom.house import cueing_holds, outcome_answers, outcome_packs, outcome_sharing, own_outcomes
from dreamloom.house.layout import House, default_house
from dreamloom.house.left_behind import subjects_of
from dreamloom.outcomes.packs import Item, Pack
from dreamloom.outcomes.packs import flags as flags_in
from dreamloom.record.course_events import Shown
from dreamloom.vocabulary.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What somebody answered, as it was typed."""

    sleeper: str
    answers: tuple[str, ...]
    pack: str
    on: str
    moment: str
    night: str


def house_at(path: Path | None) -> House:
    """The house that is meant."""
    return House(path) if path else default_house()


def packs(house: Path | None, *, as_json: bool) -> None:
    """Lists them, with their licences."""
    found = outcome_packs.packs_of(house_at(house))
    for pack in found:
        where = "may go anywhere" if pack.may_redistribute else "stays in this house"
        say(f"{pack.reference:<16} {pack.title}: {pack.licence}, {where}. {pack.source}.")
    if as_json:
        give({"packs": [{**_named(pack), "may_redistribute": pack.may_redistribute} for pack in found]})


def ask(name: str, *, moment: str, language: str, house: Path | None, as_json: bool) -> None:
    """Prints the questions."""
    pack = outcome_packs.find_pack(outcome_packs.packs_of(house_at(house)), name, language=language)
    items = [item for item in pack.item if moment in {"", item.when} and item.ask]
    for item in items:
        say(f"{item.ask}\n    {item.name} = {_choices(item)}")
    if as_json:
        give({**_named(pack), "items": items})


def tell(asked: Telling, *, house: Path | None, as_json: bool) -> None:
    """Keeps the answers; says what follows."""
    where = house_at(house)
    pack = outcome_packs.find_pack(outcome_packs.packs_of(where), asked.pack)
    is_new = asked.sleeper not in subjects_of(where)
    kept = outcome_answers.keep(
        where,
        asked.sleeper,
        pack,
        _answers(asked.answers or tuple(sys.stdin.read().split())),
        on=asked.on,
        moment=asked.moment,
        night=asked.night,
    )
    held = cueing_holds.settle(where, asked.sleeper)
    told = [flag.says for flag in flags_in(pack, kept)]
    say(f"Kept, sealed: {len(kept)} answers of {asked.sleeper}. Not answered: {len(pack.item) - len(kept)}.")
    if is_new:
        say(f"{asked.sleeper} is new to {where.root}: if that is a slip, the one who is meant has told nothing.")
    for now in held:
        say(f"Cues are held since {now.on}: {now.begun.clinician} has to answer before any plays.")
    if told:
        who = [name for name, word in outcome_sharing.shared_by(where, asked.sleeper).items() if "flags" in word.shown]
        say(f"{'; '.join(told)}. " + (f"Told to: {', '.join(who)}." if who else f"Nobody is told: {NOBODY_TOLD}"))
    if as_json:
        give({"sleeper": asked.sleeper, "kept": len(kept), "flags": told, "held": [str(now.on) for now in held]})


NOBODY_TOLD = "no person was named for that. If you are in danger, call your local emergency number."


def show(sleeper: str, *, house: Path | None, as_json: bool) -> None:
    """What they told, in the sentences of their own page."""
    found = own_outcomes.own_outcomes(house_at(house), sleeper, today=outcome_answers.day(""))
    told = [each for each in found.account.measures if any(value is not None for value in each.values)]
    lines = [outcome_sentences.of_figure(each) for each in told]
    if found.course is not None:
        holds = outcome_sentences.holds_of(found.course.holds)
        course = found.course
        logged = log_sentences.of_logs(course.rehearsed, course.begun.course.protocol, course.scored)
        lines += outcome_sentences.of_course(found.account, holds, course.compared, course.gains, logged=logged)
    for line in lines or [f"{sleeper} has told nothing yet."]:
        say(line)
    if as_json:
        give({"sleeper": sleeper, "sentences": lines, "values": {each.name: each.values for each in told}})


def share(sleeper: str, person: str, shown: Sequence[Shown], *, house: Path | None, as_json: bool) -> None:
    """Says from now on what this person sees."""
    word = outcome_sharing.share(house_at(house), sleeper, person, shown)
    say(f"{word.person} sees of {sleeper}: {' and '.join(word.shown) or 'nothing'}. It can be changed at any moment.")
    if as_json:
        give({"sleeper": sleeper, "person": word.person, "shown": word.shown})


def flags(person: str, *, house: Path | None, as_json: bool) -> None:
    """Lists them, newest first."""
    found = outcome_sharing.flags_for(house_at(house), person)
    for sleeper, each, flag in found:
        say(f"{each.on}: {sleeper} {flag.says}.")
    if not found:
        say(f"Nothing is to be told to {person}.")
    if as_json:
        give({"flags": [{"on": str(each.on), "sleeper": who, "says": flag.says} for who, each, flag in found]})


def _named(pack: Pack) -> dict[str, object]:
    return {"pack": pack.reference, "title": pack.title, "licence": pack.licence, "source": pack.source}


def _choices(item: Item) -> str:
    if item.words:
        return "; ".join(f"{item.low + n} {word}" for n, word in enumerate(item.words))
    low, high = (f" ({word})" if word else "" for word in (item.low_word, item.high_word))
    return f"{item.low}{low} to {item.high}{high}"


def _answers(words: Sequence[str]) -> dict[str, object]:
    """ITEM=NUMBER, each once; or one JSON object."""
    if len(words) >= 1 and words[0].startswith("{"):
        try:
            return msgspec.json.decode(" ".join(words), type=dict[str, object])
        except msgspec.DecodeError as error:
            raise _unreadable(str(error)) from None
    found: dict[str, object] = {}
    for word in words:
        name, _, number = word.partition("=")
        if not number.isdecimal() or name in found:
            raise _unreadable(f"{word!r} is none, or comes twice")
        found[name] = int(number)
    return found


def _unreadable(why: str) -> UsageError:
    return UsageError(
        "DL-E648",
        "These answers cannot be read.",
        why=f"{why}.",
        do="Write each as ITEM=NUMBER, such as nightmares=1, or all as one JSON object.",
    )
