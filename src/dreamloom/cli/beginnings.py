"""Verbs with which a night begins: new."""

from collections.abc import Sequence

from dreamloom.cli.output import give, say
from dreamloom.house import new_night
from dreamloom.house.night_file import NOBODY

SOURCE = "sim:typical"


def new(night: str, *, sources: Sequence[str], dreamscape: str, timezone: str, as_json: bool) -> None:
    """Writes the three files of a night and says what to do with them."""
    wanted = new_night.NightWanted(
        sources=sources or [SOURCE], dreamscape=dreamscape, timezone=timezone or new_night.local_zone()
    )
    folder = new_night.new_night(new_night.folder_for(night), wanted)
    files = [folder.night_toml, folder.root / "dreamscape.yaml", folder.consent_toml]
    for path in files:
        say(f"Wrote {path}")
    costs = new_night.what_it_costs(folder)
    for line in (line for cost in costs for line in cost.lines):
        say(line)
    for line in new_night.to_be_measured(folder):
        say(line)
    silent = [name for name, source in new_night.beds(wanted) if not source.startswith(NOBODY)]
    if silent:
        say(f"Nobody is cued before consent.toml says so: fill in the table of {', '.join(silent)} together.")
    say(f"Edit them as you like, then: dreamloom run {folder.root}")
    if as_json:
        give(
            {
                "night": folder.name,
                "folder": str(folder.root),
                "files": [str(path) for path in files],
                "beds": [cost.data for cost in costs],
            }
        )
