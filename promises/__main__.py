"""`python -m promises`: measure, show one table, keep the figures. Exit code 1 if a promise falls short."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from dreamloom.engine.clocks import utc_now
from promises import figures, pages
from promises.registry import Registry, load
from promises.runner import measure_all

ROOT = Path(__file__).parent.parent


def main(words: Sequence[str], *, registry: Registry | None = None, root: Path = ROOT) -> int:
    """Runs the command line; returns its exit code: 0 kept, 1 fell short, 2 cannot be meant."""
    asked = _parser().parse_args(words)
    promised = registry or load()
    try:
        chosen = promised.chosen(only=tuple(asked.only), within=asked.slice)
    except KeyError as error:
        names = ", ".join(each.name for each in promised.chosen())
        _tell(f"There is no promise {error}. Promised: {names}")
        return 2
    if asked.list:
        width = max((len(each.name) for each in chosen), default=0)
        sys.stdout.writelines(f"{each.slice:<4}  {each.name:<{width}}  {each.target}\n" for each in chosen)
        return 0
    revision = figures.revision(root)
    outcomes = measure_all(chosen, tell=_tell)
    sys.stdout.write(pages.table(outcomes) + "\n")
    measured_on = utc_now().date().isoformat()
    kept = pages.as_data(outcomes, measured_on=measured_on, within=asked.slice)
    _write(root / "build" / "promises.json", json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
    if asked.keep or not (asked.only or asked.slice == "ci"):
        _keep(root, figures.of(outcomes, measured_on=measured_on, machine=pages.machine(), revision=revision), promised)
    return int(any(outcome.fell_short for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m promises", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--slice", choices=("ci", "full"), default="full", help="ci: those measured at every change")
    parser.add_argument("--keep", action="store_true", help="renew their rows in docs/figures.md, as a full run does")
    parser.add_argument("--list", action="store_true", help="name the promises and measure nothing")
    return parser


def _keep(root: Path, fresh: Sequence[figures.Figure], promised: Registry) -> None:
    """Renews the rows of docs/figures.json, and the page that is made of them."""
    path, names = root / "docs" / "figures.json", [each.name for each in promised.chosen()]
    standing = figures.renewed(figures.kept(path), fresh, promised=names)
    figures.keep(path, standing)
    missing = [name for name in names if name not in {each.name for each in standing}]
    _write(path.with_suffix(".md"), pages.page(standing, missing=missing))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
