"""How does every page look in every theme, at a desk and in a hand? Pictures to be looked at, in a folder."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from dreamloom.house import pod_links
from dreamloom.house.dreamscape_files import DreamscapeFile
from dreamloom.testing.browsers import PATIENCE_MS, ROWS, browser, night_that_is_over, served, serving
from dreamloom.testing.nights import EAGER
from dreamloom.testing.pod_pages import on_pages
from dreamloom.web.author_app import make_author_app
from dreamloom.web.desk import Desk
from dreamloom.web.serving import Served
from dreamloom.web.themes import THEMES

SIZES = {"desk": {"width": 1280, "height": 800}, "hand": {"width": 390, "height": 844}}
OF_STAFF = {
    "night": "/nights/tide",
    "evening": "/nights/tide/evening",
    "talk": "/nights/tide/beds/p1/talk",
    "signed-in": "/sign-in",
    "refusal": "/nights/no-such-night",
}
OF_COUNCIL = {"counts": "/nights/tide/counts"}
OF_SLEEPER = {"pod": "/pod", "morning": "/morning", "outcomes": "/outcomes"}
OF_ANYBODY = {"sign-in": "/sign-in", "used-up": "/enter/used-up"}
OF_AUTHOR = {"author": "/"}


class Visit(NamedTuple):
    """A page as somebody sees it who may: its name, where it lies, and a browser's page that came in."""

    name: str
    address: str
    page: Any


def taken(folder: Path) -> Iterator[Path]:
    """Every page in each theme and size, named page-theme-size.png."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dreamloom-pictures-") as place, browser() as chromium:
        for visit in visits(chromium, Path(place)):
            for theme, (size, viewport) in product(THEMES, SIZES.items()):
                visit.page.set_viewport_size(viewport)
                visit.page.goto(f"{visit.address}?theme={theme}")
                settle(visit)
                path = folder / f"{visit.name}-{theme}-{size}.png"
                visit.page.screenshot(path=path, full_page=True)
                yield path


def visits(chromium: Any, place: Path) -> Iterator[Visit]:
    """Every page there is, one after the other, in a house of its own."""
    yield from _of_a_night(chromium, place / "house")
    yield from _of_an_author(chromium, place)


def _of_a_night(chromium: Any, place: Path) -> Iterator[Visit]:
    night = on_pages(night_that_is_over(place, hours=0.03))
    with served(night) as server:
        token, _ = pod_links.make(night, "p1")
        at = f"http://127.0.0.1:{server.port}"
        for come_in, pages in (
            (server.link("orchestrator", name="anna"), OF_STAFF),
            (server.link("council", name="carla"), OF_COUNCIL),
            (f"{at}/pod/join/{token}", OF_SLEEPER),
            (f"{at}/sign-in", OF_ANYBODY),
        ):
            yield from _all(chromium, come_in, {name: f"{at}{path}" for name, path in pages.items()})


def _of_an_author(chromium: Any, place: Path) -> Iterator[Visit]:
    (place / "tide.yaml").write_text(EAGER, encoding="utf-8")
    desk = Desk(DreamscapeFile(place / "tide.yaml"), start="", name="anna")
    with serving(Served(lambda door, hosts: make_author_app(desk, door, hosts=hosts), port=0)) as server:
        pages = {name: f"http://127.0.0.1:{server.port}{path}" for name, path in OF_AUTHOR.items()}
        yield from _all(chromium, server.link("architect", name="anna"), pages)


def _all(chromium: Any, come_in: str, pages: dict[str, str]) -> Iterator[Visit]:
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(come_in)
    for name, address in pages.items():
        yield Visit(name, address, page)
    context.close()


def settle(visit: Visit) -> None:
    """What scripts add is there from here on."""
    if visit.name == "night":
        visit.page.wait_for_selector(ROWS)
        visit.page.keyboard.press("f")
        visit.page.wait_for_selector("figcaption")
    visit.page.wait_for_timeout(300)


def main(words: Sequence[str]) -> None:
    """Takes them all into the folder that is named."""
    for path in taken(Path(words[0])):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
