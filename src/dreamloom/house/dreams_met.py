"""Did the dreams of a night, or of a file, meet? Finds the reports and what was registered, and runs the tests."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dreamloom.house import layout, meaning, mornings, registering, told_reports
from dreamloom.house.layout import NightFolder
from dreamloom.house.meaning import Far
from dreamloom.house.ranking_files import with_rankings
from dreamloom.house.report_files import read_reports
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError, Where
from dreamloom.vocabulary.texts import Say, filled, in_english
from dreamloom.weave.chance.design import night_order
from dreamloom.weave.chance.findings import Findings, findings_of
from dreamloom.weave.chance.likeness import Embed
from dreamloom.weave.chance.night_by_night import night_by_night
from dreamloom.weave.chance.registration import Registration, Score, TestId, unsound
from dreamloom.weave.chance.target import Draw
from dreamloom.weave.reports import Report

Read = TypeVar("Read", bound=Struct)
CHOSEN = "what was chosen before the night"


class Asked(Struct, frozen=True, kw_only=True):
    """What a person asked to have tested.

    Attributes:
        source: a file of reports, a night's folder or its name.
        themes: words of a theme, with ARM= before them where it is one arm's.
        nights: which nights; none for the last.
        registration: a file of choices that were made before the night.
        sha256: the hash that was published of it, if one is given.
        targets: a file of sealed targets.
        score: of the first test.
        rankings: files of what judges made of the targets.
        each_night: test several nights one by one.
        meaning: the folder of a sentence model by which likeness is found.
    """

    source: str
    themes: Sequence[str] = ()
    nights: Sequence[str] = ()
    registration: Path | None = None
    sha256: str = ""
    targets: Path | None = None
    score: Score = "rate"
    rankings: Sequence[Path] = ()
    each_night: bool = False
    meaning: Path | None = None


def _unheard(_done: int, _of: int) -> None:
    """Nobody waits."""


class _Targets(Struct, frozen=True, forbid_unknown_fields=True):
    draws: tuple[Draw, ...]


class Prepared(Struct, frozen=True, kw_only=True):
    """What is at hand for a test, and by which choices.

    Attributes:
        folder: of the night that was named; None for a file.
        sha256: of the choices as they were published.
    """

    folder: NightFolder | None
    reports: Sequence[Report]
    registration: Registration
    registered: bool
    draws: Sequence[Draw]
    sha256: str


def findings(asked: Asked, *, say: Say = in_english, far: Far = _unheard) -> Findings:
    """The answers and the refusals; `far` hears how many texts a sentence model has read.

    Raises:
        ConfigError, UsageError, RefusedError: as `prepared`; for rankings that cannot be counted; and for a folder
            without the sentence model.
    """
    found = prepared(asked)
    house = None if found.folder is None else found.folder.house
    embed = meaning.embed_of(found.registration, house=house, chosen=asked.meaning, far=far)
    runs = replace(found, draws=with_rankings(found.draws, asked.rankings))
    tested = _tested(asked, runs, embed, say)
    notes = (*_on_registering(asked, found.folder, say), *tested.notes)
    return replace(tested, registration=found.sha256, notes=notes)


def prepared(asked: Asked) -> Prepared:
    """Reports, choices and draws, before any of it is tested.

    Raises:
        ConfigError: for a file that cannot be read, by line and column.
        UsageError: DL-E709 for a theme without words, DL-E750 for a night without reports, DL-E822 for other nights
            than were chosen.
        RefusedError: DL-E639 while reports of a tested night are still to be told, whatever it is tested by.
    """
    folder = None if _is_file(asked.source) else layout.find_night(asked.source)
    before = None if folder is None or asked.registration or asked.themes else registering.registered(folder)
    reports, own_night = reports_of(asked.source)
    draws = () if asked.targets is None else _read(asked.targets, _Targets, "four targets a draw").draws
    if folder is None or before is None:
        return _by_what_is_asked(asked, folder, reports, draws, own_night=own_night)
    chosen = before.registration
    registration = chosen if chosen.nights else replace(chosen, nights=own_night)
    _refuse_others(asked.nights, registration.nights)
    _refuse_early(folder, registration.nights)
    _refuse_untold(reports, registration.nights)
    sealed = registering.draws_of(folder)
    _refuse_unsealed(draws, sealed)
    return Prepared(
        folder=folder,
        reports=reports,
        registration=registration,
        registered=True,
        draws=draws or sealed,
        sha256=chosen.sha256,
    )


def _by_what_is_asked(
    asked: Asked,
    folder: NightFolder | None,
    reports: Sequence[Report],
    draws: Sequence[Draw],
    *,
    own_night: Sequence[str],
) -> Prepared:
    """Of a file, or of a night of which nothing was registered in this house."""
    nights = tuple(asked.nights) or tuple(own_night)
    registration = _registration(asked, nights)
    _refuse_early(folder, registration.nights)
    _refuse_untold(reports, nights)
    sha256 = _sha256_of(asked, registration)
    return Prepared(
        folder=folder,
        reports=reports,
        registration=registration,
        registered=_is_registered(asked, folder, sha256),
        draws=draws,
        sha256=sha256,
    )


def _tested(asked: Asked, found: Prepared, embed: Embed | None, say: Say) -> Findings:
    """Together, as is registered; night by night it is a choice made afterwards, and told as one."""
    reports, chosen, draws = found.reports, found.registration, found.draws
    if asked.each_night and len(chosen.nights) > 1:
        return night_by_night(reports, chosen, draws=draws, embed=embed, say=say)
    return findings_of(reports, chosen, registered=found.registered, draws=draws, embed=embed, say=say)


def _refuse_untold(reports: Sequence[Report], nights: Sequence[str]) -> None:
    known = sorted({each.night for each in reports}, key=night_order)
    for night in nights:
        if night not in known:
            raise UsageError(
                "DL-E750",
                filled("Nobody told of a night {night}.", night=repr(night)),
                why=filled("Reports are of {nights}.", nights=", ".join(known[-8:]))
                if known
                else "Reports are of no night.",
                do="Name one of these with --night, or collect reports first.",
            )


def _refuse_early(folder: NightFolder | None, nights: Sequence[str]) -> None:
    """What is tested of a night of the house is told when its reports are: also where nothing was registered of it."""
    for name in nights if folder is not None else ():
        night = folder.house.night(name) if folder and name != folder.name else folder
        if night is not None and night.record.is_file() and not mornings.may_reveal(night.house, night):
            raise RefusedError(
                "DL-E639",
                filled("Reports of {night} are still to be told.", night=repr(name)),
                why="What is known of a night before its last report is locked could colour that report.",
                still="What was registered is kept, and its targets stay sealed.",
                do="Wait until all are locked, or until eight hours after the night.",
            )


def _refuse_others(asked: Sequence[str], chosen: Sequence[str]) -> None:
    if asked and {*asked} != {*chosen}:
        raise UsageError(
            "DL-E822",
            f"Other nights were chosen before than {', '.join(asked)}.",
            why=f"A test of {', '.join(chosen)} is registered; nights chosen afterwards could be chosen to fit.",
            still="The registered test can be run as it is.",
            do="Leave --night out; or name a theme with --theme: what is found then is a lead.",
        )


def _refuse_unsealed(draws: Sequence[Draw], sealed: Sequence[Draw]) -> None:
    known = {each.seal for each in sealed}
    if wrong := [each.id for each in draws if each.seal not in known]:
        raise UsageError(
            "DL-E823",
            f"The target {wrong[0]!r} was not sealed with this registration.",
            why=f"{len(known)} seals stand in the house's record, and its own is none of them.",
            still="The registered test can be run as it is.",
            do="Leave --targets out, or give those that were registered, with the judges' rankings.",
        )


def _is_registered(asked: Asked, folder: NightFolder | None, sha256: str) -> bool:
    """A file alone could have been written today; a hash that was published, or stands in the record, could not."""
    if asked.registration is None:
        return False
    return bool(asked.sha256) or (folder is not None and registering.is_told(folder, sha256))


def _on_registering(asked: Asked, folder: NightFolder | None, say: Say) -> tuple[str, ...]:
    if asked.registration is not None or folder is None or not registering.is_missing(folder):
        return ()
    gone = say(
        "Something was registered of {night}, and {file} is not beside it any more: these tests count as unregistered.",
        night=repr(folder.name),
        file=registering.FILE,
    )
    return (gone,)


def _sha256_of(asked: Asked, registration: Registration) -> str:
    """Of the choices as they were published: which night they are run on is no part of a file that names none."""
    if asked.registration is None:
        return registration.sha256
    return _read(asked.registration, Registration, CHOSEN).sha256


def reports_of(source: str) -> tuple[list[Report], tuple[str, ...]]:
    """The reports of a file; or those of the whole house of a night, with that night's name."""
    if _is_file(source):
        return read_reports(Path(source).expanduser()), ()
    folder = layout.find_night(source)
    return told_reports.reports(folder.house), (folder.root.name,)


