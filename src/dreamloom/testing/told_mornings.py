"""How does a test come to a morning that was told? Beds that slept for a minute, and reports of invented dreams."""

from collections.abc import Sequence

from dreamloom.house import mornings
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.record.morning_events import SharedFor
from dreamloom.testing.dream_corpus import dream, voice

THEME = ("lantern", "harbour", "gull")
"""What is planted; no lexicon of the product has these words."""


def whole_morning(
    night: NightFolder,
    sleeper: str,
    *,
    text: str,
    scopes: Sequence[SharedFor] = ("statistics", "weave"),
    behind_night: bool = True,
    heard: str = "no",
) -> str:
    """Tells, locks, answers and shares; returns the report's name."""
    house, report = night.house, mornings.new_name()
    dreamer = Dreamer(sleeper=sleeper, night=night.name if behind_night else "")
    mornings.tell(house, dreamer, report, Piece(number=0, recall="content" if text else "none", text=text))
    mornings.lock(house, report)
    for step, answers in (("probes", {}), ("guess", {"heard": heard}), ("outcome", {})):
        mornings.answer(house, report, step, answers)  # type: ignore[arg-type]  # one of the three
    mornings.share(house, report, scopes)
    return report


def invented(sleeper: str, night: str, *, seed: int = 1, themes: Sequence[str] = (), mentions: int = 0) -> str:
    """A dream that nobody dreamt, in this sleeper's own voice."""
    return dream(voice(seed, sleeper), seed, night, themes=themes, mentions=mentions)
