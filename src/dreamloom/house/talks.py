"""How does a house hold a talk? Whose it is, that they are awake, in which language, with which model; what is kept.

While a talk goes on its page or its terminal holds what was said. At its end, what the sleeper keeps is sealed under
their own key in the house's record.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import msgspec
from msgspec import Struct

from dreamloom.engine.clocks import utc_now
from dreamloom.governance.consent import read_grants
from dreamloom.guide import asides, cards, evening, reflecting
from dreamloom.guide.awake import Awake
from dreamloom.guide.bounds import Bounds
from dreamloom.guide.evening import EveningTalk, Intention
from dreamloom.guide.languages import wording
from dreamloom.guide.lint import ThemeWords
from dreamloom.guide.saying import Situation, Utterance
from dreamloom.guide.turns import Turn, as_turn
from dreamloom.guide.wording import Wording
from dreamloom.house import model_checking, spoken_to, told_reports, tonights_theme
from dreamloom.house.guide_settings import asked_of, open_model
from dreamloom.house.guiding import Guide, HouseLog
from dreamloom.house.house_record import tell_if
from dreamloom.house.house_seals import sealing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.mornings import morning_of
from dreamloom.house.texts import read_text
from dreamloom.record.events import AnyEvent
from dreamloom.record.guide_events import EveningTalkHeld, ReflectionKept
from dreamloom.vocabulary.errors import DreamloomError, RefusedError, UsageError
from dreamloom.vocabulary.texts import filled

MOST_TURNS = 6
"""Of a talk about a locked report. Ours."""
MOST_CHARACTERS = 4_000
TALK_ENDS = frozenset({"end", "offer_stop", "save_draft"})
NOT_THEIRS = "DL-E845"
KEY = re.compile(r"[0-9a-f]{32}")


class Talker(Struct, frozen=True, kw_only=True):
    """Who talks, at which bed of which night."""

    folder: NightFolder
    pod: str
    sleeper: str

    @property
    def house(self) -> House:
        return self.folder.house

    def awake(self, *, by_own_word: bool) -> Awake:
        """Looked up anew; raises RefusedError DL-E713 for somebody who sleeps."""
        return spoken_to.seen(self.folder, self.pod).awake(by_own_word=by_own_word)

    def words(self, language: str = "") -> Wording:
        """In the language that was asked for, else the house's own."""
        return wording(language or asked_of(self.house).language)


def new_key() -> str:
    """For a talk that begins: its page brings it back with each answer."""
    return secrets.token_hex(16)


# --- the evening ---------------------------------------------------------------------------------------------------


def evening_so_far(talker: Talker, answers: Sequence[str], between: Sequence[Turn] = ()) -> EveningTalk:
    """The talk after these answers, and those to turns between its steps, for somebody whose lights are on.

    Raises:
        RefusedError: DL-E713 once they are off.
        UsageError: for what is no answer, and DL-E845 for a sentence of other words than theirs.
    """
    talker.awake(by_own_word=False)
    talk = asides.begun(between)
    for answer in answers:
        talk = evening.answered(talk, answer)
    if not asides.is_theirs(talk, between):
        raise UsageError(NOT_THEIRS, "This sentence is not of your own words.", do="Begin the talk anew.")
    return talk


def put_between(talker: Talker, talk: EveningTalk, between: Sequence[Turn], words: Wording) -> Turn | None:
    """What a model puts between the steps of the evening; None where the next step goes on, for whatever reason.

    Raises:
        RefusedError: DL-E713 when their lights went off meanwhile.
    """
    if asides.situation(talk, between, theme=ThemeWords()) is None:
        return None
    said: Utterance | None = None
    try:
        theme, human = tonights_theme.words_of(talker.folder, words.code), asked_of(talker.house).human
        now = asides.situation(talk, between, theme=theme, human=human)
        with _guide(talker, words, see=lambda: spoken_to.before_dark(talker.folder, talker.pod)) as guide:
            said = guide.next(now) if now else None
    except DreamloomError:
        said = None
    talker.awake(by_own_word=False)
    return as_turn(said, words) if said else None


def keep_evening(talker: Talker, talk: EveningTalk, words: Wording, *, key: str = "") -> Intention:
    """Keeps what came of a talk that is over; sent again under its key, once."""
    talker.awake(by_own_word=False)
    if evening.now(talk) is not None:
        raise UsageError("DL-E718", "This talk is not over.", do="Answer what is still asked, or leave it out.")
    found = evening.intention(talk, words)
    held = EveningTalkHeld(
        onset_s=0.0,
        sleeper=talker.sleeper,
        night=talker.folder.name,
        practice="rehearsed" if found.practised else "left out",
        asked_for="a person" if found.wants_to_talk else "nobody",
        intention=None,
    )
    _keep(talker, held, "intention", msgspec.json.encode(found), key=key)
    return found


