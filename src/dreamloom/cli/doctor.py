"""Verbs that look at the machine before anybody sleeps: doctor."""

from dreamloom.cli.output import end_with, give, say
from dreamloom.house import checkup
from dreamloom.house.checkup import Finding
from dreamloom.house.layout import default_house
from dreamloom.vocabulary.errors import StreamError

SIGNS = {"ok": "☑", "note": "·", "wrong": "☒"}
"""Beside the word, never alone."""


def doctor(*, as_json: bool) -> None:
    """Every finding with its remedy; exit code 4 when something is wrong."""
    found: list[Finding] = []
    for finding in checkup.check_up(default_house()):
        found.append(finding)
        _tell(finding, is_first=len(found) == 1 or found[-2].topic != finding.topic)
    wrong = sum(finding.state == "wrong" for finding in found)
    data = {"ok": not wrong, "findings": found}
    if wrong:
        end_with(_unwell(wrong), data, as_json=as_json)
    say("")
    say("Ready for a night. Not a medical device.")
    if as_json:
        give(data)


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
