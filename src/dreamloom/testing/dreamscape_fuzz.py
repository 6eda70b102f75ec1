"""Does the reader ever fail in a way nobody named? Bends the built-in dreamscapes and counts what comes of it."""

from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Self

import numpy as np

from dreamloom.dreamscape.builtin import load, names
from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.explain import explain
from dreamloom.dreamscape.parameters import parameters
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import ConfigError

Chance = np.random.Generator
Bend = Callable[[str, Chance], str]

ODD_TEXTS = (
    *("&a", "*a", "!!python/object:os.system", "!", "<<: *a", "---", "...", "%YAML 9.9", "%TAG ! tag:x,2000:"),
    *("? [a]: b", "|", ">-", "'", '"', '"\\UFFFFFFFF"', '"\\uD800"', '"\\x00"', "\t", "\r", "\x00", "\x85", "\u2028"),
    *("\ufeff", "\u202e", "\U0001f634", "ﬀ", "e\u0301", "١٢ s", "null", "~", "on", "yes", "03:00", "2026-11-20"),
    *("0x1F", "0o17", "1_000", ".nan", "-.inf", "1e999", "9" * 400, "-" * 80 + "1", "1e-999", "-0.0"),
    *("[" * 25, "{a: " * 25, "{" * 300, "- " * 60, "#", " # ours", "because: ours", "# sourced: x"),
    *(": ", ":", ",", "]", "}", "a" * 5000, "%s", "{0}", "\\"),
)
"""Texts that have broken a reader somewhere: YAML's own tricks, numbers at the edge, characters that hide."""
ODD_NUMBERS = (
    "-1",
    "0",
    "1",
    "1.5",
    "1e308",
    "1e309",
    "99999999999999999999",
    "0.0000001",
    ".5",
    "5.",
    "+3",
    "--3",
    "NaN",
)
ODD_UNITS = ("", "s", " s", " ms", " min", " h", " hours", " dB", " dBA", " %", " µs", "%%", " s s")


def run(cases: int, seed: int) -> dict[str, object]:
    """Reads, checks and explains so many bent dreamscapes; case n depends on (seed, n) alone.

    Returns:
        cases, read (understood), refused (a ConfigError with a place), uncaught (anything else; must be 0), and
        first_uncaught: "case n: error", or "".
    """
    witness = _Witness()
    for case in range(cases):
        with witness.of(case):
            witness.count(_outcome(bent(case, seed)))
    return witness.summary(cases)


def bent(case: int, seed: int) -> str:
    """The text of one case: a built-in dreamscape after one to four bends."""
    chance = stream(seed, "dreamscape fuzz", case)
    texts = _texts()
    text = texts[case % len(texts)]
    for _ in range(int(chance.integers(1, 5))):
        text = BENDS[int(chance.integers(len(BENDS)))](text, chance)
    return text


@cache
def _texts() -> tuple[str, ...]:
    return tuple(load(name)[0] for name in names())


def _outcome(text: str) -> str:
    """Read or refused; raises what nobody named, and AssertionError for a refusal without a place or a remedy."""
    try:
        dreamscape = read(text, file="bent.yaml")
    except ConfigError as error:
        return _judged(error)
    for sentence in [
        *explain(dreamscape),
        *(finding.text for finding in check(dreamscape)),
        *map(str, parameters(dreamscape)),
    ]:
        sentence.encode("utf-8")
    sha256(text)
    return "read"


def _judged(error: ConfigError) -> str:
    assert error.where is not None, "a refusal without a place"
    assert error.do, "a refusal without a remedy"
    str(error).encode("utf-8")
    return "refused"


class _Witness:
    """Notes and swallows whatever leaves its block, so that one bad case does not hide the next."""

    def __init__(self) -> None:
        self.outcomes = {"read": 0, "refused": 0}
        self.uncaught: list[str] = []
        self.case = -1

    def of(self, case: int) -> Self:
        self.case = case
        return self

    def count(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    def summary(self, cases: int) -> dict[str, object]:
        first = self.uncaught[0] if self.uncaught else ""
        return {"cases": cases, **self.outcomes, "uncaught": len(self.uncaught), "first_uncaught": first}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.uncaught.append(f"case {self.case}: {error!r}")
        return True


# --- bends -------------------------------------------------------------------------------------------------------


def _place(text: str, chance: Chance) -> int:
    return int(chance.integers(len(text) + 1))


def _pick(options: tuple[str, ...], chance: Chance) -> str:
    return options[int(chance.integers(len(options)))]


def _word(text: str, chance: Chance) -> tuple[int, int]:
    """Start and end of a word of the text, or of nothing at a random place."""
    start = _place(text, chance)
    while start < len(text) and not text[start].isalnum():
        start += 1
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] in "_."):
        end += 1
    return start, end


def _insert(text: str, chance: Chance) -> str:
    start = _place(text, chance)
    return text[:start] + _pick(ODD_TEXTS, chance) + text[start:]


def _replace_word(text: str, chance: Chance) -> str:
    start, end = _word(text, chance)
    return text[:start] + _pick(ODD_TEXTS, chance) + text[end:]


def _number(text: str, chance: Chance) -> str:
    start, end = _word(text, chance)
    return text[:start] + _pick(ODD_NUMBERS, chance) + _pick(ODD_UNITS, chance) + text[end:]


def _swap_words(text: str, chance: Chance) -> str:
    (a, b), (c, d) = sorted((_word(text, chance), _word(text, chance)))
    return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _cut(text: str, chance: Chance) -> str:
    start = _place(text, chance)
    return text[:start] + text[start + int(chance.integers(1, 40)) :]


def _repeat_lines(text: str, chance: Chance) -> str:
    lines = text.splitlines(keepends=True)
    start = int(chance.integers(len(lines) + 1))
    chosen = lines[start : start + int(chance.integers(1, 6))]
    return "".join(lines[:start] + chosen * int(chance.integers(2, 4)) + lines[start + len(chosen) :])


def _move_lines(text: str, chance: Chance) -> str:
    lines = text.splitlines(keepends=True)
    return (
        "".join(lines[index] for index in chance.permutation(len(lines)))
        if chance.random() < 0.3
        else "".join(lines[int(chance.integers(len(lines) + 1)) :])
    )


def _indent(text: str, chance: Chance) -> str:
    lines = text.splitlines(keepends=True) or [""]
    index = int(chance.integers(len(lines)))
    lines[index] = " " * int(chance.integers(1, 9)) + lines[index].lstrip(" ")
    return "".join(lines)


def _nest(text: str, chance: Chance) -> str:
    start, end = _word(text, chance)
    depth = int(chance.integers(1, 40))
    opening, closing = (("[", "]"), ("{a: ", "}"))[int(chance.integers(2))]
    return text[:start] + opening * depth + text[start:end] + closing * depth + text[end:]


def _bytes(text: str, chance: Chance) -> str:
    """A few bytes changed, then decoded as a careless reader would."""
    raw = bytearray(text.encode("utf-8", errors="surrogatepass"))
    for _ in range(int(chance.integers(1, 6))):
        if raw:
            raw[int(chance.integers(len(raw)))] = int(chance.integers(256))
    return raw.decode("utf-8", errors=_pick(("replace", "surrogateescape", "ignore"), chance))


BENDS: tuple[Bend, ...] = (
    _insert,
    _replace_word,
    _number,
    _number,
    _swap_words,
    _cut,
    _repeat_lines,
    _move_lines,
    _indent,
    _nest,
    _bytes,
)
