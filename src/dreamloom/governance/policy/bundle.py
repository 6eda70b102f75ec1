"""What are the rules of a house, as one file? Policies, schema, examples and a version that only grows, by hash."""

import hashlib
import re
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from dreamloom.vocabulary.errors import ConfigError

FORMAT: Literal["dreamloom policy bundle 1"] = "dreamloom policy bundle 1"
MOST_BYTES = 1_000_000
"""Larger than any house rules; a file beyond it is not read. Ours."""
_FIELD = re.compile(r"^    ([a-z_]+): ", re.MULTILINE)

Said = Literal["allow", "deny"]
Value = bool | int | str | tuple[str, ...]


class Example(Struct, frozen=True, forbid_unknown_fields=True):
    """One cue with the answer a policy owes to it.

    Attributes:
        policy: whose example it is.
        says: allow or deny.
        by: ids of all the policies that decide it so; none where nothing allows it.
        when: what is different from the bundle's lawful cue.
    """

    policy: str
    says: Said
    by: tuple[str, ...]
    when: dict[str, Value]


class Bundle(Struct, frozen=True, forbid_unknown_fields=True):
    """The rules a night is held under.

    Attributes:
        version: never lower than any this house has seen.
        allowed_tags: of the dreamscapes that may sound here; every other tag silences.
        policies: Cedar, each with @id and @reason.
        schema: Cedar, as the product asks.
        lawful: a cue that nothing forbids; examples say what is different.
    """

    format: Literal["dreamloom policy bundle 1"]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    version: Annotated[int, Meta(ge=1, le=1_000_000)]
    allowed_tags: tuple[str, ...]
    policies: str
    schema: str
    lawful: dict[str, Value]
    examples: tuple[Example, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """What its policies look at: the fields of its own schema."""
        return tuple(_FIELD.findall(self.schema))


class Policy(NamedTuple):
    """One policy of a bundle, read.

    Attributes:
        id: by which it is named in every refusal. reason: why it is, in plain words.
        effect: permit or forbid.
        body: all of it but its annotations, in a form in which equal ones are equal.
    """

    id: str
    reason: str
    effect: str
    body: str


def canonical(bundle: Bundle) -> bytes:
    """The one file this bundle is: its bytes are the same wherever it is written."""
    return msgspec.json.format(msgspec.json.encode(bundle, order="sorted"), indent=1) + b"\n"


def sha256(bundle: Bundle) -> str:
    """By which leases, commands and records name it."""
    return hashlib.sha256(canonical(bundle)).hexdigest()


def read_bundle(data: bytes, *, file: str) -> Bundle:
    """A bundle from the bytes of its file, however it is laid out.

    Raises:
        ConfigError: naming the file and what is wrong in it.
    """
    if len(data) > MOST_BYTES:
        raise _no_bundle(file, f"It has {len(data):,} bytes, and no bundle more than {MOST_BYTES:,}.")
    try:
        return msgspec.json.decode(data, type=Bundle)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_bundle(file, f"{error}.") from None


def _no_bundle(file: str, why: str) -> ConfigError:
    return ConfigError(
        "DL-E337",
        f"{file} is no bundle of house rules.",
        why=why,
        still="The rules that were in force still are.",
        do="Begin with a copy of the shipped one: dreamloom policy show --save my-rules.json",
    )


def context_of(example: Example, bundle: Bundle) -> dict[str, object]:
    """The question an example asks, in full."""
    said: dict[str, object] = {**bundle.lawful, **example.when}
    tags = said.get("tags", ())
    named = tags if isinstance(tags, tuple | list) else ()
    return {"tags_allowed": set(named) <= set(bundle.allowed_tags), **said}


def as_data(bundle: Bundle) -> dict[str, Any]:
    """For --json and the web."""
    data: dict[str, Any] = msgspec.to_builtins(bundle)
    return data
