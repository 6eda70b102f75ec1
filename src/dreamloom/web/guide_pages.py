"""How does somebody talk with the guide on a page? By forms that need no script; the page holds what was said."""

from typing import Any

import msgspec
from litestar import MediaType, Response, get, post
from litestar.exceptions import ClientException
from litestar.types import ControllerRouterHandler

from dreamloom.guide import asides, evening
from dreamloom.guide.turns import Turn
from dreamloom.guide.wording import Wording
from dreamloom.house import pod_page, talks
from dreamloom.house.talks import Talker
from dreamloom.vocabulary.errors import UsageError
from dreamloom.web import apart, pages, themes, wording
from dreamloom.web.forms import pairs_of
from dreamloom.web.front_door import Asker, Reply
from dreamloom.web.pod_pages import bed_of, folder_of

UNSAID = {
    "wrong": None,
    "step": None,
    "answers": (),
    "turns": (),
    "between": (),
    "beside": None,
    "question": "",
    "card": (),
    "kept": None,
    "key": "",
}
"""What a page leaves empty unless it says otherwise."""


@get("/guide/evening", include_in_schema=False, media_type=MediaType.HTML)
async def evening_talk(request: Asker) -> Reply:
    """The talk before a night, from its beginning."""
    return await apart.TALKS.run(bed_of(request), _evening, request, [], talks.new_key())


@post("/guide/evening", include_in_schema=False, status_code=200)
async def evening_answered(request: Asker) -> Reply:
    """What is asked after one more answer; at the end it is kept."""
    bed = bed_of(request)
    form = await pairs_of(request)
    return await apart.TALKS.run(bed, _evening_step, request, form)


@get("/guide/after", include_in_schema=False, media_type=MediaType.HTML)
async def after_talk(request: Asker) -> Reply:
    """A talk about a report that is locked."""
    return await apart.TALKS.run(bed_of(request), _after, request, [], talks.new_key())


@post("/guide/after", include_in_schema=False, status_code=200)
async def after_answered(request: Asker) -> Reply:
    """What is said after one more answer, or its end."""
    bed = bed_of(request)
    form = await pairs_of(request)
    return await apart.TALKS.run(bed, _after_step, request, form)


@get("/guide/help", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def help_card(request: Asker) -> Reply:
    """Where to find somebody to talk to."""
    words = _talker(request).words(_language(request))
    return _shown(request, {"kind": "help", "words": words, "card": talks.help_shown(_talker(request).house, words)})


def _talker(request: Asker) -> Talker:
    folder, pod = folder_of(request), bed_of(request)
    return Talker(folder=folder, pod=pod, sleeper=pod_page.sleeper_of(folder, pod))


def _language(request: Asker) -> str:
    """As asked for, as a page is read that is not English, or "" for the house's own."""
    read = wording.chosen(request)
    return str(request.query_params.get("lang", "")) or ("" if read == wording.ENGLISH else read)


def _evening_step(request: Asker, form: list[tuple[str, str]]) -> Reply:
    answers, key = [value for name, value in form if name == "answer"], _key_of(form)
    between = _turns([value for name, value in form if name == "between"])[: asides.MOST]
    reply = next((value for name, value in form if name == "reply"), None)
    if between and reply is not None:
        between[-1] = asides.answered(between[-1], reply)
    try:
        return _evening(request, answers, key, between=between)
    except UsageError as error:
        kept = [] if error.code == talks.NOT_THEIRS else between
        return _evening(request, answers[:-1], key, between=kept, wrong=error)


def _evening(
    request: Asker, answers: list[str], key: str, *, between: list[Turn] | None = None, wrong: UsageError | None = None
) -> Reply:
    talker, said = _talker(request), between or []
    words, talk = talker.words(_language(request)), talks.evening_so_far(talker, answers, said)
    step = evening.now(talk)
    shown: dict[str, Any] = {"kind": "evening", "answers": answers, "wrong": wrong, "step": step, "key": key}
    turn = None if wrong else talks.put_between(talker, talk, said, words)
    shown |= _beside(talker, [*said, turn] if turn else said, turn, words)
    if step is None:
        kept = talks.keep_evening(talker, talk, words, key=key)
        shown |= {"kept": kept, "card": talks.help_shown(talker.house, words) if kept.wants_to_talk else ()}
    return _shown(request, {**shown, "words": words, "question": evening.question(talk, words)})


def _beside(talker: Talker, said: list[Turn], turn: Turn | None, words: Wording) -> dict[str, Any]:
    """What a model put between the steps: held by the page, and shown unless it says that this is all."""
    shown: dict[str, Any] = {"between": [msgspec.json.encode(each).decode() for each in said]}
    if turn is None or turn.action in asides.ENDS:
        return shown
    card = talks.help_shown(talker.house, words) if turn.action in {"show_resources", "offer_human"} else ()
    return {**shown, "beside": turn, "card": card}


def _after_step(request: Asker, form: list[tuple[str, str]]) -> Reply:
    turns, key = _turns([value for name, value in form if name == "turn"]), _key_of(form)
    answer = next((value for name, value in form if name == "answer"), "")
    if turns:
        turns[-1] = msgspec.structs.replace(turns[-1], answer=answer.strip()[: talks.MOST_CHARACTERS])
    if any(name == "enough" for name, _ in form):
        return _ended(request, turns, key)
    return _after(request, turns, key)


def _after(request: Asker, turns: list[Turn], key: str) -> Reply:
    talker = _talker(request)
    words = talker.words(_language(request))
    turn = talks.next_turn(talker, turns, words)
    if turn is None or turn.action in talks.TALK_ENDS:
        return _ended(request, turns, key)
    card = talks.help_shown(talker.house, words) if turn.action in {"show_resources", "offer_human"} else ()
    held = [msgspec.json.encode(each).decode() for each in (*turns, turn)]
    shown = {"kind": "after", "words": words, "question": turn.text, "turns": held, "card": card, "key": key}
    return _shown(request, shown)


def _ended(request: Asker, turns: list[Turn], key: str) -> Reply:
    talker = _talker(request)
    kept = talks.keep_reflection(talker, turns, key=key)
    return _shown(request, {"kind": "ended", "words": talker.words(_language(request)), "kept": kept})


def _key_of(form: list[tuple[str, str]]) -> str:
    return next((value for name, value in form if name == "talk"), "")


def _turns(held: list[str]) -> list[Turn]:
    try:
        return [msgspec.json.decode(each, type=Turn) for each in held[: talks.MOST_TURNS]]
    except (msgspec.DecodeError, RecursionError) as error:
        raise ClientException("This is no form of ours.") from error


def _shown(request: Asker, shown: dict[str, Any]) -> Reply:
    words: Wording = shown["words"]
    shown = {**UNSAID, **shown}
    theme, language = themes.chosen(request, otherwise="ember"), wording.known(words.code)
    status = 400 if shown.get("wrong") else 200
    body = pages.page("guide.html", theme=theme, language=language, spoken=words.code, **shown)
    answer = Response(body, media_type=MediaType.HTML, status_code=status)
    answer.headers["Referrer-Policy"] = "same-origin"
    return wording.remembered(themes.remembered(answer, request), request)


HANDLERS: tuple[ControllerRouterHandler, ...] = (
    evening_talk,
    evening_answered,
    after_talk,
    after_answered,
    help_card,
)
