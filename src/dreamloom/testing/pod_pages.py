"""How does a test hold a bed's page in its hand? A real browser on a served night, its sound checked and armed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from dreamloom.governance.sheets import find, shipped
from dreamloom.house import intaking, pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.testing.consent_histories import RIGHT, WELL

PATIENCE_MS = 30_000
PLAYS_HERE = 'speaker = { device = "browser" }'
NO_SHEET = "none: a recording or a simulated sleeper"
PHONE = {"width": 390, "height": 844}
IN_LINE = (
    "() => { const page = document.querySelector('dl-pod');"
    " return page.line === 'night' && page.armed && page.clock.isKnown; }"
)


def on_pages(night: NightFolder) -> NightFolder:
    """The same night, every bed of which plays on a page."""
    text = night.night_toml.read_text(encoding="utf-8")
    night.night_toml.write_text(text.replace("\nsource", f"\n{PLAYS_HERE}\nsource"), encoding="utf-8")
    return night


def well(night: NightFolder, sleeper: str) -> None:
    """Whoever lies there answered what is asked before a first night, and the questions on its sheet."""
    text = night.consent_toml.read_text(encoding="utf-8")
    night.consent_toml.write_text(text.replace(NO_SHEET, "home 1 en"), encoding="utf-8")
    intaking.answer_intake(night.house, sleeper, WELL)
    intaking.pass_questions(night.house, sleeper, find(shipped(), "home", "en"), RIGHT)


@contextmanager
def page_of(browser: Any, night: NightFolder, pod: str, *, port: int, wrong: list[str]) -> Iterator[Any]:
    """A phone that came to this bed by a fresh link; its errors go to `wrong`."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    token, _ = pod_links.make(night, pod)
    page.goto(f"http://127.0.0.1:{port}/pod/join/{token}")
    try:
        yield page
    finally:
        context.close()


def arm(page: Any) -> None:
    """The evening: the notes are played and counted right, what is just heard is left out, and the consent read."""
    count_notes(page)
    page.locator("h1", has_text=re.compile("How softly|What you agreed")).wait_for()
    if page.get_by_role("button", name="Leave it out tonight").count():
        page.get_by_role("button", name="Leave it out tonight").click()
    lie_down(page)


def count_notes(page: Any) -> None:
    """They are played, and counted right."""
    page.get_by_role("button", name="Play the notes").click()
    page.get_by_text("How many did you hear?").wait_for()
    count = page.evaluate("document.querySelector('dl-pod').evening.asking")
    page.get_by_role("button", name=str(count), exact=True).click()


def lie_down(page: Any) -> None:
    """What was agreed to is read back, and the night begins."""
    page.get_by_role("button", name="Yes. Good night.").click()
    page.get_by_role("button", name="Tell a dream").wait_for()


@contextmanager
def armed(browser: Any, night: NightFolder, pods: Sequence[str], *, port: int, wrong: list[str]) -> Iterator[list[Any]]:
    """The pages of these beds, each ready to sleep beside."""
    with ExitStack() as stack:
        pages = [stack.enter_context(page_of(browser, night, pod, port=port, wrong=wrong)) for pod in pods]
        for page in pages:
            arm(page)
        yield pages


def until(page: Any, is_so: str) -> None:
    """Returns once this expression is true there; Playwright's own way of waiting needs what our content policy denies.

    Raises:
        TimeoutError: after PATIENCE_MS.
    """
    for _ in range(PATIENCE_MS // 20):
        if page.evaluate(is_so):
            return
        page.wait_for_timeout(20)
    raise TimeoutError(is_so)


def lay_sounds(folder: Path, sounds: Sequence[Any]) -> None:
    """Puts sounds down at a bed, by content."""
    folder.mkdir(parents=True, exist_ok=True)
    for sound in sounds:
        (folder / sound.sha256).write_bytes(sound.frames.tobytes())
