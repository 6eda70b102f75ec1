"""The verb `bench phase`."""

from pathlib import Path

from dreamloom.bench import phase
from dreamloom.bench.phase import Figures
from dreamloom.bench.phase_rivals import RIVALS
from dreamloom.cli.output import give, say, table
from dreamloom.house import recordings
from dreamloom.vocabulary.units import Seconds


def bench_phase(
    file: Path, *, hypnogram: Path | None, channel: str, tau_ms: float, picture: Path | None, as_json: bool
) -> None:
    """Meets slow waves by every method and prints how exactly, at one rate."""
    path = recordings.find_recording(str(file))
    say(f"Meeting the slow waves of {path.name} by {len(RIVALS) + 2} methods.")
    told = phase.measure(path, hypnogram=hypnogram, channel=channel, tau_s=Seconds(tau_ms / 1000.0))
    if picture is not None:
        from dreamloom.bench import phase_picture

        phase_picture.draw(told, picture)
        say(f"Drawn: {picture}")
    if as_json:
        give(told)
        return
    say(
        f"{told.channel} at {told.sfreq_hz} Hz, {told.duration_s / 60:.1f} min; gate: {told.gate}; "
        f"open {told.open_min:.1f} min; sound {told.tau_ms:g} ms after its decision"
    )
    head = ["method", "cues", "/min", "bias", "SD", "95 %", "in 45", "in 90", "bias 4 Hz", "SD 4 Hz", "µs"]
    say(table(head, [_row(each) for each in told.algorithms]))
    say(
        "Degrees from the positive peak of 0.5-2 Hz (4 Hz: of 0.5-4 Hz), SD = sqrt(-2 ln R), 95 % by bootstrap. "
        "Nothing sounded. Not a medical device."
    )


def _row(each: Figures) -> list[object]:
    ci = each.sd_ci_deg
    return [
        each.name,
        each.cues,
        f"{each.rate_per_min:.1f}",
        _degrees(each.bias_deg),
        _degrees(each.sd_deg),
        "-" if ci is None else f"{ci[0]:.1f}…{ci[1]:.1f}",
        _share(each.within_45),
        _share(each.within_90),
        _degrees(each.bias_4hz_deg),
        _degrees(each.sd_4hz_deg),
        f"{each.us_per_sample:.1f}",
    ]


def _degrees(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
