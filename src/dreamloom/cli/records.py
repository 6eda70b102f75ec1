"""Verbs on a night's record: report, verify, export events."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import cast, get_args

import msgspec

from dreamloom.adapters.sqlite import read_only
from dreamloom.cli.output import end_with, flush, give, hand_out, say
from dreamloom.house import layout, verifying
from dreamloom.house.erasure_plan import unfinished
from dreamloom.house.layout import NightFolder
from dreamloom.house.outside_names import as_outside, outside_names
from dreamloom.house.texts import read_text
from dreamloom.house.verifying import FileVerdict
from dreamloom.record.codec import canonical, comparable
from dreamloom.record.events import AnyEvent
from dreamloom.record.projections import Role, project
from dreamloom.record.stored import Copy
from dreamloom.record.verdict import Verdict
from dreamloom.vocabulary.errors import RecordError, UsageError

OUTSIDE = {"researcher", "blinded"}
"""Roles to whom a sleeper has another name in each night."""


def report(night: str, *, role: str, sleeper: str = "", as_json: bool) -> None:
    """The morning page, as this role may read it; of a sealed night as the blinded may, unless one is named."""
    from dreamloom.house import reporting

    if role and role not in get_args(reporting.ReportRole):
        raise UsageError(
            "DL-E105",
            f"There is no report for the role {role!r}.",
            why=f"Roles: {', '.join(get_args(reporting.ReportRole))}.",
            do="Choose one of them, or leave it out.",
        )
    wanted = cast("reporting.ReportRole", role) if role else None
    path = reporting.write_report(layout.find_night(night), wanted, sleeper=sleeper)
    say(f"Morning page: {path}")
    if as_json:
        give({"report": str(path)})


def dossier(study: str, *, to: Path | None, as_json: bool) -> None:
    """The pages for an ethics board, on stdout or in a file."""
    from dreamloom.house import dossier as made

    folder = made.night_of_study(layout.default_house(), study)
    text = made.dossier(folder)
    if to is not None:
        to.write_text(text, encoding="utf-8")
        say(f"Dossier of {study}: {to}")
    if as_json:
        give({"study": study, "night": str(folder.root), "dossier": text})
    elif to is None:
        hand_out(text.rstrip("\n").encode())
        flush()


def verify(night: str, *, copies: Sequence[Path] = (), as_json: bool) -> None:
    """Judges the record, by itself and beside copies kept elsewhere; exit code 6 when it does not verify."""
    if not night:
        raise UsageError(
            "DL-E198", "What is to be judged is missing.", do="Write: dreamloom verify NIGHT, or --receipt FILE."
        )
    folder = layout.find_night(night)
    kept = [Copy(read_text(path, what="a checkpoint that was kept elsewhere"), str(path)) for path in copies]
    verdict = verifying.verify_night(folder, copies=[_with_ending(copy) for copy in kept])
    files = verifying.verify_files(folder) if verdict.ok else FileVerdict(0)
    data = _as_data(verdict, files)
    if not verdict.ok:
        wrong = _is_not_signed if verdict.first_bad is None else _does_not_verify
        end_with(wrong(folder.name, verdict), data, as_json=as_json)
    if files.first_bad is not None:
        end_with(_file_does_not_fit(folder.name, files), data, as_json=as_json)
    if as_json:
        give(data)
    note = f" But {verdict.why}." if verdict.why else ""
    say(f"The record of {folder.name} verifies: {verdict.events} events, {verdict.signed} signed.{note}")
    say(f"Signal files as recorded: {files.files}" + (f"; erased: {files.erased}" if files.erased else ""))
    if (begun := unfinished(folder.house)) is not None:
        say(f"An erasure was begun in this house and is not finished: dreamloom erase {begun.sleeper}")
    say(f"Root {verdict.root}")


def _with_ending(copy: Copy) -> Copy:
    """A copy that went through paper or a mail may have lost or gained line ends behind it."""
    return copy._replace(note=copy.note.replace("\r\n", "\n").strip("\n") + "\n")


def export_events(night: str, *, raw: bool, role: str, pod: str | None) -> None:
    """Events in order, one a line, as this role sees them; or raw as the leaves were made from.

    To whoever is outside the house each sleeper is somebody else in each night.

    The house sees every event, but no commitment to a sealed payload unless raw.
    """
    folder = layout.find_night(night)
    verifying.refuse_without_record(folder)
    shown = _shown_to(role, pod=pod, raw=raw, folder=folder)
    with read_only(folder.record) as record:
        for event in record.events():
            line = shown(event)
            if line is not None:
                hand_out(line)
    flush()


def _shown_to(role: str, *, pod: str | None, raw: bool, folder: NightFolder) -> Callable[[AnyEvent], bytes | None]:
    """How one event reads for this role; None for what it does not see."""
    if role not in get_args(Role):
        near = get_close_matches(role, get_args(Role), 1)
        raise UsageError(
            "DL-E105",
            f"There is no role {role!r}.",
            why=f"Roles: {', '.join(get_args(Role))}.",
            do=f"Did you mean {near[0]!r}?" if near else "Choose one of them.",
        )
    if (role == "sleeper") != (pod is not None) or (raw and role != "house"):
        raise UsageError(
            "DL-E106",
            "These options do not go together." if raw else "--role sleeper and --pod go together.",
            why="A sleeper sees one bed, and only the house sees what was hashed.",
            do="For example: --role sleeper --pod p1, or --raw alone.",
        )
    if role == "house":
        return canonical if raw else comparable

    names = outside_names(folder) if role in OUTSIDE else {}

    def seen(event: AnyEvent) -> bytes | None:
        fields = project(event, cast("Role", role), pod=pod)
        if fields is None:
            return None
        return msgspec.json.encode(as_outside(fields, names) if role in OUTSIDE else fields, order="sorted")

    return seen


def _does_not_verify(night: str, verdict: Verdict) -> RecordError:
    return RecordError(
        "DL-E401",
        f"The record of {night!r} does not verify. First: {verdict.first_bad}.",
        why=verdict.why,
        still="Events before it fit; what comes after cannot be relied on.",
        do="Keep the files as they are, and compare with a copy or a checkpoint kept elsewhere.",
    )


def _is_not_signed(night: str, verdict: Verdict) -> RecordError:
    return RecordError(
        "DL-E414",
        f"The record of {night!r} is not signed yet: nothing contradicts it, and nothing vouches for it.",
        why=f"Of its {verdict.events} events no checkpoint covers any. A night is signed as soon as it is opened, so "
        "it was cut off in its very first moment, or its checkpoints were taken away.",
        still="The events can be read.",
        do="If the night runs, ask again in a moment; else compare with a copy of the record.",
    )


def _file_does_not_fit(night: str, files: FileVerdict) -> RecordError:
    return RecordError(
        "DL-E416",
        f"The record of {night!r} verifies, and a file beside it is not the one it tells of: {files.first_bad}.",
        why=f"{files.why}.".capitalize(),
        still="The events stand as they were signed; whatever rests on that file's samples does not.",
        do="Put the file of that night back from a copy.",
    )


def _as_data(verdict: Verdict, files: FileVerdict) -> dict[str, object]:
    return {
        "standing": verdict.standing if files.first_bad is None else "does not verify",
        "ok": verdict.ok and files.first_bad is None,
        "events": verdict.events,
        "root": verdict.root,
        "first_bad": verdict.first_bad or files.first_bad,
        "why": verdict.why or files.why,
        "files": files.files,
        "erased": verdict.erased,
        "files_erased": files.erased,
        "signed": verdict.signed,
    }
