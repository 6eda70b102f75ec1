"""The verbs of `guide`: talks at a terminal, questions to an author, a model's check, help cards."""

import sys
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.cli.output import Progress, end_with, give, say
from dreamloom.dreamscape import checker, reader
from dreamloom.engine.clocks import utc_now
from dreamloom.guide import architect, asides, evening
from dreamloom.guide import cards as help_cards
from dreamloom.guide.drift import golden
from dreamloom.guide.evening import EveningTalk, Step
from dreamloom.guide.languages import wording
from dreamloom.guide.turns import Turn
from dreamloom.guide.wording import Wording
from dreamloom.house import layout, model_checking, talks, withdrawing
from dreamloom.house.guide_settings import OUTSIDE, asked_of, open_model
from dreamloom.house.layout import House
from dreamloom.house.left_behind import sleepers_of
from dreamloom.house.talks import Talker
from dreamloom.house.texts import find_dreamscape
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

YES_NO = "yes or no"
SHORT = {"y": evening.YES, "j": evening.YES, "n": evening.NO}


def evening_talk(night: str, bed: str, *, language: str, as_json: bool) -> None:
    """A talk of one line an answer; it ends where nobody answers any more, and keeps what came of it."""
    talker = _talker(night, bed)
    words, answers, between = talker.words(language), list[str](), list[Turn]()
    talk = talks.evening_so_far(talker, answers)
    say(words.evening.greeting)
    while (step := evening.now(talk)) is not None:
        if _put_between(talker, talk, between, words):
            talk = talks.evening_so_far(talker, answers, between)
            continue
        say(f"\n{evening.question(talk, words)}{_choices(step, words)}")
        line = sys.stdin.readline()
        if not line:
            break
        meant = _meant(step, line, words)
        try:
            talk = talks.evening_so_far(talker, [*answers, meant], between)
            answers.append(meant)
        except UsageError as error:
            say(str(error))
    found = talks.keep_evening(talker, talk, words)
    for sentence in (found.sentence, words.evening.resolution if found.practised else ""):
        if sentence:
            say(f"\n  {sentence}")
    if found.wants_to_talk:
        say("\n".join(["", words.human, *talks.help_shown(talker.house, words)]))
    if as_json:
        give({"sleeper": talker.sleeper, "night": talker.folder.name, **msgspec.to_builtins(found)})


def _put_between(talker: Talker, talk: EveningTalk, between: list[Turn], words: Wording) -> bool:
    """Says what a model put between the steps and hears the answer; False where the next step goes on."""
    turn = talks.put_between(talker, talk, between, words)
    if turn is None:
        return False
    line = ""
    if turn.action not in asides.ENDS:
        is_choice = turn.action == asides.PHRASE
        say(f"\n{turn.text}" + (f" [y: {words.evening.yes}, n: {words.evening.no}]" if is_choice else ""))
        if turn.action in {"show_resources", "offer_human"}:
            say("\n".join(talks.help_shown(talker.house, words)))
        line = sys.stdin.readline().strip()
        line = _as_yes_or_no(line, words) if is_choice else line
    between.append(asides.answered(turn, line))
    return True


def after_talk(night: str, bed: str, *, language: str, as_json: bool) -> None:
    """Questions about a locked report, until there is none left or nobody answers."""
    talker = _talker(night, bed)
    words = talker.words(language)
    turns: list[Turn] = []
    say(words.machine)
    while (turn := talks.next_turn(talker, turns, words)) is not None and turn.action not in talks.TALK_ENDS:
        say(f"\n{turn.text}")
        if turn.action in {"show_resources", "offer_human"}:
            say("\n".join(talks.help_shown(talker.house, words)))
        line = sys.stdin.readline()
        turns.append(msgspec.structs.replace(turn, answer=line.strip()[: talks.MOST_CHARACTERS]))
        if not line:
            break
    kept = talks.keep_reflection(talker, turns)
    say(f"\n{words.end}" + (f" {words.saved}" if kept else ""))
    if as_json:
        give({"sleeper": talker.sleeper, "night": talker.folder.name, "answers": kept})


def ask(dreamscape: str, *, as_json: bool) -> None:
    """Questions, each with what it is for, and tags that it earns."""
    text, file = find_dreamscape(dreamscape)
    found, problems = reader.read_as_far_as_it_goes(text, file=file)
    if found is None:
        raise problems[0]
    raised, tags = architect.questions(found, checker.check(found)), architect.tags_to_propose(found)
    for each in raised:
        say(f"{each.text}\n    {each.why}")
    for tag in tags:
        say(wording("en").tag.replace("{quote}", tag))
    if not raised and not tags:
        say("There is nothing that it would ask.")
    if as_json:
        give({"questions": msgspec.to_builtins(raised), "tags": tags})