# --- after the lock ------------------------------------------------------------------------------------------------


def locked_report(talker: Talker) -> str:
    """What this sleeper told and locked this morning.

    Raises:
        RefusedError: DL-E719 while it is not locked: nobody asks about a dream that is still to be told.
    """
    state = morning_of(talker.house, talker.sleeper, talker.folder.name)
    if not state.is_locked:
        raise RefusedError(
            "DL-E719",
            "There is no report to talk about yet.",
            why="A dream is told first, and locked. Whatever is asked before that could change it.",
            do=filled("Tell it first: {command}", command=f"dreamloom tell {talker.folder.name} {talker.sleeper}"),
        )
    return told_reports.text_of(talker.house, state.report)


def next_turn(talker: Talker, turns: Sequence[Turn], words: Wording) -> Turn | None:
    """What is said next about the locked report; None when the talk is over."""
    report = locked_report(talker)
    if len(turns) >= MOST_TURNS or (turns and turns[-1].action in TALK_ENDS):
        return None
    situation = Situation(
        moment="after the lock",
        own=(report, *(turn.answer for turn in turns if turn.answer)),
        asked=tuple((turn.question, turn.about.casefold()) for turn in turns if turn.question),
        human=asked_of(talker.house).human,
    )
    with _guide(talker, words, see=lambda: talker.awake(by_own_word=True)) as guide:
        said = guide.next(situation)
    return as_turn(said, words) if said else _fixed(report, turns, words)


def keep_reflection(talker: Talker, turns: Sequence[Turn], *, key: str = "") -> int:
    """Keeps what was answered, once under its key; how many answers there were. Without any, nothing is kept."""
    answered = [turn for turn in turns if turn.answer.strip()]
    if answered:
        told = ReflectionKept(
            onset_s=0.0, sleeper=talker.sleeper, night=talker.folder.name, answers=len(answered), text=None
        )
        _keep(talker, told, "text", msgspec.json.encode([(turn.text, turn.answer) for turn in answered]), key=key)
    return len(answered)


# --- help ----------------------------------------------------------------------------------------------------------


def help_shown(house: House, words: Wording, today: date | None = None) -> tuple[str, ...]:
    """The card of where this house stands, as far as somebody looked after it."""
    return cards.shown(card_of(house, asked_of(house).locale), today or utc_now().date(), words)


def card_of(house: House, locale: str) -> cards.Card | None:
    """The house's own card of this locale, else the shipped one; None where there is neither."""
    own = house.help_cards / f"{locale}.toml"
    known = cards.shipped()
    if locale and own.name == f"{locale}.toml" and own.parent == house.help_cards and own.is_file():
        return cards.read(read_text(own, what="the help card of this place"))
    return known.get(locale)


def _fixed(report: str, turns: Sequence[Turn], words: Wording) -> Turn | None:
    asked = {turn.text for turn in turns}
    left = (each for each in reflecting.follow_ups(report, words) if each.text not in asked)
    return next((as_turn(each, words) for each in left), None)


@contextmanager
def _guide(talker: Talker, words: Wording, *, see: Callable[[], Awake]) -> Iterator[Guide]:
    asked = asked_of(talker.house).language_model
    model = open_model(talker.house, purposes_of(talker)) if asked else None
    usable = model if asked and model_checking.has_passed(talker.house, asked.model) else None
    try:
        yield Guide(
            sleeper=talker.sleeper,
            night=talker.folder.name,
            words=words,
            see=see,
            log=HouseLog(talker.house, talker.folder.name),
            model=usable,
            name=asked.model if asked else "",
            bounds=asked.most if asked else Bounds(),
            cost_per_1000=asked.cost_per_1000_tokens if asked else 0.0,
        )
    finally:
        if model is not None:
            model.close()


def purposes_of(talker: Talker) -> tuple[str, ...]:
    """What this sleeper agreed to for this night; nothing where that cannot be read."""
    path = talker.folder.consent_toml
    try:
        grants = read_grants(read_text(path, what="who agreed to what"), file=str(path))
    except DreamloomError:
        return ()
    return grants[talker.sleeper].purposes if talker.sleeper in grants else ()


def _keep(talker: Talker, event: AnyEvent, field: str, body: bytes, *, key: str) -> None:
    """Tells the house, which knows by the name of what was said whether it has it: a page that is sent again adds none.

    The name is made of the talk's key as well, which stands nowhere else: nobody can try words on it.
    """
    name = f"talk:{hashlib.sha256(f'{key}:'.encode() + body).hexdigest()}" if KEY.fullmatch(key) else ""
    told = msgspec.structs.replace(event, id=name)

    def once(known: Sequence[AnyEvent]) -> AnyEvent | None:
        return None if name and any(each.cause == name for each in known) else told

    tell_if(talker.house, once, seal=sealing(talker.sleeper, body, field))
