"""Verbs on dreamscapes: check."""

from pathlib import Path

from dreamloom.cli.output import give, say
from dreamloom.dreamscape import builtin, checker, reader
from dreamloom.dreamscape.explain import explain
from dreamloom.house.opening import read_text
from dreamloom.vocabulary.errors import ConfigError


def check(name_or_file: str, *, as_json: bool) -> None:
    """Every finding with its place; exit code 3 when there is an error among them."""
    path = Path(name_or_file)
    if name_or_file in builtin.names() and not path.exists():
        text, dreamscape = builtin.load(name_or_file)
    else:
        text = read_text(path, what="the dreamscape")
        dreamscape = reader.read(text, file=str(path))
    findings = checker.check(dreamscape)
    errors = [finding for finding in findings if finding.severity == "error"]
    if as_json:
        give(
            {
                "ok": not errors,
                "name": dreamscape.name,
                "sha256": reader.sha256(text),
                "findings": [
                    {
                        "severity": found.severity,
                        "code": found.code,
                        "where": str(found.where) if found.where else None,
                        "text": found.text,
                    }
                    for found in findings
                ],
            }
        )
    for found in findings:
        say(f"{found.where or path}: {found.severity} {found.code} {found.text}")
    if errors:
        raise ConfigError(
            "DL-E300",
            f"{dreamscape.name} has {len(errors)} error{'s' if len(errors) > 1 else ''}; it cannot be played.",
            do="Mend the lines named above.",
        )
    for sentence in explain(dreamscape):
        say(sentence)
    say(f"SHA-256 {reader.sha256(text)}")
    say("It can be played.")
