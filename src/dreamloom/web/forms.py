"""What does a form say? Its fields in their order, each a name and a word; whatever else is sent is refused."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from litestar.exceptions import ClientException

from dreamloom.web.front_door import Asker

MOST_FIELDS = 64
MOST_DIGITS = 9
"""No number that a form of ours asks for is longer; Python reads none of more than 4300 digits at all."""
Form = Mapping[str, Sequence[str]]


async def pairs_of(request: Asker) -> list[tuple[str, str]]:
    """Every field as it was sent; raises ClientException for what is no form."""
    return _pairs(await request.body())


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise ClientException("This is no form of ours.") from error


async def form_of(request: Asker) -> Form:
    """The fields of a form, each with all that was chosen; raises ClientException for what is none."""
    return parsed(await request.body())


def parsed(body: bytes) -> Form:
    """The same, of a body that was read."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in _pairs(body):
        found[name].append(value)
    return found


def first(form: Form, name: str) -> str:
    """What this field says first; "" where it says nothing."""
    return next(iter(form.get(name, ())), "")


def whole(text: str) -> int | None:
    """A whole number of so few digits that it can be meant; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
