"""Verbs on a night's record: report, verify, export events."""

from dreamloom.adapters.sqlite import read_only
from dreamloom.cli.output import end_with, flush, give, hand_out, say
from dreamloom.house import layout, verifying
from dreamloom.record.codec import canonical, comparable
from dreamloom.record.verify import Verdict
from dreamloom.vocabulary.errors import RecordError


def report(night: str, *, as_json: bool) -> None:
    """The morning page."""
    from dreamloom.house import reporting

    path = reporting.write_report(layout.find_night(night))
    say(f"Morning page: {path}")
    if as_json:
        give({"report": str(path)})


def verify(night: str, *, as_json: bool) -> None:
    """Judges the record; exit code 6 when it does not verify."""
    folder = layout.find_night(night)
    verdict = verifying.verify_night(folder)
    if not verdict.ok:
        end_with(_does_not_verify(folder.name, verdict), _as_data(verdict), as_json=as_json)
    if as_json:
        give(_as_data(verdict))
    note = f" But {verdict.why}." if verdict.why else ""
    say(f"The record of {folder.name} verifies: {verdict.events} events, {verdict.signed} signed.{note}")
    say(f"Root {verdict.root}")


def export_events(night: str, *, raw: bool) -> None:
    """Events in order, one a line: commitments to sealed payloads left out, or raw as the leaves were made from."""
    folder = layout.find_night(night)
    verifying.refuse_without_record(folder)
    with read_only(folder.record) as record:
        for event in record.events():
            hand_out(canonical(event) if raw else comparable(event))
    flush()


def _does_not_verify(night: str, verdict: Verdict) -> RecordError:
    return RecordError(
        "DL-E401",
        f"The record of {night!r} does not verify. First: {verdict.first_bad}.",
        why=verdict.why,
        still="Events before it fit; what comes after cannot be relied on.",
        do="Keep the files as they are, and compare with a copy or a checkpoint kept elsewhere.",
    )


def _as_data(verdict: Verdict) -> dict[str, object]:
    return {
        "ok": verdict.ok,
        "events": verdict.events,
        "root": verdict.root,
        "first_bad": verdict.first_bad,
        "why": verdict.why,
        "erased": verdict.erased,
        "signed": verdict.signed,
    }
