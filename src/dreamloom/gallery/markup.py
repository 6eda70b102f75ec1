"""How is a page or picture written as text? Elements whose children and attributes are escaped."""

from html import escape


class Markup(str):
    """Text that is HTML or SVG already; any other text is escaped where it enters."""

    __slots__ = ()


EMPTY = Markup("")
VOID = frozenset({"meta", "br", "hr", "col"})


def tag(name: str, /, *children: str, **attributes: str | float | None) -> Markup:
    """One element.

    Args:
        name: as written: "svg", "td".
        children: Markup stays as it is, other text is escaped.
        attributes: class_ stands for class, aria_label for aria-label; None leaves one out; numbers get two places.
    """
    written = "".join(f' {_key(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    if name in VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*parts: str) -> Markup:
    """Parts in a row: Markup as it is, other text escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def number(value: float) -> str:
    """A length or coordinate with at most two places: 3, 3.25, never -0 or an exponent."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _key(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)
