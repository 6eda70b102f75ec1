"""Which stream does a night.toml mean? Reads the text after "lsl:" and says whether a stream is the one."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

from dreamloom.adapters.lsl.identity import Announced
from dreamloom.vocabulary.errors import ConfigError

Scope = Literal["machine", "link", "site"]
SCOPES: tuple[Scope, ...] = ("machine", "link", "site")
"""How far away a stream may be: on this machine, in this subnet, anywhere multicast reaches."""
UNITS_UV = {"uV": 1.0, "mV": 1e3, "V": 1e6, "nV": 1e-3}
"""What a person may write as unit=, in microvolts."""
QUERY = ("name", "type", "source_id", "hostname")
_EXAMPLES = 'source = "lsl:Muse-7F" or source = "lsl:name=Muse-7F,type=EEG,unit=uV"'


@dataclass(frozen=True, slots=True)
class LslAsked:
    """What "lsl:name=Muse-7F,type=EEG,unit=uV,scope=link" asks for.

    Attributes:
        text: as written after "lsl:".
        query: properties a stream must have, by name.
        unit_uv: microvolts in one of its units; None if it says so itself.
        scope: how far away it may be.
    """

    text: str
    query: tuple[tuple[str, str], ...]
    unit_uv: float | None = None
    scope: Scope = "machine"

    def means(self, stream: Announced) -> bool:
        """True when a stream has every property asked for."""
        return all(getattr(stream, key) == value for key, value in self.query)


def widest(scopes: Sequence[Scope]) -> Scope:
    """The one that holds all the others."""
    return max(scopes, key=SCOPES.index)


def read_asked(text: str) -> LslAsked:
    """The text after "lsl:": a name, or key=value parts separated by commas.

    Raises:
        ConfigError: DL-E251 for an unknown or unreadable part.
    """
    plain = text.strip()
    if not plain:
        _refuse(text, "No stream is named behind it.")
    if plain.partition("=")[0].strip() not in (*QUERY, "unit", "scope"):
        if "=" in plain.partition(",")[0]:
            _refuse_key(text, plain.partition("=")[0].strip())
        plain = f"name={plain}"
    asked = LslAsked(plain, ())
    for part in plain.split(","):
        asked = _with_part(asked, part)
    if not asked.query:
        _refuse(text, f"It needs one of {', '.join(QUERY)}.")
    return asked


def _with_part(asked: LslAsked, part: str) -> LslAsked:
    key, equals, value = (piece.strip() for piece in part.partition("="))
    if not equals or not value:
        _refuse(asked.text, f'"{part.strip()}" is no key=value.')
    if key == "unit":
        return replace(asked, unit_uv=UNITS_UV[_one_of(asked.text, key, value, tuple(UNITS_UV))])
    if key == "scope":
        scope = _one_of(asked.text, key, value, SCOPES)
        return replace(asked, scope=next(known for known in SCOPES if known == scope))
    if key not in QUERY:
        _refuse_key(asked.text, key)
    return replace(asked, query=(*asked.query, (key, value)))


def _one_of(text: str, key: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        _refuse(text, f"{key} can be {', '.join(known)}, and not {value!r}.")
    return value


def _refuse_key(text: str, key: str) -> NoReturn:
    known = (*QUERY, "unit", "scope")
    near = difflib.get_close_matches(key, known, 1)
    _refuse(
        text, f'There is no part "{key}"; there are {", ".join(known)}.', f'Did you mean "{near[0]}"? ' if near else ""
    )


def _refuse(text: str, why: str, hint: str = "") -> NoReturn:
    raise ConfigError("DL-E251", f'Cannot read the source "lsl:{text}".', why=why, do=f"{hint}Write {_EXAMPLES}.")
