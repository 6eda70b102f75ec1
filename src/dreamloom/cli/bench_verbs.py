"""Which verbs measure Dreamloom on this machine?"""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.verb_options import Json, StagerOption

bench = typer.Typer(help="How fast, and how good? Measured on this machine.")


@bench.command("replay", short_help="How fast is a recording decided on?")
def bench_replay(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.edf", help="A recording; the bundled one if left out.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """How fast is a recording decided on, and where does the time go?"""
    from dreamloom.cli import benches as verb

    verb.replay(file, as_json=as_json)


@bench.command("tracking", short_help="How many sleepers can one core track?")
def bench_tracking(
    *,
    sleepers: Annotated[
        int, typer.Option(metavar="N", min=1, max=5000, help="How many are tracked in one pass.")
    ] = 256,
    as_json: Json = False,
) -> None:
    """How many sleepers can one core track, one by one or in one pass, and what does each part of it cost?"""
    from dreamloom.cli import benches as verb

    verb.tracking(sleepers, as_json=as_json)


@bench.command("staging", short_help="How well is sleep staged on a recording, beside the published scorer?")
def bench_staging(
    *,
    edf: Annotated[
        list[Path], typer.Option(metavar="FILE.edf", help="A recording; several may be named, and are also pooled.")
    ],
    hypnogram: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="An expert's stages: EDF+, CSV with onset,stage, or one stage a line."),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="A channel to read; the usual EEG, EOG and EMG if left out."),
    ] = None,
    codes: Annotated[str, typer.Option(metavar="CODES", help="What numbers in it mean: 0=W,1=N1,2=N2,3=N3,4=R")] = "",
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the hypnograms: a name ending in .svg or .png.")
    ] = None,
    stager: StagerOption = "",
    as_json: Json = False,
) -> None:
    """How well is sleep staged on a recording? The live track beside the published scorer, used in three ways.

    All methods read the same channels in one run. Without a hypnogram, and without stages among the recording's own
    annotations, agreement between the methods is all that can be told.
    """
    from dreamloom.cli import staging_bench as verb

    verb.bench_staging(
        edf, hypnogram or [], channels=channel or [], codes=codes, picture=picture, stager=stager, as_json=as_json
    )


@bench.command("eyes", short_help="How often is an eye signal seen in a recording, rightly or wrongly?")
def bench_eyes(
    *,
    edf: Annotated[Path | None, typer.Option(metavar="FILE.edf", help="A recording with EOG, or frontal EEG.")] = None,
    hypnogram: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An expert's stages: EDF+, CSV with onset,stage, or one stage a line."),
    ] = None,
    signals: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="True signals, onset_s,end_s a line; none if left out.")
    ] = None,
    simulated: Annotated[
        int, typer.Option(metavar="N", min=0, max=200, help="Instead of a recording: so many simulated nights.")
    ] = 0,
    hours: Annotated[float, typer.Option(metavar="HOURS", min=0.2, max=12.0, help="Of each simulated night.")] = 8.0,
    seed: Annotated[int, typer.Option(metavar="SEED", min=0, help="Of the first simulated night.")] = 1,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw stages, eye movements and signals: .svg or .png.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How often is the agreed left-right-left-right seen in a recording? Ours beside two detectors labs use.

    Rapid eye movements a minute of each stage, false signals an hour, single and given twice; with known signals also
    recall, precision and latency. Stages come from the hypnogram, the recording's own, or the live track.
    """
    from dreamloom.cli import eyes_bench as verb

    verb.bench_eyes(
        edf,
        hypnogram=hypnogram,
        signals=signals,
        simulated=simulated,
        hours=hours,
        seed=seed,
        picture=picture,
        as_json=as_json,
    )


@bench.command("phase", short_help="How exactly are slow waves met on a recording, beside other methods?")
def bench_phase(
    *,
    edf: Annotated[Path, typer.Option(metavar="FILE.edf", help="A recording of any length and rate.")],
    hypnogram: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An expert's stages, which then bound the gate to N2 and N3.")
    ] = None,
    channel: Annotated[str, typer.Option(metavar="LABEL", help="The channel; the first EEG if left out.")] = "",
    tau_ms: Annotated[
        float, typer.Option("--tau-ms", metavar="MS", min=0.0, max=1000.0, help="From the decision to the sound.")
    ] = 0.0,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the errors: a name ending in .svg or .png.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How exactly is the up-state of slow waves met? Ours and eight other methods at one rate, in one run.

    0 degrees is the positive peak. Truth is the zero-phase 0.5-2 Hz band and its Hilbert transform; 0.5-4 Hz beside it.
    """
    from dreamloom.cli import phase_bench as verb

    verb.bench_phase(edf, hypnogram=hypnogram, channel=channel, tau_ms=tau_ms, picture=picture, as_json=as_json)
