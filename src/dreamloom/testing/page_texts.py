"""What does a page say? Every text that somebody reads or hears of it; and which of them two languages have alike."""

import re
from collections.abc import Collection
from html.parser import HTMLParser

HEARD = ("aria-label", "title", "placeholder", "alt")
UNSEEN = ("script", "style", "code")
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{3,}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.texts |= {value.strip() for name, value in attrs if name in HEARD and value}

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.add(" ".join(data.split()))


def texts_of(page: str) -> set[str]:
    """What stands on a page, is named for whoever hears it, or waits in a field."""
    reader = _Reader()
    reader.feed(page)
    return {text for text in reader.texts if WORD.search(text)}


def alike(one: str, other: str, *, names: Collection[str] = ()) -> set[str]:
    """What two pages say in the same words, but for what is a name there or was written by somebody."""
    found = texts_of(one) & texts_of(other)
    return {text for text in found if not any(text in name for name in names)}
