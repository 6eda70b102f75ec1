"""How are durations, lists, bounds and stages said to a person?"""

from collections.abc import Sequence

from dreamloom.vocabulary.stages import Stage

STAGE_WORDS = {
    Stage.W: "waking",
    Stage.N1: "N1 sleep",
    Stage.N2: "N2 sleep",
    Stage.N3: "N3 sleep",
    Stage.R: "REM sleep",
}


def duration(seconds: float) -> str:
    """0.1 → 100 ms, 20 → 20 s, 1800 → 30 min, 16200 → 4.5 h: the largest unit that stays short."""
    if 0 < seconds < 1:
        return f"{seconds * 1000:g} ms"
    for size_s, unit in ((3600, "h"), (60, "min")):
        if seconds >= size_s and round(seconds / size_s, 2) * size_s == seconds:
            return f"{seconds / size_s:g} {unit}"
    return f"{seconds:g} s"


def several(words: Sequence[str], last: str = "and") -> str:
    """A, B and C."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def quoted(names: Sequence[str], last: str = "and") -> str:
    """Several names, each in quotation marks."""
    return several([f'"{name}"' for name in names], last)


def stages(found: Sequence[Stage]) -> str:
    """REM sleep; N2 sleep or N3 sleep."""
    return several([STAGE_WORDS.get(stage, str(stage)) for stage in found], "or")


def times(count: int) -> str:
    """Once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def a_wave(kind: str) -> str:
    """A wave by its name: a spindle, an alpha wave."""
    return "an alpha wave" if kind == "alpha" else f"a {kind}"
