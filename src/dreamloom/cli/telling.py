"""The verb `tell`: somebody's morning in a terminal, step by step, or what is known already all at once."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dreamloom.cli.drawn import Drawn
from dreamloom.cli.output import give, say
from dreamloom.guide.interview import Step
from dreamloom.guide.questions import Field, Question
from dreamloom.house import layout, morning_steps, mornings, revealing, speech, withdrawing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.house.morning_steps import Form, Morning
from dreamloom.house.mornings import Dreamer
from dreamloom.vocabulary.errors import ConfigError, UsageError
from dreamloom.vocabulary.ids import SAFE_NAME


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording, what writes it down where the house names nothing, and whether nobody corrects it."""

    file: Path
    model: Path | None
    as_heard: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line, instead of being asked for."""

    file: Path | None
    recall: str
    share: str | None
    spoken: Spoken | None = None
    drawn: Drawn | None = None


def tell(night: str, who: str, *, house: Path | None, given: Given, as_json: bool) -> None:
    """Goes on where this morning stands, until it is done, has to wait, or nobody answers any more."""
    morning = _morning(night, who, House(house) if house else None)
    drawn = (given.drawn or Drawn()).read()
    drawn.add(morning)
    if given.spoken is not None and not _is_spoken(morning, given.spoken, drawn, as_json=as_json):
        return
    if given.file is not None or given.recall or given.share is not None:
        _at_once(morning, given, drawn)
    elif sys.stdin.isatty():
        with suppress(EOFError):
            _ask(morning, drawn)
    elif given.spoken is None and not drawn.is_asked:
        raise UsageError(
            "DL-E628",
            "Nobody is here to be asked, and nothing was given.",
            still="What was told before is kept.",
            do="Give the report as a file: dreamloom tell NIGHT SLEEPER --file dream.txt",
        )
    drawn.settle(morning)
    step, state = morning.step(), morning.state
    say(_where(morning, step))
    if as_json:
        told = {"report": state.report, "sleeper": state.sleeper, "night": state.night, "step": step}
        kept = {"pieces": len(state.pieces), "drawing": bool(state.drawing)}
        give({**told, **kept, "locked": state.came, "shared": state.shared})


def _morning(night: str, who: str, house: House | None) -> Morning:
    if not who:  # a morning behind no night: the one name is the sleeper's
        home = house or layout.default_house()
        _refuse_stranger(home, night)
        return Morning(home, Dreamer(sleeper=night))
    folder = layout.find_night(night)
    _, sleeper = withdrawing.find_pod(sleepers_of(folder), who)
    return Morning(folder.house, Dreamer(sleeper=sleeper, night=folder.name), folder)


def _refuse_stranger(house: House, sleeper: str) -> None:
    """A baseline comes before any night, so that a name may be new; a night's name is a slip."""
    if SAFE_NAME.fullmatch(sleeper) is None or house.night(sleeper).root.is_dir():
        raise ConfigError(
            "DL-E629",
            f"{sleeper!r} is no sleeper's name.",
            why="A sleeper's name here is a pseudonym: a letter or digit, then letters, digits, - or _.",
            do="For a morning behind a night name both: dreamloom tell NIGHT SLEEPER; behind none, the sleeper alone.",
        )


def _at_once(morning: Morning, given: Given, drawn: Drawn) -> None:
    if given.file is not None or given.recall:
        text = "" if given.file is None else _read(given.file)
        recall = given.recall or ("content" if text.strip() else "none")
        drawn.refuse_without(recall)
        morning_steps.keep(morning, "report", {"recall": [recall], "text": [text]})
        drawn.add(morning)
        mornings.lock(morning.house, morning.state.report)
        morning.look()
    if given.share is not None:
        scopes = [word.strip() for word in given.share.split(",") if word.strip() and word.strip() != "private"]
        morning_steps.keep(morning, "share", {"scopes": scopes})


def _is_spoken(morning: Morning, spoken: Spoken, drawn: Drawn, *, as_json: bool) -> bool:
    """Keeps what was spoken once it was corrected; where nobody can, tells what was understood and keeps nothing."""
    language = morning.dreamer.language
    said = speech.written_down(morning.house, language, _sound(spoken.file), chosen=spoken.model)
    if not spoken.as_heard and not sys.stdin.isatty():
        say("Nothing was kept. Correct it, then tell it: dreamloom tell NIGHT SLEEPER --file FILE")
        give({"text": said.text, "by": said.by} if as_json else said.text)
        return False
    text = said.text if spoken.as_heard else _corrected(said.text)
    morning.spoken_by = said.by
    step = "more" if morning.step() == "more" else "report"
    morning_steps.keep(morning, step, {"recall": ["content"], "text": [text]})
    morning.spoken_by = ""
    drawn.add(morning)
    if spoken.as_heard:
        mornings.lock(morning.house, morning.state.report)
        morning.look()
    return True


