"""Verbs on what may go wrong: `drill` tries it on purpose, `incident` accounts for it afterwards."""

from dreamloom.cli.output import end_with, give, say
from dreamloom.house import layout
from dreamloom.house.drilling import Drilled, drill_named, hold
from dreamloom.house.drills import DRILLS
from dreamloom.house.incidents import Account, account
from dreamloom.vocabulary.errors import DreamloomError


def list_drills(*, as_json: bool) -> None:
    """Says what each drill tries."""
    for drill in DRILLS.values():
        say(f"{drill.name:12} {drill.tries}")
    if as_json:
        give({"drills": [_described(name) for name in DRILLS]})


def drill(name: str, *, as_json: bool) -> None:
    """Holds one drill; exit code 1 when its record does not show what it must."""
    wanted = drill_named(name)
    say(f"Drill {wanted.name}: {wanted.tries} Simulated sleepers, nothing is played and nothing is kept.")
    done = hold(wanted)
    for each in done.shown:
        say(f"  {'yes' if each.ok else 'NO ':3}  {each.what}: {each.found}")
    if not done.passed:
        end_with(_failed(done), _as_data(done), as_json=as_json)
    say(f"The drill {done.name} passed, by its own record, in {done.took_s:.1f} s.")
    if as_json:
        give(_as_data(done))


def incident(night: str, *, sleeper: str, as_json: bool) -> None:
    """Writes the account of a night, for everybody or for one sleeper."""
    told = account(layout.find_night(night), sleeper=sleeper)
    if as_json:
        give(told.as_data())
        return
    for line in _in_words(told):
        say(line)


def _described(name: str) -> dict[str, object]:
    drill = DRILLS[name]
    return {
        "name": drill.name,
        "tries": drill.tries,
        "beds": len(drill.sources),
        "troubled": drill.troubled,
        "shows": [check.what for check in drill.checks],
    }


def _as_data(done: Drilled) -> dict[str, object]:
    shown = [{"what": each.what, "ok": each.ok, "found": each.found} for each in done.shown]
    return {"drill": done.name, "tried": done.tries, "passed": done.passed, "seconds": done.took_s, "seen": shown}


def _failed(done: Drilled) -> DreamloomError:
    missing = [each.what for each in done.shown if not each.ok]
    return DreamloomError(
        "DL-E680",
        f"The drill {done.name} failed: {len(missing)} of {len(done.shown)} things were not so.",
        why=f"Not so: {'; '.join(missing)}.",
        still="Nobody was asleep, and nothing was kept.",
        do="Let nobody sleep in this house before it passes. Hold it once more; then tell the maintainers.",
    )


def _in_words(told: Account) -> list[str]:
    proofs = told.proofs
    stands = f"The record: {proofs['standing']}, {proofs['events']} events, {proofs['signed']} signed."
    root = f"Root {proofs['root']}"
    if told.is_empty:
        return [f"{told.night}: nothing happened that needs an account.", stands, root]
    whom = f", for {told.for_}" if told.for_ else ""
    lines = [f"What went wrong in {told.night}{whom}, by its record.", "", "Who was affected"]
    lines += [f"  {each.bed} ({each.sleeper}): {each.means}{_back(each.restored)}" for each in told.affected]
    lines += ["", "What happened"]
    lines += [f"  {_clock(each.at_s)}  {each.bed}: {each.words}" for each in told.timeline]
    lines += ["", "What the house knew", *(f"  {line}" for line in told.knew)]
    lines += ["", "What it did not know", *(f"  {line}" for line in told.did_not_know or ("nothing that it knows of",))]
    fit = "Signal files are as recorded." if proofs["files_fit"] else f"{proofs['first_bad']} is not as recorded."
    return [*lines, "", "What proves it", f"  {stands} {fit}", f"  {root}", "  dreamloom verify judges it again."]


def _back(restored: bool) -> str:  # noqa: FBT001 - private
    return "; over since" if restored else "; until the end of the night"


def _clock(at_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
