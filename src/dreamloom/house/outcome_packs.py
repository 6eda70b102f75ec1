"""Which instruments may be asked in this house? Those that come along, and its own, each read with its licence."""

from collections.abc import Iterable
from functools import cache
from importlib import resources

from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.outcomes.packs import NONE_GIVEN, Pack, amiss
from dreamloom.vocabulary.errors import ConfigError, UsageError

CODES = Codes(toml="DL-E640", key="DL-E641", value="DL-E641")


def packs_of(house: House) -> tuple[Pack, ...]:
    """The shipped packs, all our own and CC0, and those in house/packs/.

    Raises:
        ConfigError: when one of the house's own is wrong, or names no licence.
    """
    own = sorted(house.packs.glob("*.toml")) if house.packs.is_dir() else []
    return (*shipped_packs(), *(read_pack(read_text(path, what="an instrument pack"), file=str(path)) for path in own))


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """Those that come along, whatever a house brought."""
    folder = resources.files("dreamloom.outcomes.packs")
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(read_pack(each.read_text(encoding="utf-8"), file=each.name) for each in files)


def read_pack(text: str, *, file: str) -> Pack:
    """A pack from its TOML.

    Raises:
        ConfigError: DL-E642 without a licence; else naming file:line:column.
    """
    toml = TomlFile(text, file=file, codes=CODES)
    _refuse_unlicensed(toml)
    pack = toml.read(Pack)
    for place, what, do in amiss(pack):
        raise toml.wrong(place, what, do=do)
    return pack


def find_pack(packs: Iterable[Pack], name: str, *, language: str = "en") -> Pack:
    """The newest version of a pack, or just the one that is named whole, in this language where it is there.

    Raises:
        UsageError: naming those there are.
    """
    known = list(packs)
    found = [pack for pack in known if name in {pack.id, pack.reference}]
    if found:
        return max(found, key=lambda pack: (pack.version, pack.language == language, pack.language))
    raise UsageError(
        "DL-E643",
        f"There is no pack {name!r}.",
        why=f"There are: {', '.join(sorted({pack.id for pack in known}))}.",
        do="Name one of them, or put its file into house/packs/ first.",
    )


def _refuse_unlicensed(toml: TomlFile) -> None:
    licence = toml.table.get("licence", "")
    if not isinstance(licence, str) or licence.strip().casefold() in NONE_GIVEN:
        raise ConfigError(
            "DL-E642",
            "This pack names no licence.",
            why="Without one nobody knows whether its words may be asked here at all.",
            still="Nothing of it is used.",
            do='Ask its authors, then write what they said: licence = "CC0-1.0", or the words of their leave.',
            where=toml.place(("licence",)),
        )
