"""Verbs on dreamscapes: check."""

from dreamloom.cli.output import end_with, give, say
from dreamloom.dreamscape import checker, reader
from dreamloom.dreamscape.explain import explain
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.house.texts import find_dreamscape
from dreamloom.vocabulary.errors import ConfigError


def check(name_or_file: str, *, as_json: bool) -> None:
    """Every finding with its place; exit code 3 when there is an error among them."""
    text, file = find_dreamscape(name_or_file)
    dreamscape = reader.read(text, file=file)
    findings = checker.check(dreamscape)
    errors = sum(finding.severity == "error" for finding in findings)
    later = not_yet(dreamscape)
    data = {
        "ok": not errors,
        "name": dreamscape.name,
        "sha256": reader.sha256(text),
        "findings": [_as_data(finding) for finding in findings],
        "not_yet_obeyed": [{"where": str(found.where) if found.where else None, "text": found.text} for found in later],
    }
    for finding in findings:
        say(f"{finding.where or file}: {finding.severity} {finding.code} {finding.text}")
    if errors:
        end_with(_unplayable(dreamscape.name, errors), data, as_json=as_json)
    for sentence in explain(dreamscape):
        say(sentence)
    for found in later:
        say(f"{found.where or file}: accepted, not yet obeyed: {found.text}")
    say(f"SHA-256 {data['sha256']}")
    say("It can be played.")
    if as_json:
        give(data)


def _as_data(found: checker.Finding) -> dict[str, str | None]:
    return {
        "severity": found.severity,
        "code": found.code,
        "where": str(found.where) if found.where else None,
        "text": found.text,
    }


def _unplayable(name: str, errors: int) -> ConfigError:
    return ConfigError(
        "DL-E300",
        f"{name} has {errors} error{'s' if errors > 1 else ''}; it cannot be played.",
        do="Mend the lines named above.",
    )
