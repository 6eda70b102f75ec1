"""Which colours does a night have? Tokens for dark and light; letter, level and pattern always say the same as they."""

from typing import NamedTuple


class Palette(NamedTuple):
    """One theme as hex colours. Text has at least 4.5:1 on ground and panel, marks at least 3:1 (WCAG 2.2 AA)."""

    ground: str
    panel: str
    rule: str
    ink: str
    dim: str
    link: str
    wake: str
    rem: str
    n1: str
    n2: str
    n3: str
    cue: str
    waiting: str
    protecting: str
    missing: str
    good: str
    bad: str
    stop: str


NIGHT = Palette(
    ground="#0d1016",
    panel="#141922",
    rule="#2a3240",
    ink="#d7dce4",
    dim="#98a3b3",
    link="#8fc4f5",
    wake="#d5d9df",
    rem="#ff8f6b",
    n1="#a6dcf5",
    n2="#4fa3ee",
    n3="#4a62d8",
    cue="#f4d58d",
    waiting="#98a3b3",
    protecting="#b9a2f2",
    missing="#f2a3c0",
    good="#8fd6a8",
    bad="#ff9d8a",
    stop="#2a0a06",
)
DAY = Palette(
    ground="#f6f5f1",
    panel="#ffffff",
    rule="#d9d6cd",
    ink="#1b2029",
    dim="#565f6d",
    link="#17558f",
    wake="#1b2029",
    rem="#c22f1a",
    n1="#1b2029",
    n2="#1b2029",
    n3="#1b2029",
    cue="#8a5a00",
    waiting="#565f6d",
    protecting="#5b3fb5",
    missing="#a8326b",
    good="#1c6b3a",
    bad="#b3261e",
    stop="#fbe9e6",
)
"""On white the field's own habit: black stairs, REM red."""

EMBER = Palette(
    ground="#000000",
    panel="#140605",
    rule="#a33a2a",
    ink="#e0664f",
    dim="#d0563f",
    link="#f0806a",
    wake="#e0664f",
    rem="#f0806a",
    n1="#d0563f",
    n2="#d0563f",
    n3="#d0563f",
    cue="#f0806a",
    waiting="#d0563f",
    protecting="#d0563f",
    missing="#d0563f",
    good="#e0664f",
    bad="#f0806a",
    stop="#2a0a06",
)
"""Beside a pillow: dim and red throughout, so that nothing there wakes anybody."""

TEXT = ("ink", "dim", "link", "cue", "good", "bad", "rem")
MARKS = ("wake", "rem", "n1", "n2", "n3", "cue", "waiting", "protecting", "missing")


def variables(palette: Palette) -> str:
    """The tokens as CSS custom properties."""
    return " ".join(f"--{name}: {value};" for name, value in palette._asdict().items())