def _corrected(text: str) -> str:
    """Line by line, as it stands there to be changed; nothing of it lies in a file meanwhile."""
    say("\nThis is what was understood. Correct each line; Enter goes on.")
    return "\n".join(_line(each) for each in text.split("\n"))


def _line(text: str) -> str:
    try:
        import readline
    except ImportError:  # Windows: Enter keeps it
        return input(f"{text}\n> ") or text
    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        return input("> ")
    finally:
        readline.set_startup_hook(None)


def _sound(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError("DL-E619", f"{file} cannot be read: {error}.", do="Give a WAV file.") from error


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "DL-E619", f"{file} cannot be read as text: {error}.", do="Give a text file in UTF-8, or - to read it here."
        ) from error


def _ask(morning: Morning, drawn: Drawn) -> None:
    while (asked := morning_steps.question(morning, step := morning.step())) is not None:
        say(f"\n{asked.heading}")
        if asked.text:
            say(asked.text)
        form = _answers(asked)
        if step == "more" and not form.get("text"):
            form = {**form, "enough": ["1"]}
        try:
            morning_steps.keep(morning, step, form)
            drawn.add(morning)
        except UsageError as error:
            say(str(error))


def _answers(asked: Question) -> Form:
    found: dict[str, Sequence[str]] = {}
    for field in asked.fields:
        told = _one(field)
        if told:
            found[field.name] = told
        if field.name == "recall" and told and told != ["content"]:
            break  # nothing is left to be told
    return found


def _one(field: Field) -> Sequence[str]:
    say(f"\n{field.label}{_hint(field)}")
    if field.kind == "words":
        return _lines()
    while True:
        typed = input("> ").strip()
        if not typed and not field.must:
            return []
        if field.kind not in {"one", "some"}:
            return [typed]
        chosen = [_option(field, word) for word in typed.replace(",", " ").split()]
        if chosen and all(chosen) and (field.kind == "some" or len(chosen) == 1):
            return chosen
        say(f"Type {'numbers' if field.kind == 'some' else 'a number'} from 1 to {len(field.options)}.")


def _hint(field: Field) -> str:
    if field.kind in {"one", "some"}:
        listed = "".join(f"\n  {number} {option.label}" for number, option in enumerate(field.options, 1))
        return listed + ("\n  (several numbers, or Enter for none)" if field.kind == "some" else "")
    if field.kind == "scale":
        return f" 0 {field.ends[0]}, {field.most} {field.ends[1]}"
    return " (an empty line ends it)" if field.kind == "words" else ""


def _option(field: Field, word: str) -> str:
    known = {str(number): option.value for number, option in enumerate(field.options, 1)}
    return known.get(word, "")


def _lines() -> Sequence[str]:
    lines: list[str] = []
    with suppress(EOFError):
        while line := input("> "):
            lines.append(line)
    return ["\n".join(lines)] if lines else []


def _where(morning: Morning, step: Step) -> str:
    if step == "done":
        shared = ", ".join(morning.state.shared or ()) or "nothing: it is private"
        return f"Done. It may be used for: {shared}.{_revealed(morning)}"
    if step == "wait":
        by = morning.told_by()
        at_the_latest = f", at the latest at {by.astimezone():%H:%M}" if by else ""
        return f"Locked. What the night was about is told when everybody has told theirs{at_the_latest}."
    if morning.state.is_locked:
        return f"Locked.{_allowed(morning)}{_revealed(morning)} What is left can be answered later: the same command."
    return "Kept as far as it was told. Go on with the same command." if morning.state.pieces else "Nothing was kept."


def _allowed(morning: Morning) -> str:
    shared = morning.state.shared
    return "" if shared is None else f" It may be used for: {', '.join(shared) or 'nothing: it is private'}."


def _revealed(morning: Morning) -> str:
    if not morning.state.is_revealed or morning.folder is None:
        return ""
    found = revealing.revealed(morning.folder, _pod(morning.folder, morning.dreamer.sleeper))
    sounded = ", ".join(f"{cue} {count} times" for cue, count in found.sounded.items()) or "nothing"
    told = "stays sealed until the trial is opened" if found.is_sealed else sounded
    return f" The night was about: {found.intent} What sounded at your bed: {told}."


def _pod(folder: NightFolder, sleeper: str) -> str:
    return next(pod for pod, who in sleepers_of(folder).items() if who == sleeper)
