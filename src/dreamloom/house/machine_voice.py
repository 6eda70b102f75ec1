"""How does a machine take part in a night's story? Let in by its name, beside the dreamers' words, out in one step.

It words one passage at a time; a gate decides what may be shown, and else the dreamer's own words stand alone. It is
counted nowhere: threads, ratifying and what is public are made without it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from msgspec import Struct

from dreamloom.adapters.language_model import LanguageModel
from dreamloom.guide import passages, rewording
from dreamloom.guide.bounds import Bounds, Call, Spent, ran_away, spent
from dreamloom.guide.passages import GATE
from dreamloom.guide.plain_words import ENGLISH, GERMAN, PlainWords
from dreamloom.house import circles, machine_wordings, model_checking, mornings, told_reports
from dreamloom.house.guide_settings import ModelAsked, asked_of, open_model
from dreamloom.house.guiding import SILENT, HouseLog, call_of
from dreamloom.house.house_record import append_to_house, tell_if
from dreamloom.house.house_seals import sealing
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.house.talks import Talker, purposes_of
from dreamloom.house.weaving import Standing, standing
from dreamloom.record.events import AnyEvent
from dreamloom.record.fold import fold
from dreamloom.record.machine_events import MachineJoined, PassageWorded
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.weave.narrative import Piece

LANGUAGES: Mapping[str, PlainWords] = {"en": ENGLISH, "de": GERMAN}
NOT_NOW = "NOT_NOW"
TOO_LONG = "TOO_LONG"


class Joined(Struct, frozen=True, kw_only=True):
    """What came of letting a machine in.

    Attributes:
        contributor: its name here.
        worded: passages beside which its wording is shown now.
        why_not: how many stand alone, by what was amiss.
        stopped: the bound that was met on the way; "" for none.
    """

    contributor: str
    worded: int
    why_not: Mapping[str, int]
    stopped: str = ""


def join(folder: NightFolder, *, by: str) -> Joined:
    """Lets the house's model word each passage of the story as it stands; what was worded before is left as it is.

    Raises:
        RefusedError: DL-E810 without a model, DL-E811 for one that did not pass or ran away this night, DL-E812 for one
            that a dreamer took out, DL-E755 while reports are still to be told.
    """
    asked = _refuse_unready(folder)
    contributor = passages.contributor(asked.model)
    found = standing(folder)
    _tell_joined(folder, contributor, by)
    languages = {each.sha256: each.language for each in told_reports.reports(folder.house)}
    stopped = ""
    for piece in _unworded(folder, found, contributor):
        if stopped := ran_away(fold(spent, Spent(), _calls(folder)), _bounds(asked)):
            break
        language = languages.get(piece.source.report, "en") if piece.source else "en"
        _word(folder, found.speaker(piece), piece, contributor=contributor, language=language)
    shown = machine_wordings.wordings(folder, found)
    told = [each for each in _told(folder) if each.contributor == contributor]
    newest = {each.place: each.why_not for each in told}
    amiss = Counter(why for place, why_not in newest.items() if place not in shown for why in why_not)
    return Joined(contributor=contributor, worded=len(shown), why_not=dict(amiss), stopped=stopped)


# --- one passage -----------------------------------------------------------------------------------------------------


def _word(folder: NightFolder, sleeper: str, piece: Piece, *, contributor: str, language: str) -> None:
    text, tokens, seconds, why = _answered(folder, sleeper, piece.text)
    amiss: tuple[str, ...] = (why,) if why else passages.amiss(piece.text, text, LANGUAGES.get(language, ENGLISH))
    event = PassageWorded(
        onset_s=0.0,
        night=folder.name,
        sleeper=sleeper,
        contributor=contributor,
        place=circles.key(piece),
        passage_sha256=passages.sha256(piece.text),
        gate=GATE,
        why_not=amiss,
        tokens=tokens,
        seconds=seconds,
        wording=None,
    )
    if amiss:
        append_to_house(folder.house, event)
    else:
        append_to_house(folder.house, event, seal=sealing(sleeper, text.encode(), "wording"))


def _answered(folder: NightFolder, sleeper: str, passage: str) -> tuple[str, int, float, str]:
    """The text, what it took, and why there is none."""
    if not rewording.is_short_enough(passage):
        return "", 0, 0.0, TOO_LONG
    talker = Talker(folder=folder, pod=_pod(folder, sleeper), sleeper=sleeper)
    bounds = _bounds(asked_of(folder.house).language_model)
    with _model(talker) as model:
        if model is None:
            return "", 0, 0.0, NOT_NOW
        try:
            awake = talker.awake(by_own_word=True)
            answer = model.answer(
                rewording.messages(passage),
                awake=awake,
                most_tokens=4 * bounds.tokens_per_call,
                within_s=bounds.seconds_per_call,
                schema=rewording.SCHEMA,
            )
            talker.awake(by_own_word=True)
        except RefusedError:
            return "", 0, 0.0, NOT_NOW
    if answer.text is None:
        return "", answer.tokens, answer.seconds, SILENT
    return rewording.decode(answer.text), answer.tokens, answer.seconds, ""


@contextmanager
def _model(talker: Talker) -> Iterator[LanguageModel | None]:
    """None where this dreamer did not agree that their words leave this machine."""
    model = open_model(talker.house, purposes_of(talker))
    try:
        yield model
    finally:
        if model is not None:
            model.close()


def _unworded(folder: NightFolder, found: Standing, contributor: str) -> list[Piece]:
    """Passages about whose words as they stand this machine was not asked yet, or could not be answered."""
    done = {
        (each.place, each.passage_sha256)
        for each in _told(folder)
        if each.contributor == contributor and not {SILENT, NOT_NOW} & set(each.why_not)
    }
    own = [piece for piece in found.weave.pieces if piece.source is not None]
    return [piece for piece in own if (circles.key(piece), passages.sha256(piece.text)) not in done]


def _told(folder: NightFolder) -> list[PassageWorded]:
    events = mornings.events_of(folder.house)
    return [each for each in events if isinstance(each, PassageWorded) and each.night == folder.name]


def _calls(folder: NightFolder) -> Sequence[Call]:
    """Every time a model was asked in this night, in talks too; what the gate kept out is no running away."""
    chosen, _ = HouseLog(folder.house, folder.name).chosen()
    worded = [each for each in _told(folder) if not {NOT_NOW, TOO_LONG} & set(each.why_not)]
    return [
        *map(call_of, chosen),
        *(
            Call(refused=SILENT if SILENT in each.why_not else "", tokens=each.tokens, seconds=each.seconds)
            for each in worded
        ),
    ]


def _silence(worded: PassageWorded) -> str:
    return SILENT if SILENT in worded.why_not else ""


def _tell_joined(folder: NightFolder, contributor: str, by: str) -> None:
    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = [e for e in events if isinstance(e, MachineJoined) and e.night == folder.name]
        if any(each.contributor == contributor for each in known):
            return None
        return MachineJoined(onset_s=0.0, night=folder.name, contributor=contributor, by=by)

    tell_if(folder.house, decide)


def _refuse_unready(folder: NightFolder) -> ModelAsked:
    asked = asked_of(folder.house).language_model
    if asked is None:
        raise RefusedError(
            "DL-E810",
            "This house has no language model.",
            still="The story stands in its dreamers' own words.",
            do="Write [language_model] into house/guide.toml, or leave the story as it is.",
        )
    _, is_off = HouseLog(folder.house, folder.name).chosen()
    if is_off or not model_checking.has_passed(folder.house, asked.model):
        raise RefusedError(
            "DL-E811",
            f"The model {asked.model!r} ran away in this night." if is_off else f"{asked.model!r} was not checked yet.",
            why="Only a model that passed its check is used, and one that ran away is off for its night.",
            still="The story stands in its dreamers' own words.",
            do="Leave the story as it is." if is_off else "Check it: dreamloom guide check-model",
        )
    if passages.contributor(asked.model) in machine_wordings.removed(folder):
        raise RefusedError(
            "DL-E812",
            "One of those who dreamt took this machine out.",
            why="Each of them may, and what one took out nobody puts back.",
            still="The story stands in its dreamers' own words.",
            do="Leave it so.",
        )
    return asked


def _bounds(asked: ModelAsked | None) -> Bounds:
    """The house's own of a night, for talks and story together; passages are many, and each is one call."""
    most = asked.most if asked else Bounds()
    return msgspec.structs.replace(most, refusals=most.calls)


def _pod(folder: NightFolder, sleeper: str) -> str:
    return next((pod for pod, who in sleepers_of(folder).items() if who == sleeper), "")