def _is_file(source: str) -> bool:
    path = Path(source).expanduser()
    return path.is_file() or path.suffix.lower() in {".csv", ".tsv", ".jsonl", ".ndjson", ".txt"}


def themes_of(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By arm ("" for everybody), the words of its theme: `tree,forest` or `a=tree,forest`."""
    found: dict[str, tuple[str, ...]] = {}
    for text in words:
        arm, separator, listed = text.rpartition("=")
        entries = tuple(word.strip() for word in listed.replace(";", ",").split(",") if word.strip())
        if len(entries) == 1 and " " in entries[0] and not entries[0].startswith('"'):
            entries = tuple(entries[0].split())
        if not entries or (separator and not arm.strip()):
            raise UsageError(
                "DL-E709",
                f"{text!r} names no theme.",
                why="A theme is a list of words; before them may stand the arm whose cue it was.",
                do="For example --theme tree,forest,leaf or, with two cues, --theme a=tree,leaf --theme b=fork,spoon",
            )
        found[arm.strip()] = (*found.get(arm.strip(), ()), *entries)
    return found


def _registration(asked: Asked, nights: tuple[str, ...]) -> Registration:
    if asked.registration is None:
        themes = themes_of(asked.themes)
        primary: TestId = "T1" if len(themes) < 2 else "T2"
        return Registration(themes=themes, nights=nights, score=asked.score, primary=primary)
    if asked.themes:
        raise UsageError(
            "DL-E751",
            "A registered night has its theme in its registration.",
            why="What was chosen before the night is not chosen again after it.",
            do="Leave --theme out, or --registration.",
        )
    found = _read(asked.registration, Registration, CHOSEN)
    wrong = unsound(found)
    if not wrong and asked.sha256 and asked.sha256.lower() != found.sha256:
        wrong = f"its hash is {found.sha256}, and another one was published"
    if wrong:
        raise ConfigError(
            "DL-E752",
            f"Nothing can be tested by {asked.registration}: {wrong}.",
            do="Use the file as it was registered.",
            where=Where(str(asked.registration), 1, 1),
        )
    if found.nights:
        _refuse_others(asked.nights, found.nights)
        return found
    return replace(found, nights=nights)


def _read(path: Path, kind: type[Read], what: str) -> Read:
    text = read_text(path, what=f"{what}, as JSON")
    try:
        return msgspec.json.decode(text.encode(), type=kind)
    except msgspec.DecodeError as error:
        raise ConfigError(
            "DL-E753",
            f"{path} is not {what}.",
            why=f"{error}.",
            do="Its form is shown in docs/did-the-dreams-meet.md.",
            where=Where(str(path), 1, 1),
        ) from None
