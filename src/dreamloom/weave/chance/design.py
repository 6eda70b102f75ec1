"""Which reports stand against which? Tonight's against each dreamer's own mornings, or a plain refusal."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.weave.chance.registration import Registration, TestId
from dreamloom.weave.languages import LANGUAGES, told_in
from dreamloom.weave.reports import BASELINE, Report, allowed, in_time
from dreamloom.weave.words import said_in

OWN_MORNINGS = frozenset({BASELINE, "", "base", "before"})
ALIKE = 0.6
"""Two reports that share so much of their word triples are one report told twice. Ours."""


class Refused(Struct, frozen=True, kw_only=True):
    """A test that was not run, and why: data for a program, a sentence for a person."""

    id: TestId
    why: str
    do: str = ""


class Dreamer(Struct, frozen=True, kw_only=True):
    """One dreamer's side of the comparison; a night of several awakenings is one report."""

    name: str
    arm: str
    room: str
    tested: tuple[str, ...]
    nights: tuple[int, ...]
    before: tuple[str, ...]
    heard: bool


class Design(Struct, frozen=True, kw_only=True):
    """What is compared.

    Attributes:
        nights: the tested ones.
        dreamers: all who told something of them and allow it to be counted.
        language: of all reports; "" where they are mixed.
        tonight_differs, differs: in what the tested reports differ from each other, and from the baseline.
        left_out: sentences on what was left out.
    """

    nights: tuple[str, ...]
    dreamers: tuple[Dreamer, ...]
    language: str
    tonight_differs: str
    differs: str
    left_out: tuple[str, ...]

    def with_baseline(self, least: int) -> list[Dreamer]:
        """Those with so many own mornings."""
        return [each for each in self.dreamers if len(each.before) >= least]


def design_of(reports: Iterable[Report], registration: Registration, *, say: Say = in_english) -> Design:
    """From every report of a house or a file; tested is what the registration names, else the last night with a cue."""
    known = list(reports)
    usable = [each for each in allowed(known, "statistics") if not each.is_late]
    tested_nights = registration.nights or _last(usable)
    before = _before(usable, tested_nights)
    tonight = [each for each in usable if each.night in tested_nights]
    twice = _told_twice(tonight)
    dreamers = [
        _dreamer(name, tonight, before, tested_nights)
        for name in sorted({each.dreamer for each in tonight})
        if name not in twice
    ]
    told = [each for each in tonight if each.dreamer not in twice]
    return Design(
        nights=tuple(tested_nights),
        dreamers=tuple(dreamers),
        language=_language([*told, *before]),
        tonight_differs=_differ(told, say),
        differs=_differ([*told, *(each for each in before if each.dreamer in {one.name for one in dreamers})], say),
        left_out=_left_out(known, twice, say),
    )


def night_order(night: str) -> list[tuple[int, int, str]]:
    """Names of nights as people count them: n2 before n10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", night)]


def _last(reports: Sequence[Report]) -> tuple[str, ...]:
    cued = [each for each in reports if each.arm.lower() not in OWN_MORNINGS] or list(reports)
    if not cued:
        return ()
    return (max(cued, key=lambda each: (each.order, night_order(each.night))).night,)


def _before(reports: Sequence[Report], tested: Sequence[str]) -> list[Report]:
    """Own mornings: those that are called so, else every night before the first tested one."""
    others = [each for each in reports if each.night not in tested and each.text.strip()]
    named = [each for each in others if each.arm.lower() in OWN_MORNINGS]
    if named and any(each.arm.lower() not in OWN_MORNINGS for each in reports):
        return named
    tonight = [(each.order, night_order(each.night)) for each in reports if each.night in tested]
    return [each for each in others if (each.order, night_order(each.night)) < min(tonight)] if tonight else []


def _dreamer(name: str, tonight: Sequence[Report], before: Sequence[Report], nights: Sequence[str]) -> Dreamer:
    own = in_time(each for each in tonight if each.dreamer == name)
    told = {night: [each.text for each in own if each.night == night] for night in nights}
    named = len({each.night for each in before}) > 1  # where all mornings are of one name, each is a morning
    mornings: dict[str, list[str]] = {}
    for place, each in enumerate(in_time(each for each in before if each.dreamer == name)):
        mornings.setdefault(each.night if named else str(place), []).append(each.text)
    return Dreamer(
        name=name,
        arm=own[-1].arm,
        room=own[-1].room,
        tested=tuple("\n".join(texts) for texts in told.values() if texts),
        nights=tuple(at for at, texts in enumerate(told.values()) if texts),
        before=tuple("\n".join(texts) for texts in mornings.values()),
        heard=any(each.heard for each in own),
    )


DIFFERS = {"protocol": "protocol is {these}", "awakening": "awakening is {these}"}
"""In what reports must not differ, and how it is told."""


def _differ(reports: Sequence[Report], say: Say) -> str:
    """In what reports differ that must not: how they were asked for, out of what people woke."""
    for what, told in DIFFERS.items():
        found = sorted({getattr(each, what) for each in reports if each.text.strip()})
        if len(found) > 1:
            return say(told, these=f" {say('and')} ".join(f"{each!r}" for each in found))
    return ""


def _language(reports: Sequence[Report]) -> str:
    """The one language of all reports, as they say or plainly are; "" where there are several."""
    found = {each.language.lower()[:2] or told_in(said_in(each.text)) for each in reports if each.text.strip()} - {""}
    if len(found) > 1:
        return ""
    language = next(iter(found), "en")
    return language if language in LANGUAGES else "en"


def _told_twice(tonight: Sequence[Report]) -> set[str]:
    """Dreamers whose tested report is nearly word for word one that another dreamer told: the first one counts."""
    triples: dict[str, set[tuple[str, ...]]] = {}
    for each in in_time(tonight):
        words = said_in(each.text)
        triples.setdefault(each.dreamer, set()).update(zip(words, words[1:], words[2:], strict=False))
    names, found = list(triples), set[str]()
    for place, name in enumerate(names):
        for other in names[:place]:
            own, known = triples[name], triples[other]
            if min(len(own), len(known)) >= 5 and len(own & known) >= ALIKE * min(len(own), len(known)):
                found.add(name)
    return found


def _left_out(reports: Sequence[Report], twice: set[str], say: Say) -> tuple[str, ...]:
    private = sum("statistics" not in each.scopes for each in reports)
    late = sum(each.is_late for each in reports if "statistics" in each.scopes)
    found = []
    if private:
        found.append(say("{count} reports are private and were not read.", count=private))
    if late:
        found.append(
            say("{count} reports were locked after the theme was told and are kept out of every test.", count=late)
        )
    if twice:
        found.append(
            say(
                "{count} reports of the night repeat another dreamer's nearly word for word; the first counts.",
                count=len(twice),
            )
        )
    return tuple(found)
