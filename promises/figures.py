"""Which figure stands for a promise, and since when? docs/figures.json, one row a promise, each with its own day."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from promises.runner import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured promise as it is kept: what came of it, when, on what machine and at which revision."""

    name: str
    target: str
    figure: str
    verdict: Verdict
    seconds: float
    detail: str
    measured_on: str
    machine: str
    revision: str


def of(outcomes: Iterable[Outcome], *, measured_on: str, machine: str, revision: str) -> list[Figure]:
    """The outcomes of one run, as they are kept."""
    return [
        Figure(**asdict(outcome), measured_on=measured_on, machine=machine, revision=revision) for outcome in outcomes
    ]


def kept(path: Path) -> list[Figure]:
    """What stands in the file; nothing where there is none."""
    return [Figure(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.is_file() else []


def renewed(before: Sequence[Figure], fresh: Sequence[Figure], *, promised: Sequence[str]) -> list[Figure]:
    """The newest figure of every promise there is, in the order they are made; those nobody makes any more go."""
    by_name = {each.name: each for each in (*before, *fresh)}
    return [by_name[name] for name in promised if name in by_name]


def keep(path: Path, figures: Sequence[Figure]) -> None:
    """Writes the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(json.dumps(asdict(each), ensure_ascii=False) for each in figures)
    path.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def revision(root: Path) -> str:
    """The commit that is measured, with a plus where files were changed since; unknown outside a checkout."""
    words = ["git", "-C", str(root), "describe", "--always", "--dirty=+", "--exclude=*"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    return ran.stdout.strip() or "unknown"
