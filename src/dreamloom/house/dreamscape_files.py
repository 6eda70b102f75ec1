"""What lies in a dreamscape's file, and how is it replaced? Whole or not at all, and never over a text nobody saw."""

import os
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path
from re import findall
from stat import S_IMODE
from typing import NamedTuple

from dreamloom.adapters.folders import sync_folder
from dreamloom.dreamscape.nodes import MAX_BYTES
from dreamloom.dreamscape.reader import sha256
from dreamloom.house.layout import NightFolder
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

SUFFIXES = (".yaml", ".yml")
LINES = r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+"
"""A line with its end, as a browser sees them."""
MOST_PAIRS = 10_000_000
"""Of lines, so that comparing two texts takes no longer than a person waits: three thousand lines each. Ours."""


class Kept(NamedTuple):
    """What lies on the disk: its text and SHA-256; neither where there is no file."""

    text: str | None
    sha256: str


class OtherText(RefusedError):
    """The file holds something else than whoever saves has seen; `theirs` is what."""

    def __init__(self, path: Path, theirs: Kept) -> None:
        what = "was changed" if theirs.text is not None else "was removed"
        super().__init__(
            "DL-E593",
            f"{path.name} {what} by somebody else since you opened it.",
            why="Another program, or another page, wrote it.",
            still="Nothing was written; your text is still in the editor.",
            do="Look at both, then load theirs or keep yours.",
        )
        self.theirs = theirs


class DreamscapeFile:
    """One file that a person writes; nothing beside it is touched but its own copy from before the last save."""

    def __init__(self, path: Path) -> None:
        """A file that is there, or that could be.

        Raises:
            UsageError: DL-E136 for anything that cannot be a dreamscape's file.
        """
        self.path = path.expanduser().resolve()  # what a link points to is what is replaced, never the link
        refuse_no_file(self.path)

    @property
    def before(self) -> Path:
        """What lay there before the last save."""
        return self.path.with_name(self.path.name + ".before")

    @property
    def of_sleepers(self) -> bool:
        """True where it lies in a night for which consent is written down beside it."""
        return NightFolder(self.path.parent).consent_toml.is_file()

    def kept(self) -> Kept:
        """What lies there now.

        Raises:
            ConfigError: when it cannot be read or is no text.
        """
        return _kept(self.path)

    def may_undo(self) -> bool:
        """True while the text from before the last save is there."""
        return self.before.is_file()

    def save(self, text: str, *, seen_sha256: str) -> Kept:
        """Replaces the file by this text, its lines ending as they did; what lay there is kept beside it.

        Args:
            text: as it stands in an editor, whatever its lines end with.
            seen_sha256: of the file's text when it was seen last; "" where there was none.

        Raises:
            OtherText: when the file holds something else by now.
            RefusedError: DL-E582 when a night was recorded by it.
            ConfigError: DL-E594 for more than a dreamscape may have; DL-E137 when the disk refuses.
        """
        refuse_recorded(self.path)
        lies = self.kept()
        if lies.sha256 != seen_sha256:
            raise OtherText(self.path, lies)
        whole = ended_like(text, lies.text)
        _refuse_too_large(whole)
        if whole == lies.text:
            return lies
        try:
            if lies.text is not None:
                _replace(self.before, lies.text, like=self.path)
            _replace(self.path, whole, like=self.path)
        except OSError as error:
            raise _refused_by_disk(self.path, error) from error
        return Kept(whole, sha256(whole))

    def undo(self, *, seen_sha256: str) -> Kept:
        """Puts back what lay there before the last save; done twice, it is as it was.

        Raises:
            OtherText: when the file holds something else by now.
            UsageError: DL-E138 where nothing is kept.
        """
        refuse_recorded(self.path)
        if not self.may_undo():
            raise UsageError("DL-E138", "There is nothing to put back.", why="This file was not saved from here yet.")
        lies, earlier = self.kept(), _kept(self.before)
        if lies.sha256 != seen_sha256:
            raise OtherText(self.path, lies)
        assert earlier.text is not None
        try:
            _replace(self.path, earlier.text, like=self.path)
            if lies.text is not None:
                _replace(self.before, lies.text, like=self.path)
        except OSError as error:
            raise _refused_by_disk(self.path, error) from error
        return earlier


def refuse_no_file(path: Path) -> None:
    """Returns for a file, or the name of one, in a folder that is there."""
    why = ""
    if path.suffix not in SUFFIXES:
        why = f"The name of a dreamscape's file ends in {' or '.join(SUFFIXES)}."
    elif path.is_dir() or (path.exists() and not path.is_file()):
        why = "It is no file."
    elif not path.parent.is_dir():
        why = f"The folder {path.parent} is not there."
    if why:
        raise UsageError(
            "DL-E136",
            f"No dreamscape can be written to {str(path)!r}.",
            why=why,
            still="Nothing was written.",
            do="Name a file such as tide.yaml in a folder that is there.",
        )


def refuse_recorded(path: Path) -> None:
    """Returns unless a night was recorded by this text: its record names it, and replays and reports read it again."""
    if NightFolder(path.parent).record.exists():
        raise RefusedError(
            "DL-E582",
            f"{path.name} is what a recorded night was held by.",
            why=f"The record of {path.parent.name} names this text, and is compared with it whenever it is replayed.",
            still="Nothing was written.",
            do=f"Write a copy: dreamloom write NEW.yaml --from {path}",
        )


def ended_like(text: str, other: str | None) -> str:
    """The text with every line that it shares with the other ending as there, and new ones as most of them do."""
    mine, theirs = findall(LINES, text), findall(LINES, other or "")
    ends = [end for line in theirs if (end := _end(line))]
    usual = max(sorted(set(ends)), key=ends.count) if ends else "\n"
    if len(set(ends)) < 2 or len(mine) * len(theirs) > MOST_PAIRS:
        return "".join(_bare(line) + (usual if _end(line) else "") for line in mine)
    ending = [usual] * len(mine)
    matcher = SequenceMatcher(None, [*map(_bare, theirs)], [*map(_bare, mine)], autojunk=False)
    for there, here, length in matcher.get_matching_blocks():
        for index in range(length):
            ending[here + index] = _end(theirs[there + index]) or usual
    return "".join(_bare(line) + (end if _end(line) else "") for line, end in zip(mine, ending, strict=True))


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


def _end(line: str) -> str:
    return line[len(_bare(line)) :]


def _kept(path: Path) -> Kept:
    if not path.exists():
        return Kept(None, "")
    text = read_text(path, what="a dreamscape")
    return Kept(text, sha256(text))


def _replace(path: Path, text: str, *, like: Path) -> None:
    """The whole text under this name, readable by whom `like` was, or what was there before."""
    mode = S_IMODE(like.stat().st_mode) if like.exists() else None
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_folder(path.parent)


def _refuse_too_large(text: str) -> None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise ConfigError(
            "DL-E139",
            "The text cannot be written as UTF-8.",
            why=f"Character {error.start + 1} is half of one.",
            still="Nothing was written.",
            do="Retype it.",
        ) from None
    if size > MAX_BYTES:
        raise ConfigError(
            "DL-E594",
            f"The text has {size} bytes; a dreamscape has at most {MAX_BYTES}.",
            still="Nothing was written.",
            do="Split it into several dreamscapes.",
        )


def _refused_by_disk(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        "DL-E137",
        f"{path.name} cannot be written: {error.strerror or error}.",
        why="The disk is full, or the file or its folder may not be written by you.",
        still="What lay there lies there still; your text is in the editor.",
        do="Make room, or save under another name: dreamloom write OTHER.yaml",
    )
