"""Verbs on dreamscapes: check, explain, schema."""

from pathlib import Path

from dreamloom.cli.output import end_with, give, say
from dreamloom.cli.rehearsals import refuse_unwritable
from dreamloom.dreamscape import checker, reader
from dreamloom.dreamscape.explain import explain as sentences_of
from dreamloom.dreamscape.explain import tags_said
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.not_yet import NotYet, not_yet
from dreamloom.dreamscape.obeyed import asks_for_eyes, obeyed_awakenings, obeyed_parts
from dreamloom.dreamscape.schema import json_schema
from dreamloom.gallery.dreamscape_map import dreamscape_map
from dreamloom.house import sign_offs, supporting, waves_foreseen
from dreamloom.house.authoring import played
from dreamloom.house.gate_cost import gate_costs
from dreamloom.house.rules_unseen import NIGHTMARES
from dreamloom.house.supporting import OF_KINDS
from dreamloom.house.texts import find_dreamscape
from dreamloom.staging.support import NEEDS, TOLD
from dreamloom.vocabulary.errors import ConfigError

EYES = (
    "it heeds eye signals: left-right-left-right counts when it is given twice, in REM. They are looked for as each "
    "sleeper makes them after dreamloom calibrate eyes NIGHT POD; without it, as most people do."
)


def check(name_or_file: str, *, pod: str = "", as_json: bool) -> None:
    """Every finding with its place; exit code 3 when there is an error among them, 5 where such a pod is refused."""
    kinds = [supporting.kind_named(pod)] if pod else list(OF_KINDS)
    text, file = find_dreamscape(name_or_file)
    dreamscape = reader.read(text, file=file)
    findings = checker.check(dreamscape)
    errors = sum(finding.severity == "error" for finding in findings)
    later, plays = not_yet(dreamscape), played(dreamscape)
    costs = [] if errors else gate_costs(dreamscape)
    sha256 = reader.sha256(text)
    agreed = sign_offs.in_words(Path(file), sha256)
    data = {
        "ok": not errors,
        "name": dreamscape.name,
        "sha256": sha256,
        "agreed": agreed,
        "findings": [_as_data(finding) for finding in findings],
        "gate_costs": costs,
        "stagers": list(NEEDS.values()),
        "pods": [row for kind in kinds for row in supporting.data_of(dreamscape, OF_KINDS[kind])],
        "not_yet_obeyed": _later(later),
        "parts_played": len(plays),
    }
    for finding in findings:
        say(f"{finding.where or file}: {finding.severity} {finding.code} {finding.text}")
    if errors:
        end_with(_unplayable(dreamscape.name, errors), data, as_json=as_json)
    for sentence in sentences_of(dreamscape):
        say(sentence)
    for cost in costs:
        say(str(cost))
    for line in [*([TOLD] if costs else []), *supporting.of_kinds(dreamscape, kinds)]:
        say(line)
    for line in [*waves_foreseen.measure_first(dreamscape), *_heeded_where_seen(dreamscape)]:
        say(f"{file}: {line}")
    for found in later:
        say(f"{found.where or file}: accepted, not yet obeyed: {found.text}")
    if pod:
        supporting.refuse_unsupported(dreamscape, OF_KINDS[kinds[0]], name=f"A {pod}")
    say("\n".join([f"SHA-256 {sha256}", *agreed]))
    say(
        "It can be played."
        if plays or obeyed_awakenings(dreamscape)
        else "It may be played, and this version would play no cue of it."
    )
    if as_json:
        give(data)


def _heeded_where_seen(dreamscape: Dreamscape) -> list[str]:
    """What it waits for or stops by that not every bed can see."""
    nightmares = dreamscape.stop is not None and dreamscape.stop.nightmare is not None
    heeds = {EYES: asks_for_eyes(dreamscape), NIGHTMARES: nightmares and bool(obeyed_parts(dreamscape))}
    return [line for line, holds in heeds.items() if holds]


def explain(name_or_file: str, *, picture: Path | None, as_json: bool) -> None:
    """The dreamscape in sentences and what of it is not obeyed yet; with a picture, its map as SVG."""
    if picture is not None:
        refuse_unwritable(picture)
    text, file = find_dreamscape(name_or_file)
    dreamscape = reader.read(text, file=file)
    sentences, later = sentences_of(dreamscape), not_yet(dreamscape)
    if picture is not None:
        picture.write_text(dreamscape_map(dreamscape), encoding="utf-8")
    for sentence in [*sentences, *tags_said(dreamscape)]:
        say(sentence)
    for found in later:
        say(f"{found.where or file}: accepted, not yet obeyed: {found.text}")
    agreed = sign_offs.in_words(Path(file), reader.sha256(text))
    for line in agreed:
        say(line)
    if picture is not None:
        say(f"Map {picture}")
    if as_json:
        data = {
            "name": dreamscape.name,
            "sha256": reader.sha256(text),
            "agreed": agreed,
            "sentences": sentences,
            "tags": list(dreamscape.tags),
            "not_yet_obeyed": _later(later),
            "map": str(picture) if picture else None,
        }
        give(data)


def schema() -> None:
    """The JSON Schema of dreamscape files, as one JSON object."""
    give(json_schema())


def _later(found: list[NotYet]) -> list[dict[str, str | None]]:
    return [{"where": str(each.where) if each.where else None, "text": each.text} for each in found]


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
