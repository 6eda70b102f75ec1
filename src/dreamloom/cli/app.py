"""What did the user ask for? All verbs under one name; heavy parts are loaded by the verb that needs them."""

import os
from typing import Annotated

import typer

from dreamloom import __version__
from dreamloom.cli import (
    adverse_verbs,
    bench_verbs,
    calibrate_verbs,
    coding_verbs,
    consent_verbs,
    convergence_verbs,
    course_verbs,
    doctor_verbs,
    dreamscape_verbs,
    export_verbs,
    guide_verbs,
    house_verbs,
    keeping_verbs,
    morning_verbs,
    night_verbs,
    outcome_verbs,
    pod_verbs,
    policy_verbs,
    trial_verbs,
    witness_verbs,
)
from dreamloom.cli.by_hand_verbs import now
from dreamloom.cli.ending import CommandLine, name_verbs
from dreamloom.cli.output import ensure_streams, give
from dreamloom.cli.verb_options import Json

app = typer.Typer(
    name="dreamloom",
    cls=CommandLine,
    help="Nights of shared dreaming: reads sleepers, plays the agreed cue at the right moment, keeps an honest record. "
    "Not a medical device.\n\n"
    "Nights lie in a house: the folder that DREAMLOOM_HOUSE names, else ./dreamloom-house.",
    epilog="Exit codes: 0 ok, 1 failure, 2 usage, 3 a file is wrong, 4 a stream or recording is missing, 5 refused by "
    "consent or policy, 6 the record does not verify, 130 interrupted.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
calibrate = typer.Typer(help="Learn before the night how this sleeper does it.")
calibrate_verbs.add_to(calibrate)
for verbs in (
    night_verbs.nights,
    dreamscape_verbs.dreamscapes,
    keeping_verbs.keeping,
    doctor_verbs.devices,
    convergence_verbs.met,
    coding_verbs.coding,
    morning_verbs.mornings,
):
    app.add_typer(verbs)
app.add_typer(doctor_verbs.doctor, name="doctor", short_help="Look at this machine before anybody sleeps.")
app.add_typer(calibrate, name="calibrate", short_help="Learn before the night how a sleeper looks, hears and speaks.")
app.add_typer(trial_verbs.trial, name="trial", short_help="Compare with a sham that nobody can tell.")
app.add_typer(consent_verbs.consent, name="consent", short_help="What a sleeper agrees to, and takes back.")
app.add_typer(policy_verbs.policy, name="policy", short_help="The rules that every cue of a house is asked of.")
app.add_typer(witness_verbs.witness, name="witness", short_help="Who vouches for a night besides its own house?")
app.add_typer(pod_verbs.pod, name="pod", short_help="The beds of a house, each by its own key.")
app.add_typer(house_verbs.house, name="house", short_help="Who may look at a house's pages, by passkey.")
app.add_typer(adverse_verbs.adverse, name="adverse", short_help="Harm that was told, and what is due.")
app.add_typer(course_verbs.course, name="course", short_help="A schedule above nights, and who lets it go on.")
app.add_typer(outcome_verbs.outcomes, name="outcomes", short_help="Evenings and mornings in a sleeper's own numbers.")
app.add_typer(now, name="now", short_help="Ask something of one bed while its night runs.")
app.add_typer(bench_verbs.bench, name="bench", short_help="Measure Dreamloom on this machine.")
app.add_typer(guide_verbs.guide, name="guide", short_help="A program that asks, and interprets nothing.")
app.add_typer(export_verbs.export, name="export", short_help="Take a night with you.")
bench_verbs.bench.callback(invoke_without_command=True)(name_verbs)
trial_verbs.trial.callback(invoke_without_command=True)(name_verbs)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="When something fails, show where in the code.")] = False,  # noqa: ARG001 - taken from the words themselves, wherever it stands
    as_json: Json = False,
) -> None:
    """Options that every verb knows."""
    if not version:
        name_verbs(context)
    elif as_json:
        give({"version": __version__})
    else:
        typer.echo(f"dreamloom {__version__}")


FOR_ITS_OWNER = 0o077
"""What Dreamloom writes is about people's sleep: nobody else on this machine reads it, unless its owner says so."""


def main() -> None:
    """Entry point of the `dreamloom` command."""
    ensure_streams()
    os.umask(FOR_ITS_OWNER)
    app()
