"""Verbs that look at the machine and its devices before anybody sleeps: doctor, doctor soak."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dreamloom.cli.output import Progress, end_with, give, say, table
from dreamloom.house import checkup
from dreamloom.house.finding import Finding
from dreamloom.house.layout import default_house
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import Seconds

if TYPE_CHECKING:  # what reads devices is loaded once a person has been told that it does
    from dreamloom.house.soaking import Soaked

SIGNS = {"ok": "☑", "note": "·", "wrong": "☒"}
"""Beside the word, never alone."""


def doctor(*, as_json: bool) -> None:
    """Every finding with its remedy; exit code 4 when something is wrong."""
    _examine(checkup.check_up(default_house()), "Ready for a night. Not a medical device.", as_json=as_json)


def look_for(name: str, *, as_json: bool) -> None:
    """One device, stream or bed, what it does and what to do; exit code 4 when it is not here or not well."""
    from dreamloom.house import one_device

    _examine(one_device.look_for(name, default_house()), "Found. Not a medical device.", as_json=as_json)


def _examine(findings: Iterable[Finding], well: str, *, as_json: bool) -> None:
    found: list[Finding] = []
    for finding in findings:
        found.append(finding)
        _tell(finding, is_first=len(found) == 1 or found[-2].topic != finding.topic)
    wrong = sum(finding.state == "wrong" for finding in found)
    data = {"ok": not wrong, "findings": found}
    if wrong:
        end_with(_unwell(wrong), data, as_json=as_json)
    say("")
    say(well)
    if as_json:
        give(data)


def soak(source: str, *, minutes: float, as_json: bool) -> None:
    """Listens, then tells what was lost and what that means for a night; Ctrl-C ends it with what was heard."""
    from dreamloom.adapters import power
    from dreamloom.house import soaking

    opened, clock = soaking.open_live(source)
    say(f"Listening to {source} for {minutes:g} min. Ctrl-C ends it with what was heard. Not a medical device.")
    progress = Progress("Listening", minutes * 60, quiet=as_json)
    try:
        with power.kept_awake():
            heard = soaking.soak(opened, clock, for_s=Seconds(minutes * 60), told=progress.at)
    finally:
        progress.done()
        opened.close()
    _tell_soaked(heard)
    if as_json:
        give(heard)


def _tell_soaked(heard: "Soaked") -> None:
    night = heard.per_night
    say(table([f"heard in {heard.listened_s / 60:.1f} min", ""], [list(row) for row in _rows(heard)]))
    say("")
    say(
        f"Dropouts to expect in a night of 8 h: {night.mean:.1f}; with 95 % certainty on average {night.low:.1f} to "
        f"{night.high:.1f}, if they come independently and as often as here."
    )
    if not heard.dropouts:
        say("None was heard: the longer it listens, the less a night can still hold.")


def _rows(heard: "Soaked") -> list[tuple[str, str]]:
    measured = heard.impedances_kohm or {}
    return [
        ("samples", f"{heard.samples}"),
        ("a second", f"{heard.rate_hz:.2f} of {heard.sold_as_hz:g}"),
        ("dropouts (2 s without a sample)", f"{heard.dropouts}, {heard.dropped_s:.1f} s together"),
        ("stalls (0.5 s without a sample)", f"{heard.stalls}"),
        ("longest silence", f"{heard.longest_silence_s:.2f} s"),
        ("gaps", f"{heard.gaps}, {heard.lost_samples} samples"),
        ("delay", f"{heard.delays.median_ms:g} ms, at most {heard.delays.most_ms:g} ms"),
        ("jitter (99 of 100 within)", f"{heard.delays.jitter_ms:g} ms"),
        *((f"seen: {kind.lower().replace('_', ' ')}", f"{times}") for kind, times in heard.glitches.items()),
        *((f"impedance {label}", f"{kohm:g} kOhm") for label, kohm in measured.items()),
        *(() if measured else (("impedance", "not measured"),)),
    ]


def _tell(finding: Finding, *, is_first: bool) -> None:
    topic = finding.topic if is_first else ""
    say(f"{topic:<9}{SIGNS[finding.state]} {finding.state:<5} {finding.what}")
    if finding.remedy:
        say(f"{'':<17}{finding.remedy}")


def _unwell(wrong: int) -> StreamError:
    return StreamError(
        "DL-E270",
        f"{wrong} thing{'s' if wrong > 1 else ''} would keep a night from running well.",
        why="Each stands above with its remedy.",
        do="Mend them, then run dreamloom doctor again.",
    )
