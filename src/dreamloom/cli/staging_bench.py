"""The verb `bench staging`."""

from collections.abc import Sequence
from pathlib import Path

from dreamloom.adapters.stage_words import given_codes
from dreamloom.bench import staging, staging_picture
from dreamloom.bench.staging import MethodScores, StagingBench
from dreamloom.cli.output import give, say, table
from dreamloom.house import recordings
from dreamloom.house.plug_in_stagers import plug_in
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.stages import SCORED_STAGES


def bench_staging(  # noqa: PLR0913 - one option of the verb each
    files: Sequence[Path],
    hypnograms: Sequence[Path],
    *,
    channels: Sequence[str],
    codes: str,
    picture: Path | None,
    stager: str = "",
    as_json: bool,
) -> None:
    """Stages every recording by every method and prints figures, agreement where no expert scored, and a picture."""
    if hypnograms and len(hypnograms) != len(files):
        raise UsageError(
            "DL-E109",
            f"{len(files)} recordings and {len(hypnograms)} hypnograms cannot be paired.",
            why="They belong together in the order in which they are named.",
            do="Give one --hypnogram for each --edf, or none.",
        )
    theirs = plug_in(stager)
    meant = given_codes(codes) if codes else None
    found = []
    for place, file in enumerate(files):
        path = recordings.find_recording(str(file))
        say(f"Staging {path.name} by {len(staging.CAUSAL)} methods.")
        hypnogram = hypnograms[place] if hypnograms else recordings.expert_of(path)
        found.append(staging.stage_recording(path, hypnogram, channels=channels, codes=meant, theirs=theirs))
    told = staging.compare(found)
    if picture is not None:
        staging_picture.draw(found, picture)
        say(f"Drawn: {picture}")
    if as_json:
        give(told)
    else:
        _summarise(told)


def _summarise(told: StagingBench) -> None:
    for record in told.records:
        say(
            f"{record.record}: {', '.join(record.channels)} at {record.sfreq_hz:g} Hz, {record.epochs} epochs, "
            f"{record.scored} of them scored by the expert"
        )
        for note in record.notes:
            say(f"  {note}")
    if not told.scored:
        _say_agreement(told)
        return
    for record in told.records if len(told.records) > 1 else ():
        say(f"\n{record.record}\n{_figures(record.methods)}")
    say(f"\n{'All together' if len(told.records) > 1 else told.records[0].record}\n{_figures(told.methods)}")
    say(
        "kappa with 95 % from drawing blocks of 5 min; what a method left UNSCORED counts as wrong. "
        "gain is kappa above the naive causal use, paired. Not a medical device."
    )


def _say_agreement(told: StagingBench) -> None:
    say("Nobody scored these recordings: no figure here says how right a method is, only how much two of them agree.")
    rows = [[each.one, each.other, _two(each.kappa)] for each in told.between]
    say(table(["method", "with", "kappa"], rows))
    say("To measure accuracy give an expert's scoring: --hypnogram FILE")


def _figures(methods: Sequence[MethodScores]) -> str:
    head = ["method", "causal", "covered", "kappa", "95 %", "acc", "F1", *map(str, SCORED_STAGES), "gain", "95 %"]
    return table(head, [_row(each) for each in methods])


def _row(each: MethodScores) -> list[object]:
    return [
        each.name,
        "yes" if each.causal else "no",
        "-" if each.coverage is None else f"{each.coverage:.0%}",
        _two(each.kappa),
        _span(each.kappa_ci),
        _two(each.accuracy),
        _two(each.macro_f1),
        *[_two(each.f1[str(stage)]) for stage in SCORED_STAGES],
        "-" if each.gain is None or each.gain.kappa is None else f"{each.gain.kappa:+.2f}",
        "-" if each.gain is None else _span(each.gain.ci),
    ]


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _span(ci: tuple[float, float] | None) -> str:
    return "-" if ci is None else f"{ci[0]:.2f}…{ci[1]:.2f}"