def check_model(house: Path | None, *, used: bool, as_json: bool) -> None:
    """Two hundred prompts, and a verdict in the house's record."""
    home = House(house) if house else layout.default_house()
    settings = asked_of(home)
    asked = settings.language_model
    if asked is None:
        raise ConfigError(
            "DL-E723",
            "This house has no language model for its guide.",
            still="Every talk goes by its fixed questions, which need none.",
            do=f'If it is meant, write {home.guide}: [language_model] url = "http://127.0.0.1:8080/v1" model = "NAME"',
        )
    if used:
        actions, refused, distance = model_checking.in_use(home, asked.model)
        say(f"{asked.model} in talks so far: {actions or 'no choice followed'}, refused {refused or 'none'}.")
        say(f"Its steps lie {distance:.2f} off ours.")
        if as_json:
            give({"model": asked.model, "actions": actions, "refused": refused, "distance": distance})
        return
    model = open_model(home, (OUTSIDE,))
    if model is None:
        return
    progress = Progress(f"Asking {asked.model}", len(golden()), quiet=as_json)
    try:
        words = wording(settings.language)
        found = model_checking.check(home, model, name=asked.model, words=words, far=progress.at)
    finally:
        progress.done()
        model.close()
    data = {"model": asked.model, **msgspec.to_builtins(found)}
    say(f"{asked.model}: right after {found.agreed:.0%} of {found.prompts} prompts, in need {found.need:.0%}.")
    say(f"Its steps lie {found.distance:.2f} off ours; refused: {found.refused or 'none'}.")
    if found.amiss:
        error = RefusedError(
            "DL-E724",
            f"{asked.model} did not pass, and is not used: {'; '.join(found.amiss)}.",
            still="Every talk goes by its fixed questions.",
            do="Take another model, or another version of it.",
        )
        end_with(error, data, as_json=as_json)
    say("It passed, and is asked in talks from now on, within its bounds.")
    if as_json:
        give(data)


def cards(house: Path | None, *, verified: str, by: str, as_json: bool) -> None:
    """A line a card; with --verified the house's own copy is dated today."""
    home, today = House(house) if house else layout.default_house(), utc_now().date()
    if verified:
        _verify(home, verified, by)
    known = sorted({*help_cards.shipped(), *(path.stem for path in home.help_cards.glob("*.toml"))})
    found = [card for name in known if (card := talks.card_of(home, name)) is not None]
    for card in found:
        standing = f"shown until {card.expires}" if help_cards.holds(card, today) else "out of date: no number is shown"
        say(f"{card.locale}: looked after on {card.verified_on} by {card.verified_by}; {standing}")
        for line in card.lines:
            say(f"    {line.who}: {line.how} ({line.when})")
    say(f"This house stands in {asked_of(home).locale or 'no place it named (locale in house/guide.toml)'}.")
    if as_json:
        give({"cards": [{**msgspec.to_builtins(card), "shown": help_cards.holds(card, today)} for card in found]})


def _verify(home: House, locale: str, by: str) -> None:
    card = talks.card_of(home, locale)
    if card is None or not by.strip():
        raise UsageError(
            "DL-E725",
            f"Nobody can look after the card {locale!r} so." if card else f"There is no help card {locale!r}.",
            do="Call every number of it, then: dreamloom guide cards --verified LOCALE --by NAME"
            if card
            else f"Write one: {home.help_cards}/LOCALE.toml",
        )
    home.help_cards.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = help_cards.written(help_cards.verified(card, today=utc_now().date(), by=by.strip()))
    write_durably(home.help_cards / f"{card.locale}.toml", text.encode())


def _talker(night: str, bed: str) -> Talker:
    folder = layout.find_night(night)
    pod, sleeper = withdrawing.find_pod(sleepers_of(folder), bed)
    return Talker(folder=folder, pod=pod, sleeper=sleeper)


def _choices(step: Step, words: Wording) -> str:
    said = words.evening
    no = words.want_to_talk if step.id == "close" else said.no
    return {YES_NO: f" [y: {said.yes}, n: {no}]", "done": f" [{said.done}: Enter]"}.get(step.takes, "")


def _meant(step: Step, line: str, words: Wording) -> str:
    """What an answer at a terminal means: Enter is done where something was to be done."""
    told = line.strip()
    if step.takes == "done":
        return evening.DONE if told.casefold() in {"", words.evening.done.casefold()} else told
    return _as_yes_or_no(told, words) if step.takes == YES_NO else told


def _as_yes_or_no(told: str, words: Wording) -> str:
    long = {words.evening.yes.casefold(): evening.YES, words.evening.no.casefold(): evening.NO}
    return {**SHORT, **long}.get(told.casefold(), told)
