"""Can a drawing or photo go with a dream: without a script, with one, and with nothing of it told that is not seen?"""

import io
import random
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from PIL import Image

from dreamloom.adapters import pictures
from dreamloom.house import drawings, mornings, pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.told_reports import reports
from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, amiss, browser, night_that_is_over, served
from dreamloom.testing.pictures import NO_PICTURES, WHERE, bomb, drawn, photo
from dreamloom.web.app import make_app
from dreamloom.web.serving import Server
from dreamloom.web.sign_in import SignIn
from dreamloom.web.themes import THEMES

HOST = "night.test:8770"
DREAM, MORE = "A staircase of water.", "And snow, that fell upwards & sang."
MORE_THAN_THREADS = 34
"""As many as no event loop has threads of its own."""
SHOTS = Path("build/screenshots")
KEPT = """async () => {
  const { remembered } = await import("/static/pod_store.js");
  const { draft, step } = document.querySelector("main").dataset;
  return Boolean(await remembered(`dreamloom-draft-${draft}-${step}-drawing`));
}"""
OWN = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")


@pytest.fixture(scope="module")
def slept(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return night_that_is_over(tmp_path_factory.mktemp("slept") / "house", hours=0.02)


@pytest.fixture
def night(slept: NightFolder, tmp_path: Path) -> NightFolder:
    shutil.copytree(slept.house.root, tmp_path / "house")
    return NightFolder(tmp_path / "house" / "nights" / slept.name)


@pytest.fixture
def server(night: NightFolder) -> Iterator[Server]:
    with served(night) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as found:
        yield found


def told(night: NightFolder, who: str = "S01") -> str:
    report = mornings.new_name()
    mornings.tell(
        night.house, Dreamer(sleeper=who, night=night.name), report, Piece(number=0, recall="content", text=DREAM)
    )
    return report


def asker(night: NightFolder, pod: str | None = "p1") -> TestClient[Litestar]:
    client = TestClient(make_app(night, SignIn(lambda: 0.0), hosts=["127.0.0.1:8770", HOST]), base_url=f"http://{HOST}")
    if pod is not None:
        client.cookies.set(pod_links.cookie_of(night), pod_links._keep(night, pod_links.PAGES, pod, pod_links.PAGE_FOR))
    return client


def sent(client: TestClient[Litestar], picture: bytes, *, text: str = MORE, step: str = "more") -> Any:
    files = {"drawing": ("my dream of the sea.jpg", picture, "image/jpeg")}
    form = {"report": "", "piece": "1", "text": text}
    return client.post(f"/morning/{step}", data=form, files=files, follow_redirects=False)


def kept(night: NightFolder, report: str) -> Image.Image:
    jpeg = drawings.shown(night.house, report)
    assert jpeg is not None
    assert WHERE not in jpeg
    return Image.open(io.BytesIO(jpeg))


def test_a_picture_and_words_that_come_together_are_kept_together(night: NightFolder) -> None:
    report, client = told(night), asker(night)
    assert sent(client, photo(orientation=6)).status_code == 303
    state = mornings.of_house(night.house)[report]
    assert (len(state.pieces), state.is_locked) == (2, False)
    assert kept(night, report).size == (200, 320)
    (told_,) = [each.text for each in _locked(night, report)]
    assert told_ == f"{DREAM}\n\n{MORE}"


def _locked(night: NightFolder, report: str) -> list[Any]:
    mornings.lock(night.house, report)
    return reports(night.house)


def test_a_picture_without_words_locks_nothing_and_words_without_one_are_as_ever(night: NightFolder) -> None:
    report, client = told(night), asker(night)
    assert sent(client, drawn(), text="").status_code == 303
    state = mornings.of_house(night.house)[report]
    assert (len(state.pieces), state.is_locked, bool(state.drawing)) == (1, False, True)
    assert sent(client, b"", text="One\r\nmore.").status_code == 303
    assert len(mornings.of_house(night.house)[report].pieces) == 2
    assert sent(client, b"", text="").status_code == 303
    assert mornings.of_house(night.house)[report].is_locked
    assert [each.text for each in reports(night.house)] == [f"{DREAM}\n\nOne\nmore."]


def test_what_cannot_be_kept_keeps_nothing_and_gives_every_word_back(night: NightFolder) -> None:
    report, client = told(night), asker(night)
    refused = {**NO_PICTURES, "a bomb": bomb(), "many megabytes": photo() + bytes(drawings.MOST_BYTES * 2)}
    del refused["nothing"]
    for name, data in refused.items():
        answer = sent(client, data, text="And snow <upwards>.")
        assert answer.status_code == 400, name
        assert "And snow &lt;upwards&gt;." in answer.text, name
        code = "DL-E831" if name in {"a bomb", "many megabytes"} else "DL-E830"
        assert code in answer.text, name
        assert "my dream of the sea" not in answer.text
    state = mornings.of_house(night.house)[report]
    assert (len(state.pieces), state.drawing, state.is_locked) == (1, "", False)
    assert not night.house.drawings.exists()


def test_an_answer_says_whether_the_same_picture_may_be_sent_again(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    report, client = told(night), asker(night)
    assert sent(client, b"%PDF-1.7").headers["picture-refused"] == "DL-E830"
    for refuse, code in (("DL-E833", (drawings.pictures, "as_jpeg")), ("DL-E834", (drawings, "write_durably"))):
        with monkeypatch.context() as patch:
            patch.setattr(*code, full)
            answer = sent(client, photo())
        assert (answer.status_code, refuse in answer.text, "picture-refused" in answer.headers) == (400, True, False)
    mornings.lock(night.house, report)
    assert sent(client, photo()).headers["picture-refused"] == "DL-E623"
    assert "picture-refused" not in sent(client, b"").headers


def test_a_stop_is_answered_while_many_pictures_are_being_read(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Event()

    def reading(_: bytes) -> bytes:
        begun.set()
        go_on.wait(60.0)
        return photo()

    monkeypatch.setattr(drawings, "plain", reading)
    report = told(night)
    with asker(night) as client, ThreadPoolExecutor(MORE_THAN_THREADS) as many:
        uploads = [many.submit(sent, client, photo(), text="") for _ in range(MORE_THAN_THREADS - 1)]
        try:
            assert begun.wait(30.0)
            stop = {"id": "a" * 32, "told_utc": "2026-06-01T01:00:00Z"}
            said = many.submit(client.post, "/api/pod/stop", json=stop)
            assert said.result(30.0).json()["withdrawn"] is True
            assert not any(each.done() for each in uploads)
        finally:
            go_on.set()
        assert {each.result(60.0).status_code for each in uploads} == {303}
    assert mornings.of_house(night.house)[report].drawing


def test_a_picture_before_the_words_or_behind_the_lock_is_refused(night: NightFolder) -> None:
    client = asker(night)
    early = sent(client, photo(), step="report")
    assert (early.status_code, "DL-E832" in early.text) == (400, True)
    report = told(night)
    mornings.lock(night.house, report)
    late = sent(client, photo())
    assert (late.status_code, "DL-E623" in late.text) == (400, True)


def test_what_is_sent_again_when_it_had_come_already_changes_nothing(night: NightFolder) -> None:
    report, client = told(night), asker(night)
    form = {"report": "", "piece": "1", "text": MORE, "enough": "1"}
    for _ in range(2):
        files = {"drawing": ("x.jpg", photo(), "image/jpeg")}
        assert client.post("/morning/more", data=form, files=files, follow_redirects=False).status_code == 303
    state = mornings.of_house(night.house)[report]
    assert (len(state.pieces), state.is_locked) == (2, True)


def test_it_comes_back_to_its_own_bed_alone_and_lies_in_no_cache(night: NightFolder) -> None:
    report, client = told(night), asker(night)
    assert client.get("/morning/drawing").status_code == 404
    sent(client, photo())
    answer = client.get("/morning/drawing")
    assert answer.content == drawings.shown(night.house, report)
    told_by = {name: answer.headers[name] for name in ("content-type", "cache-control", "x-content-type-options")}
    assert told_by == {"content-type": "image/jpeg", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    assert answer.headers["content-disposition"] == 'inline; filename="picture.jpg"'
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    told(night, "S02")
    assert asker(night, "p2").get("/morning/drawing").status_code == 404
    assert asker(night, None).get("/morning/drawing").status_code == 401
    assert asker(night, None).post("/morning/more").status_code == 401


def test_one_that_was_changed_or_lost_is_no_page_that_breaks(night: NightFolder) -> None:
    report, client = told(night), asker(night)
    sent(client, photo())
    (path,) = night.house.drawings.iterdir()
    path.write_bytes(b"something else")
    assert client.get("/morning/drawing").status_code == 404
    lost = "Your drawing or photo was changed or lost since it was kept."
    assert lost in client.get("/morning").text
    path.unlink()
    assert client.get("/morning/drawing").status_code == 404
    assert lost in client.get("/morning").text
    assert sent(client, photo(), text="").status_code == 303, "the same one can be given again"
    assert kept(night, report).size == (320, 200)
    assert lost not in client.get("/morning").text


def test_more_words_or_fields_than_any_form_has_are_refused(night: NightFolder) -> None:
    told(night)
    client = asker(night)
    assert sent(client, b"", text="x" * 300_000).status_code == 413
    assert client.post("/morning/more", data={"text": "x" * 300_000}).status_code == 413
    files = [("drawing", ("x", b"x", "image/png"))] * 100
    assert client.post("/morning/more", files=files).status_code == 400
    torn = {"content-type": "multipart/form-data; boundary=x"}
    for body in (
        b"",
        b"--x",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\n\xff\r\n--x--\r\n",
    ):
        assert client.post("/morning/more", content=body, headers=torn).status_code == 400, body
    assert (
        client.post("/morning/more", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400
    )


def test_no_picture_and_no_form_breaks_the_house(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(data: bytes) -> bytes:
        try:
            return pictures.redrawn(data)
        except (Exception, SystemExit) as error:  # its own process would end with whatever a decoder raises
            raise pictures.Unreadable("broken") from error

    monkeypatch.setattr(pictures, "as_jpeg", at_once)
    told(night)
    client, given = asker(night), [photo(), drawn(), bomb(), *NO_PICTURES.values()]
    for seed in range(40):
        chance = random.Random(seed)
        picture = damaged(chance.choice(given) or b"x", chance)
        answer = sent(client, picture, step=chance.choice(["more", "report", "share"]))
        assert answer.status_code in {303, 400}, seed
        request = client.build_request("POST", "/morning/more", data={"text": MORE}, files={"drawing": picture})
        headers = {"content-type": request.headers["content-type"]}
        answer = client.post("/morning/more", content=damaged(request.read(), chance), headers=headers)
        assert answer.status_code in {200, 400, 413}, seed


def damaged(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 9)):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def opened(chromium: Any, server: Server, night: NightFolder, *, scripts: bool = True) -> Any:
    context = chromium.new_context(java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    token, _ = pod_links.make(night, "S01")
    page.goto(f"http://127.0.0.1:{server.port}/pod/join/{token}")
    page.goto(f"http://127.0.0.1:{server.port}/morning")
    return page


def shot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"drawing-{name}.png", full_page=True)


def press(page: Any, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def tell_first(page: Any) -> None:
    page.get_by_label("I remember something.").check()
    page.get_by_label("Everything, in the order it happened").fill(DREAM)
    press(page, "Keep this")
    page.wait_for_selector("[data-step=more]")


def choose(page: Any, data: bytes, kind: str = "image/jpeg") -> None:
    page.get_by_label("choose a file").set_input_files({"name": "sea.jpg", "mimeType": kind, "buffer": data})


def is_seen(page: Any) -> bool:
    image = page.get_by_alt_text("Your drawing or photo")
    image.wait_for()
    return bool(image.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 0; }"))


@OWN
def test_without_a_script_a_photo_is_added_refused_taken_away_and_locked(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night, scripts=False)
    tell_first(page)
    page.get_by_label("Anything else").fill(MORE)
    choose(page, b"<svg></svg>")
    press(page, "Add this")
    assert page.get_by_role("alert").inner_text().startswith("This is no picture that can be read.")
    assert page.get_by_label("Anything else").input_value() == MORE
    choose(page, photo(1200, 900))
    page.get_by_label("Anything else").fill("")
    press(page, "Add this")
    page.get_by_role("button", name="Take the picture away").wait_for()
    assert is_seen(page)
    page.get_by_label("Anything else").fill(MORE)
    press(page, "Take the picture away")
    assert page.get_by_alt_text("Your drawing or photo").count() == 0
    assert page.get_by_label("Anything else").input_value() == MORE
    choose(page, photo(1200, 900))
    press(page, "That is all")
    page.wait_for_selector("[data-step=probes]")
    ((report, state),) = mornings.of_house(night.house).items()
    assert (len(state.pieces), state.is_locked) == (2, True)
    assert kept(night, report).size == (1200, 900)


@OWN
def test_with_a_script_it_is_shown_before_it_is_sent_and_survives_a_reload_and_a_cut_network(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night)
    tell_first(page)
    choose(page, photo())
    page.get_by_role("img", name="What you chose").wait_for()
    press(page, "Not this one")
    page.get_by_role("img", name="What you chose").wait_for(state="detached")
    assert not page.evaluate(KEPT)
    choose(page, photo())
    page.get_by_label("Anything else").fill(MORE)
    page.locator(".state", has_text="Kept on this device").wait_for()
    page.locator(".chosen", has_text="Kept on this device").wait_for()
    page.reload()
    page.get_by_role("img", name="What you chose").wait_for()
    page.get_by_text("These are your words from before").wait_for()
    shot(page, "chosen")
    page.context.set_offline(True)
    press(page, "Add this")
    page.get_by_text("Your words are kept here").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Take the picture away").wait_for()
    assert is_seen(page)
    assert not page.evaluate(KEPT)
    page.get_by_label("Anything else").fill("Half a sentence")
    page.locator(".state", has_text="Kept on this device").wait_for()
    press(page, "Take the picture away")
    page.get_by_alt_text("Your drawing or photo").wait_for(state="detached")
    page.get_by_text("These are your words from before").wait_for()
    assert page.get_by_label("Anything else").input_value() == "Half a sentence"
    ((_, state),) = mornings.of_house(night.house).items()
    assert (len(state.pieces), state.drawing) == (2, "")


@OWN
def test_with_a_script_what_is_refused_is_forgotten_and_the_words_are_not(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night)
    tell_first(page)
    choose(page, b"%PDF-1.7")
    page.get_by_label("Anything else").fill(MORE)
    page.get_by_role("button", name="Not this one").wait_for()
    page.locator(".state", has_text="Kept on this device").wait_for()
    press(page, "Add this")
    page.get_by_text("This is no picture that can be read.").wait_for()
    assert page.get_by_label("Anything else").input_value() == MORE
    page.reload()
    page.get_by_text("These are your words from before").wait_for()
    assert page.get_by_role("button", name="Not this one").count() == 0
    assert not page.evaluate(KEPT)


@OWN
def test_with_a_script_what_the_house_could_not_keep_stays_on_the_device_until_it_can(
    chromium: Any, server: Server, night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    page = opened(chromium, server, night)
    tell_first(page)
    choose(page, photo())
    page.locator(".chosen", has_text="Kept on this device").wait_for()
    with monkeypatch.context() as patch:
        patch.setattr(drawings, "write_durably", full)
        press(page, "Add this")
        page.get_by_text("The picture is not on the disk").wait_for()
    assert page.evaluate(KEPT)
    page.get_by_role("button", name="Not this one").wait_for()
    press(page, "Add this")
    page.get_by_role("button", name="Take the picture away").wait_for()
    assert is_seen(page)
    assert not page.evaluate(KEPT)


@OWN
def test_with_a_script_another_picture_that_is_chosen_outlives_the_one_taken_away(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night)
    tell_first(page)
    choose(page, photo())
    press(page, "Add this")
    page.get_by_role("button", name="Take the picture away").wait_for()
    another = {"name": "sky.png", "mimeType": "image/png", "buffer": drawn()}
    page.get_by_label("Another one in its place").set_input_files(another)
    page.locator(".chosen", has_text="Kept on this device").wait_for()
    press(page, "Take the picture away")
    page.get_by_alt_text("Your drawing or photo").wait_for(state="detached")
    page.get_by_role("img", name="What you chose").wait_for()
    assert page.evaluate(KEPT)


@OWN
def test_axe_finds_nothing_with_and_without_a_picture_in_any_theme(
    chromium: Any, server: Server, night: NightFolder
) -> None:
    page = opened(chromium, server, night)
    tell_first(page)
    choose(page, photo(1600, 1200))
    page.get_by_role("img", name="What you chose").wait_for()
    assert amiss(page) == []
    press(page, "Add this")
    page.get_by_role("button", name="Take the picture away").wait_for()
    for theme in THEMES:
        page.get_by_role("navigation", name="Colours").get_by_role("link", name=theme).click()
        assert is_seen(page)
        assert amiss(page) == [], theme
        shot(page, f"kept-{theme}")
        page.set_viewport_size({"width": 1280, "height": 800})
        shot(page, f"kept-{theme}-wide")
        page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"http://127.0.0.1:{server.port}/morning?lang=de")
    page.get_by_role("button", name="Das Bild wegnehmen").wait_for()
    shot(page, "german")


@OWN
def test_what_was_drawn_is_shown_again_once_all_is_told(chromium: Any, server: Server, night: NightFolder) -> None:
    page = opened(chromium, server, night, scripts=False)
    tell_first(page)
    choose(page, drawn())
    press(page, "That is all")
    press(page, "Keep this")
    page.get_by_label("I am not sure").check()
    press(page, "Keep this")
    page.get_by_label("yes", exact=True).check()
    press(page, "Keep this")
    mornings.tell(
        night.house, Dreamer(sleeper="S02", night=night.name), "b" * 32, Piece(number=0, recall="none", text="")
    )
    page.goto(f"http://127.0.0.1:{server.port}/morning")
    page.get_by_text("What you told").click()
    assert is_seen(page)
    shot(page, "done")
