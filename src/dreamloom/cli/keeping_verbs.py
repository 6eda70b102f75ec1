"""Which verbs are for what is kept of nights, and for taking it back? Withdraw, erase, report, verify, account for."""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.verb_options import HouseOption, Json, NightArg

keeping = typer.Typer()


@keeping.command(short_help="Withdraw a sleeper's consent: silent at once.")
def withdraw(
    night: Annotated[str, typer.Argument(metavar="[NIGHT]", help="The night, by folder or name.")] = "",
    who: Annotated[str, typer.Argument(metavar="[SLEEPER|POD]", help="Who says no.")] = "",
    *,
    slip: Annotated[str, typer.Option("--slip", metavar="CODE", help="Instead of names: the code on a slip.")] = "",
    key: Annotated[bool, typer.Option("--key", help="Wait, and silence the bed when any key is pressed here.")] = False,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Withdraw a sleeper's consent: the bed is silent at once and stays so tonight, whatever else happens.

    Works before the night, while it runs, and when it hangs. The other beds go on. A slip silences all beds of whoever
    it was given to, in every night; it needs no password and no network. With --key, the terminal that this is started
    in is the bed's own button; at the terminal of a running night each bed has a key anyway.
    """
    if slip:
        from dreamloom.cli import consents

        consents.by_slip(slip, house=house, as_json=as_json)
        return
    from dreamloom.cli import withdrawals as verb

    verb.withdraw(night, who, by_key=key, as_json=as_json)


@keeping.command(short_help="Erase everything of one sleeper.")
def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A sleeper's pseudonym, as in night.toml.")],
    *,
    house: HouseOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the name to be typed again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Erase what a sleeper left in this house: texts in every record, key, signals, sounds, voice, reports, copies.

    Says first what will go, and asks for the name again. An erasure that was broken off goes on when it is asked for
    again. Everybody else's records verify as before; dreamloom verify says what was erased and why.
    """
    from dreamloom.cli import erasures as verb

    verb.erase(person, house=house, is_sure=yes, only_look=dry_run, as_json=as_json)


@keeping.command(short_help="Take away what is past its time.")
def retention(
    *,
    house: HouseOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Take away what is kept too long, each deletion logged; the opening of a night does the same by itself.

    Days for each kind of data stand in house/retention.toml. The samples of who did not agree to "keep raw" go as soon
    as the morning after their night is over.
    """
    from dreamloom.cli import erasures as verb

    verb.retention(house=house, only_look=dry_run, as_json=as_json)


@keeping.command(short_help="The pages that an ethics board asks for.")
def dossier(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A trial of this house, or one night.")],
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write them there instead of to stdout.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Protocol in sentences, limits, risks with the tests that hold them, data, people and consents, as Markdown.

    Made from the files of the study's newest night. What no file says is left open in so many words.
    """
    from dreamloom.cli import records as verb

    verb.dossier(study, to=to, as_json=as_json)


@keeping.command(short_help="Write a night's morning page.")
def report(
    night: NightArg,
    *,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="blinded or house; blinded while the arms of a trial are sealed.")
    ] = "",
    sleeper: Annotated[
        str, typer.Option("--for", metavar="SLEEPER", help="For this sleeper: their bed alone, with what is personal.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write the morning page of a night, and its numbers: hypnogram, cues, what was withheld and why.

    Of a night whose arms are sealed it holds nothing that could tell them, unless --role house.
    """
    from dreamloom.cli import records as verb

    verb.report(night, role=role, sleeper=sleeper, as_json=as_json)


@keeping.command(short_help="Judge a night's record, or a receipt.")
def verify(
    night: Annotated[str, typer.Argument(metavar="[NIGHT]", help="The night, by folder or name.")] = "",
    *,
    receipt: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A receipt of a consent, judged by itself and its house.")
    ] = None,
    house: HouseOption = None,
    copy: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint of it that was kept elsewhere; may be said again."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute a night's record from its first event on, and name the first one that does not fit (exit code 6).

    Works offline. What the beds vouched for is looked at, too; with --copy, what was printed, mailed, or signed by
    another house: only such a copy shows that a record was not written anew by whoever holds the keys.
    """
    if receipt is not None:
        from dreamloom.cli import receipts_judged

        receipts_judged.verify(receipt, house=house, as_json=as_json)
        return
    from dreamloom.cli import records as verb

    verb.verify(night, copies=copy or (), as_json=as_json)


@keeping.command(short_help="Account for what went wrong in a night.")
def incident(
    night: NightArg,
    *,
    sleeper: Annotated[
        str,
        typer.Option("--for", "--sleeper", metavar="SLEEPER", help="For this sleeper alone, with what is personal."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Timeline, who was affected, what the house knew and did not know, and what proves it.

    What was found of how somebody slept is told to that person alone.
    """
    from dreamloom.cli import guardian_verbs as verb

    verb.incident(night, sleeper=sleeper, as_json=as_json)


@keeping.command(short_help="Try on simulated sleepers what may go wrong.")
def drill(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Which; --list says what each tries.")] = "",
    *,
    as_list: Annotated[bool, typer.Option("--list", help="Say which drills there are.")] = False,
    as_json: Json = False,
) -> None:
    """Unplug a band, forge a cue, cut the network...: lived by simulated sleepers and judged by the record.

    Exit code 1 when the record does not show what it must.
    """
    from dreamloom.cli import guardian_verbs as verb

    if as_list or not name:
        verb.list_drills(as_json=as_json)
    else:
        verb.drill(name, as_json=as_json)


@keeping.command(short_help="Compare stages of sleepers of one night with those of others.")
def synchrony(
    nights: Annotated[
        list[str],
        typer.Argument(metavar="NIGHT...", help="Nights, by folder or name; two at least to compare with anybody."),
    ],
    *,
    as_json: Json = False,
) -> None:
    """How often two sleepers of one night were in the same stage, beside pairs from different nights.

    Pairs of one room are counted apart. It says nothing about what anybody dreamed.
    """
    from dreamloom.cli import synchronies as verb

    verb.synchrony(nights, as_json=as_json)
