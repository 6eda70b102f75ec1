"""What is said of what was logged beside the mornings? Rehearsals, and scores of instruments; counted, never judged."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from statistics import median

from dreamloom.gallery.markup import EMPTY, Markup, join, tag
from dreamloom.gallery.tables import table
from dreamloom.outcomes.packs import Scored
from dreamloom.vocabulary.texts import Number, Say, in_english

NO_DIAGNOSIS = "What a source calls a score diagnoses nothing."


def of_logs(
    rehearsed: Sequence[tuple[date, Mapping[str, int]]],
    protocol: str,
    scored: Sequence[Scored],
    *,
    say: Say = in_english,
) -> list[str]:
    """All that is said of what a course logged."""
    return [*of_rehearsed(rehearsed, protocol, say=say), *of_scored(scored, say=say)]


def of_rehearsed(
    logged: Sequence[tuple[date, Mapping[str, int]]], protocol: str, *, say: Say = in_english
) -> list[str]:
    """On how many days something was rehearsed, for how long and how uneasily; nothing where nothing was."""
    if not logged:
        return []
    if len(logged) == 1:
        found = say("Rehearsed on 1 day under {protocol}", protocol=protocol)
    else:
        found = say("Rehearsed on {count} days under {protocol}", count=len(logged), protocol=protocol)
    minutes, unease = ([answers[name] for _, answers in logged if name in answers] for name in ("minutes", "unease"))
    if minutes:
        found += ", " + say("{number} minutes in the middle", number=Number(median(minutes)))
    if unease:
        found += ", " + say("uneasy {number} of 10", number=Number(median(unease)))
    return [f"{found}."]


def of_scored(scored: Sequence[Scored], *, say: Say = in_english) -> list[str]:
    """Each score, the first and the last time that it was told."""
    lines = []
    for (title, name), each in groupby(scored, key=lambda one: (one.title, one.name)):
        told = list(each)
        first, last = (_value(one, say) for one in (told[0], told[-1]))
        if len(told) == 1:
            lines.append(say("{title}, {name}: {first}.", title=title, name=name, first=first))
            continue
        lines.append(
            say(
                "{title}, {name}: {first}, and {last}; told {count} times. No change is said of so few.",
                title=title,
                name=name,
                first=first,
                last=last,
                count=len(told),
            )
        )
    return [*lines, say(NO_DIAGNOSIS)] if any(each.band for each in scored) else lines


def scores_shown(scored: Sequence[Scored], *, say: Say = in_english) -> Markup:
    """Every score as a table, by instrument; nothing where there is none."""
    found = []
    for title, each in groupby(scored, key=lambda one: one.title):
        told = list(each)
        rows = [[f"{one.on}", one.name, say(Number(one.value)), one.band or "–", one.pack] for one in told]
        heads = [say("Day"), say("Score"), say("Value"), say("What its source calls it"), say("Instrument")]
        found.append(tag("section", table(title, heads, rows, numeric=[2])))
    return join(*found, tag("p", say(NO_DIAGNOSIS), class_="dim")) if found else EMPTY


def _value(one: Scored, say: Say) -> str:
    value = say(Number(one.value))
    if not one.band:
        return say("{value} on {day}", value=value, day=one.on)
    return say("{value} on {day} ({band})", value=value, day=one.on, band=one.band)
