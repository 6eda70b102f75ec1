"""How does a drawing or photo come to a dream told in a terminal? Read first, added as soon as there are words."""

from pathlib import Path

from dreamloom.cli.output import say
from dreamloom.house import drawings, morning_steps
from dreamloom.house.morning_steps import Morning
from dreamloom.vocabulary.errors import ConfigError, UsageError


class Drawn:
    """A picture that waits for its words, or none; and whether the one that is there is to go."""

    def __init__(self, file: Path | None = None, *, is_to_go: bool = False) -> None:
        """With the file it lies in."""
        if file is not None and is_to_go:
            raise UsageError("DL-E835", "A picture is added or taken away, not both.", do="Give one of the two.")
        self._file, self._is_to_go = file, is_to_go
        self._jpeg = b""
        self._is_done = False

    def read(self) -> "Drawn":
        """Reads the file before anything is kept; raises UsageError for what is no picture, ConfigError for no file."""
        if self._file is not None:
            try:
                with self._file.open("rb") as file:
                    data = file.read(drawings.MOST_BYTES + 1)
            except OSError as error:
                why = f"{self._file} cannot be read: {error.strerror or error}."
                raise ConfigError("DL-E836", why, do="Give a JPEG, PNG or WebP.") from error
            self._jpeg = drawings.plain(data)
        return self

    @property
    def is_asked(self) -> bool:
        """Whether anything is to be added or taken away."""
        return bool(self._jpeg) or self._is_to_go

    def add(self, morning: Morning) -> None:
        """Settles it with a report that has words and is not locked; any other one waits."""
        state = morning.state
        if state.pieces and not state.is_locked:
            self.settle(morning)

    def refuse_without(self, recall: str) -> None:
        """Raises RefusedError DL-E832 where a picture is to go with a morning of which nothing is recalled."""
        if self._jpeg and recall != "content":
            raise drawings.no_dream()

    def settle(self, morning: Morning) -> None:
        """Adds it, or takes away what is there; raises RefusedError without words, and behind their lock."""
        if self._is_done or not self.is_asked:
            return
        if self._jpeg:
            morning_steps.draw(morning, self._jpeg)
        else:
            morning_steps.keep(morning, "more", {morning_steps.WITHOUT: ["1"]})
        say("The picture is kept with it, for nobody but you." if self._jpeg else "There is no picture with it.")
        self._is_done = True
