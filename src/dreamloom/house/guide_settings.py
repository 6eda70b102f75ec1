"""Has this house a language model for its guide, and who is there to help? Reads house/guide.toml, where it lies."""

from typing import Annotated

from msgspec import Meta, Struct, field, structs

from dreamloom.adapters.language_model import Endpoint, LanguageModel, is_outside
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.guide.bounds import Bounds
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError

CODES = Codes(toml="DL-E715", key="DL-E715", value="DL-E715")
OUTSIDE = "outside model"
"""The purpose by which a sleeper allows what they say to leave this machine."""
Whole = Annotated[int, Meta(ge=0)]


class ModelAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [language_model].

    Attributes:
        url, model: of an OpenAI-compatible endpoint, up to and with /v1.
        hosts: those beyond this machine that are meant.
        key_file: in house/keys, what the endpoint wants to be shown; "" for nothing.
        holds_schema: the endpoint takes a JSON schema as response_format.
        cost_per_1000_tokens: in the house's own money.
        most: lower bounds than the usual ones.
    """

    url: str
    model: str
    hosts: tuple[str, ...] = ()
    key_file: Annotated[str, Meta(pattern=r"^[\w.-]{0,60}$")] = ""
    holds_schema: bool = False
    cost_per_1000_tokens: Annotated[float, Meta(ge=0.0)] = 0.0
    most: Bounds = field(default_factory=Bounds)


class GuideAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of house/guide.toml.

    Attributes:
        language: in which the guide speaks here.
        locale: where this house stands, for its help card.
        human: whom a person may talk to, as the house calls them.
    """

    language: str = "en"
    locale: str = ""
    human: str = ""
    language_model: ModelAsked | None = None


def asked_of(house: House) -> GuideAsked:
    """How this house wants it; raises ConfigError for a file that is wrong, and for bounds above the usual ones."""
    if not house.guide.is_file():
        return GuideAsked()
    toml = TomlFile(
        read_text(house.guide, what="how the guide of this house speaks"), file=str(house.guide), codes=CODES
    )
    found = toml.read(GuideAsked)
    if found.language_model:
        _refuse_looser(found.language_model.most)
    return found


def open_model(house: House, purposes: tuple[str, ...]) -> LanguageModel | None:
    """The model this person may be given; None without one, and for one elsewhere to which they did not agree.

    Raises:
        ConfigError: for settings that are wrong, DL-E714 for an address that nobody allowed.
    """
    asked = asked_of(house).language_model
    if asked is None or (is_outside(asked.url) and OUTSIDE not in purposes):
        return None
    key = (
        read_text(house.keys / asked.key_file, what="what the model's endpoint wants to be shown")
        if asked.key_file
        else ""
    )
    return LanguageModel(
        Endpoint(url=asked.url, model=asked.model, hosts=asked.hosts, key=key.strip(), holds_schema=asked.holds_schema)
    )


def _refuse_looser(most: Bounds) -> None:
    usual = Bounds()
    looser = [name for name in structs.asdict(most) if not 0 <= getattr(most, name) <= 10 * getattr(usual, name)]
    if looser:
        raise ConfigError(
            "DL-E716",
            f"A model may not be given so much: {', '.join(f'{name} = {getattr(most, name):g}' for name in looser)}.",
            why="A bound that is never met is none.",
            do="Write at most ten times the usual: "
            + ", ".join(f"{name} = {getattr(usual, name):g}" for name in looser)
            + " is usual.",
        )
