"""The verb `register`: what will be tested of a night, chosen before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dreamloom.cli.output import give, say
from dreamloom.house import by_hand, layout, meaning, registering
from dreamloom.house.dreams_met import themes_of
from dreamloom.vocabulary.errors import ConfigError, UsageError
from dreamloom.weave.chance.registration import TESTS, Registration, TestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was chosen on the command line."""

    themes: Sequence[str]
    called: str
    decoys: Sequence[str]
    targets: Sequence[Path]
    tests: Sequence[str]
    by: str
    meaning: Path | None = None


def register(night: str, wanted: Wanted, *, as_json: bool) -> None:
    """Writes it down, and says its hash."""
    by_hand.refuse_name(wanted.by)
    folder = layout.find_night(night)
    themes = themes_of(wanted.themes)
    tests = _tests(wanted.tests)
    first: TestId = "T1" if len(themes) < 2 else "T2"
    primary = first if first in tests else tests[0]
    model = "" if wanted.meaning is None else meaning.registered_by(wanted.meaning)
    chosen = Registration(themes=themes, nights=(folder.name,), tests=tests, primary=primary, meaning=model)
    try:
        told = registering.register(
            folder, chosen, by=wanted.by, theme=wanted.called, decoys=wanted.decoys, targets=wanted.targets
        )
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "DL-E638", f"A target cannot be read: {error}.", do="Each is a text file in UTF-8."
        ) from error
    say(f"Registered for {folder.name}: {', '.join(tests)}, read first by {primary}. Its hash: {told.sha256}")
    for seal in told.seals:
        say(f"One of four targets is drawn, and nobody knows which. Its seal: {seal}")
    say("Publish the hash before the night if others are to believe it; this house's record holds it from now on.")
    if as_json:
        kept = registering.registered(folder)
        published = msgspec.to_builtins(chosen if kept is None else kept.registration)
        give({"night": folder.name, "sha256": told.sha256, "seals": told.seals, "registration": published})


def _tests(names: Sequence[str]) -> tuple[TestId, ...]:
    wanted = [name.upper() for name in names] or list(TESTS)
    if odd := [name for name in wanted if name not in TESTS]:
        raise UsageError(
            "DL-E637", f"There is no test {odd[0]!r}.", why=f"There are {', '.join(TESTS)}.", do="Name one."
        )
    return tuple(test for test in TESTS if test in wanted)
