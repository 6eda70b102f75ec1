"""Which nights must a test of shared dreams judge rightly? Groups with and without a theme, and with known traps."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from msgspec.structs import replace

from dreamloom.testing import dream_words as words
from dreamloom.testing.dream_corpus import EVERYWHERE, Voice, dream, voice
from dreamloom.vocabulary.chance import stream
from dreamloom.weave.chance.registration import Registration
from dreamloom.weave.reports import BASELINE, Report

Trap = Literal["", "longest", "verbatim", "near-verbatim"]
TRAPS: tuple[Trap, ...] = ("", "longest", "verbatim", "near-verbatim")
FILLERS = ("well", "so", "exactly", "roughly", "might", "happening")
CHANGED = 4


def registered(theme: str, **more: object) -> Registration:
    """The choices for one theme of which the registration names half the words."""
    return Registration(themes={"": words.THEMES[theme][: words.REGISTERED]}, **more)  # type: ignore[arg-type]


def theme_of(seed: int) -> str:
    """One of the themes."""
    names = sorted(words.THEMES)
    return names[seed % len(names)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a synthetic night is like.

    Attributes:
        n: dreamers.
        share: of them with a planted theme, in each tested night: any of its six words, three to five times.
        mornings: baseline reports of each.
        trap: tonight's is the longest report of each, or holds an interviewer's sentence.
        nights: tested nights on the one baseline.
    """

    n: int
    share: float = 0.0
    theme: str = ""
    mornings: int = 8
    trap: Trap = ""
    nights: int = 1


def group(seed: int, plan: Plan) -> list[Report]:
    """A night of dreamers and their own mornings; a share of them dream of the theme."""
    chance = stream(seed, "group", plan.n)
    planted = {night: set(chance.permutation(plan.n)[: round(plan.share * plan.n)]) for night in range(plan.nights)}
    reports: list[Report] = []
    for place in range(plan.n):
        who = _voice(seed, f"d{place:02d}")
        texts = [_unplanted(seed, who.name, at) for at in range(plan.mornings + plan.nights)]
        if plan.trap == "longest":
            texts.sort(key=lambda text: len(text.split()))
        for night in range(plan.nights):
            if place in planted[night]:
                mentions = int(chance.integers(3, 6))
                words_of_it = words.THEMES[plan.theme]
                texts[plan.mornings + night] = dream(who, seed, f"cued{night}", themes=words_of_it, mentions=mentions)
        told = [*texts[: plan.mornings], *(_trapped(text, plan, chance) for text in texts[plan.mornings :])]
        reports += [_report(who.name, at, text, cued=at >= plan.mornings) for at, text in enumerate(told)]
    return reports


@lru_cache(maxsize=256)
def _voice(seed: int, name: str) -> Voice:
    return voice(seed, name)


@lru_cache(maxsize=2048)
def _unplanted(seed: int, name: str, night: int) -> str:
    """The same text in every design and size of group that judges this seed."""
    return dream(_voice(seed, name), seed, f"n{night:02d}")


def two_groups(seed: int, plan: Plan, themes: Sequence[str], *, by_room: int = 1) -> tuple[list[Report], Registration]:
    """Two such groups with a cue each, the same night; drawn by the dreamer or by rooms of so many."""
    reports: list[Report] = []
    for arm, theme in zip("ab", themes, strict=True):
        told = group(seed * 2 + (arm == "b"), dataclasses.replace(plan, theme=theme))
        reports += [
            replace(
                each,
                dreamer=f"{arm}{each.dreamer}",
                arm=BASELINE if each.arm == BASELINE else arm,
                room=f"{arm}{int(each.dreamer[1:]) // by_room}" if by_room > 1 else "",
            )
            for each in told
        ]
    listed = {arm: words.THEMES[theme][: words.REGISTERED] for arm, theme in zip("ab", themes, strict=True)}
    return reports, Registration(themes=listed, primary="T2")


def night_to_weave(seed: int, *, n: int, mornings: int = 5) -> tuple[list[Report], list[Report]]:
    """The reports of a night whose dreamers allow everything, and their own mornings; three in four had a theme."""
    told = [
        replace(each, scopes=EVERYWHERE, consent=f"leaf-{each.dreamer}")
        for each in group(seed, Plan(n=n, share=0.75, theme=theme_of(seed), mornings=mornings))
    ]
    return [each for each in told if each.arm != BASELINE], [each for each in told if each.arm == BASELINE]


def _trapped(text: str, plan: Plan, chance: np.random.Generator) -> str:
    if plan.trap not in ("verbatim", "near-verbatim"):
        return text
    told = words.BOILERPLATE.format(words.THEMES[plan.theme][0] if plan.theme else "mind").split()
    if plan.trap == "near-verbatim":
        for place in chance.choice(len(told), CHANGED, replace=False):
            told[place] = str(chance.choice(FILLERS)) if chance.random() < 0.6 else ""
    own = text.split()
    at = int(chance.integers(0, len(own) + 1))
    return " ".join([*own[:at], *(word for word in told if word), *own[at:]])


def _report(dreamer: str, at: int, text: str, *, cued: bool) -> Report:
    return Report(
        dreamer=dreamer,
        night=f"n{at:02d}",
        arm="cue" if cued else BASELINE,
        text=text,
        protocol="free-1",
        awakening="morning",
        language="en",
        order=at,
    )
