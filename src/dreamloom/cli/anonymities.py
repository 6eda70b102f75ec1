"""The verb `consent anonymise`: the choice between stopping and erasing, with what it costs said first."""

from pathlib import Path

from dreamloom.cli.erasures import have_confirmed
from dreamloom.cli.output import Progress, give, say
from dreamloom.house import layout
from dreamloom.house.anonymising import foreseen_to_stay, keep_anonymised
from dreamloom.house.consenting import NOT_RECALLED
from dreamloom.house.erasure_plan import foreseen
from dreamloom.house.layout import House


def anonymise(
    sleeper: str, receipt: Path, *, house: Path | None, is_sure: bool, only_look: bool, as_json: bool
) -> None:
    """Says what stays and what goes, and does it."""
    where = House(house) if house else layout.default_house()
    foreseen(where, sleeper)
    stays = foreseen_to_stay(where, sleeper)
    say("Without anything that tells whose it is will stay, by what was agreed to:")
    for line in stays or ["nothing"]:
        say(f"  {line}")
    say(f"All else of {sleeper} goes, and the key that links these nights to anybody is destroyed.")
    say("Brain waves are as particular as a face: whoever holds others of yours may still find that they are alike.")
    say(f"{NOT_RECALLED} Nor can this be undone, or your nights be found again to be erased.")
    if only_look:
        if as_json:
            give({"sleeper": sleeper, "anonymised": False, "stays": stays})
        return
    if not is_sure:
        have_confirmed(sleeper, verb="consent anonymise", done="anonymised")
    progress = Progress(f"Anonymising {sleeper}", 1.0, quiet=as_json)
    try:
        done = keep_anonymised(where, sleeper, receipt, told=lambda steps, of: progress.at(steps / of))
    finally:
        progress.done()
    say(f"{done.nights} nights stay in {where.anonymous}: {done.events} findings, {done.signals} recordings.")
    if done.receipt is not None:
        say(f"Your receipt: {done.receipt}. The house keeps none.")
    if as_json:
        give(
            {
                "sleeper": sleeper,
                "anonymised": True,
                "nights": done.nights,
                "events": done.events,
                "signals": done.signals,
                "receipt": str(done.receipt or ""),
            }
        )
