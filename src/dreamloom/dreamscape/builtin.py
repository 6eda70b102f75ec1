"""Which dreamscapes come with the product? Published protocols as files, every parameter sourced or called ours."""

from importlib import resources

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.reader import read
from dreamloom.dreamscape.scalars import nearest, shown
from dreamloom.vocabulary.errors import ConfigError

_FOLDER = resources.files("dreamloom.dreamscape") / "builtin"


def names() -> tuple[str, ...]:
    """The built-in dreamscapes' names, in alphabetical order."""
    return tuple(
        sorted(entry.name.removesuffix(".yaml") for entry in _FOLDER.iterdir() if entry.name.endswith(".yaml"))
    )


def load(name: str) -> tuple[str, Dreamscape]:
    """The exact text and what it says.

    Raises:
        ConfigError: no built-in dreamscape has this name.
    """
    if name not in names():
        raise ConfigError(
            "DL-E379",
            f"No built-in dreamscape is called {shown(name)}.",
            why="Only the names listed come with the product.",
            do=nearest(name, names()),
        )
    text = (_FOLDER / f"{name}.yaml").read_bytes().decode("utf-8")
    return text, read(text, file=f"{name}.yaml")
