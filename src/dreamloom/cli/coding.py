"""The verb `coding`: what rules find in reports, how it adds up, and how well people agree with it."""

from pathlib import Path

import msgspec

from dreamloom.cli.output import flush, give, hand_out, say
from dreamloom.house import coding_reports
from dreamloom.house.coding_reports import Coded
from dreamloom.weave.coding.coders import CodersAgree
from dreamloom.weave.coding.indices import Index

MOST_SHEETS = 8


def coding(path: Path, *, sheets: list[Path], seed: int, as_json: bool) -> None:
    """The figures of a file's reports."""
    found = coding_reports.coded(path, sheets=sheets[:MOST_SHEETS], seed=seed)
    say(f"{found.reports} reports, coded by {found.coder}. They describe reports; they diagnose nobody.")
    for index in found.indices:
        say(_index(index))
    say(_connected(found))
    for each in found.agree:
        say(_agree(each))
    if found.agree:
        say("Kappa is of the first sheet and the next coder, alpha of all; intervals by drawing whole reports.")
    else:
        say("How good the rules are here is not known. Have somebody code some of them too:")
        say(f"  dreamloom coding {path} --sheet > SHEET.csv")
    if as_json:
        give(msgspec.to_builtins(found))


def sheet(path: Path) -> None:
    """Every sentence on stdout, for a person who does not see what the rules set."""
    hand_out(coding_reports.sheet(path).encode())
    flush()
    say("Write 1 below each category that stands in a sentence, and leave the others empty.")
    say(f"Kept as a file: dreamloom coding {path} --coder SHEET.csv")


def _index(index: Index) -> str:
    if index.value is None:
        return f"  {index.id:28} nothing to count"
    sure = f" ({index.ci[0]:.2f} to {index.ci[1]:.2f})" if index.ci else ""
    apart = f", h {index.h:+.2f} from the baseline" if index.h is not None else ""
    apart += f" ({index.h_ci[0]:+.2f} to {index.h_ci[1]:+.2f})" if apart and index.h_ci else ""
    return f"  {index.id:28} {index.value:.2f}{sure}{apart}"


def _connected(found: Coded) -> str:
    known = [each for each in found.connected.values() if each is not None]
    if not known:
        return "No report is long enough to say how connected it is: that takes 30 words."
    lcc, lsc = (sum(values) / len(known) for values in zip(*((each.lcc, each.lsc) for each in known), strict=True))
    return (
        f"In windows of 30 words the largest connected component holds {lcc:.1f} words, strongly connected {lsc:.1f} "
        f"(means of {len(known)} reports)."
    )


def _agree(each: CodersAgree) -> str:
    if each.kappa is None:
        return f"  {each.category:12} nobody, or everybody, set it: no kappa"
    sure = f" ({each.kappa_ci[0]:.2f} to {each.kappa_ci[1]:.2f})" if each.kappa_ci else ""
    alpha = "" if each.alpha is None else f", alpha {each.alpha:.2f}"
    return f"  {each.category:12} kappa {each.kappa:.2f}{sure}{alpha}, over {each.sentences} sentences"
