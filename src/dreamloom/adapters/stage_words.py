"""Which stage does a scorer's word or number mean? AASM and Rechtschaffen & Kales, as files in the field write them."""

import re
from collections.abc import Mapping, Sequence

from dreamloom.vocabulary.errors import ConfigError, UsageError
from dreamloom.vocabulary.stages import Stage

WORDS: dict[str, Stage] = {
    **dict.fromkeys(("w", "wake", "awake", "s0", "stage0", "sw"), Stage.W),
    **dict.fromkeys(("n1", "s1", "1", "nrem1"), Stage.N1),
    **dict.fromkeys(("n2", "s2", "2", "nrem2"), Stage.N2),
    **dict.fromkeys(("n3", "n4", "s3", "s4", "3", "4", "nrem3", "nrem4", "sws"), Stage.N3),
    **dict.fromkeys(("r", "rem", "sr"), Stage.R),
    **dict.fromkeys(("?", "m", "mt", "movement", "u", "uns", "unscored", "unknown", "a", "nan"), Stage.UNSCORED),
}
"""After `sleep stage`, `stage`, `sleep` and dashes were taken away; S3 and S4 are N3 (AASM Manual)."""
PRERAU: dict[int, Stage] = {5: Stage.W, 4: Stage.R, 3: Stage.N1, 2: Stage.N2, 1: Stage.N3}
"""Numbers in tables of onset and stage: depth counted downwards (Prerau Lab)."""
DREAMS: dict[int, Stage] = {**PRERAU, 0: Stage.N3}
"""Under the head "[Hypnogram]": the DREAMS databases, 0 is S4."""
RISING: dict[int, Stage] = {0: Stage.W, 1: Stage.N1, 2: Stage.N2, 3: Stage.N3, 4: Stage.R}
"""One number an epoch, without a 5: as YASA writes them."""
RISING_TO_FIVE: dict[int, Stage] = {0: Stage.W, 1: Stage.N1, 2: Stage.N2, 3: Stage.N3, 4: Stage.N3, 5: Stage.R}
"""The same where a 5 occurs: Rechtschaffen & Kales with 4 for S4, or AASM with 5 for REM."""
_PREFIX = re.compile(r"^(sleep)?[\s_-]*(stage)?[\s_:-]*(sleep)?[\s_:-]*")


def in_words(text: str) -> Stage | None:
    """The stage that a word names; None when it names none. "Sleep stage W", "SLEEP-S2", "N3", "REM sleep|5"."""
    plain = text.strip().lower().partition("|")[0].strip()
    rest = _PREFIX.sub("", plain) or plain
    rest = re.sub(r"[\s_-]*sleep$", "", rest).replace(" ", "").replace("-", "")
    return WORDS.get(rest)


def is_standard_text(text: str) -> bool:
    """True for the texts that the EDF+ specification gives to stages, "Sleep stage W" and so on."""
    return text.strip().lower().startswith("sleep stage ") and in_words(text) is not None


def stages_of(words: Sequence[str], codes: Mapping[int, Stage], *, file: str) -> list[Stage]:
    """Each entry's stage: words as such, numbers by `codes`; a negative number is not scored.

    Raises:
        ConfigError: DL-E609 for an entry that names no stage.
    """
    numeric = all(_number(word) is not None for word in words)
    return [_coded(word, codes, file) if numeric else _worded(word, file) for word in words]


def numbers_in(words: Sequence[str]) -> set[int]:
    """The numbers among the entries."""
    return {number for number in map(_number, words) if number is not None}


def given_codes(text: str) -> dict[int, Stage]:
    """What a person says the numbers mean: "0=W,1=N1,2=N2,3=N3,4=R".

    Raises:
        UsageError: DL-E109 when it cannot be read.
    """
    codes: dict[int, Stage] = {}
    for pair in text.split(","):
        number, _, word = pair.partition("=")
        code, stage = _number(number), in_words(word)
        if code is None or stage is None:
            raise UsageError(
                "DL-E109",
                f"--codes cannot be read at {pair.strip()!r}.",
                why="It says for each number which stage it is.",
                do="Write for example --codes 0=W,1=N1,2=N2,3=N3,4=R",
            )
        codes[code] = stage
    return codes


def _coded(word: str, codes: Mapping[int, Stage], file: str) -> Stage:
    """Numbers below and above the known ones mark movement and what nobody scored; a gap between them is a mistake."""
    number = _number(word)
    if number is None or (min(codes) < number < max(codes) and number not in codes):
        raise _no_stage(word, file)
    return codes.get(number, Stage.UNSCORED)


def _worded(word: str, file: str) -> Stage:
    stage = in_words(word)
    if stage is None:
        raise _no_stage(word, file)
    return stage


def _no_stage(word: str, file: str) -> ConfigError:
    return ConfigError(
        "DL-E609",
        f"{word!r} in {file} is no stage of sleep.",
        why="Known are W, N1, N2, N3, R as words, and numbers in the usual orders.",
        do="Write W, N1, N2, N3, R or ?, or say what numbers mean with --codes 0=W,1=N1,2=N2,3=N3,4=R.",
    )


def _number(word: str) -> int | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None
