"""Does a view of sixty-four beds stay live? Shown anew once a second, with the signals of the one looked at closer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.testing.browsers import CHROMIUM, PATIENCE_MS, ROWS, amiss, browser, night_that_is_over, served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
BEDS = 64
SECONDS = 6
FEED = """async ([count, seconds]) => {
  const view = document.querySelector("dl-night");
  view.feed.close();
  view.feed.seen = 0;
  const like = Object.values(view.rows)[0];
  const beds = Array.from({ length: count }, (_, n) => `p${n + 1}`);
  view.feed.beds = beds;
  view.rows = {};
  let renders = 0;
  const updated = view.updated.bind(view);
  view.updated = (changed) => { renders += 1; return updated(changed); };
  const rows = {};
  const empty = { ...like, status: "", strip: [], needs: [] };
  for (const [n, pod] of beds.entries()) rows[pod] = { ...empty, pod, sleeper: `S${n + 1}` };
  const frames = (from) => {
    const buffer = new ArrayBuffer((20 + 13 * 4) * count);
    beds.forEach((_, bed) => {
      const head = new DataView(buffer, bed * 72);
      head.setUint8(0, 1); head.setUint8(1, 1); head.setUint16(2, bed, true);
      head.setUint16(4, 2, true); head.setUint16(6, 13, true); head.setFloat32(8, 128, true);
      head.setBigUint64(12, BigInt(from), true);
      new Int16Array(buffer, bed * 72 + 20, 26).fill(300);
    });
    return buffer;
  };
  const began = performance.now();
  let beat = 0, busy = 0;
  while (performance.now() - began < seconds * 1000) {
    const before = performance.now();
    if (beat % 5 === 0) {
      const at = beat / 10;
      for (const [n, pod] of beds.entries()) {
        rows[pod] = { ...rows[pod], stage: ["W", "N1", "N2", "N3", "R"][(n + beat) % 5], confidence: 0.9, last_s: at };
        rows[pod].strip = [...rows[pod].strip, rows[pod].stage];
      }
      const news = { beds, role: "orchestrator", now_s: at, status: "running", seen: beat, rows, events: [], said: [] };
      view.feed.take(JSON.stringify(news));
    }
    view.feed.take(frames(beat * 13));
    await view.updateComplete;
    busy += performance.now() - before;
    beat += 1;
    await new Promise((done) => setTimeout(done, Math.max(0, began + beat * 100 - performance.now())));
  }
  return { renders, busy_share: busy / (performance.now() - began), newest: view.traces.p64.end };
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    night = night_that_is_over(tmp_path_factory.mktemp("house"), beds=1, hours=0.01)
    with served(night) as server, browser() as chromium:
        found = chromium.new_page(viewport={"width": 1280, "height": 800})
        found.set_default_timeout(PATIENCE_MS)
        found.goto(server.link("orchestrator", name="anna"))
        found.wait_for_selector(ROWS)
        yield found


def test_sixty_four_beds_are_shown_anew_once_a_second_and_leave_the_page_free(page: Any) -> None:
    found = page.evaluate(FEED, [BEDS, SECONDS])
    assert page.locator(".tiles .tile").count() == BEDS
    assert page.locator(ROWS).count() == 0
    assert found["renders"] <= 2 * SECONDS
    assert found["busy_share"] < 0.5, "the page has time for whoever uses it"
    assert found["newest"] > 128 * (SECONDS - 3)


def test_a_tile_says_stage_and_trouble_and_its_closer_look_has_the_signals(page: Any, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    page.evaluate(FEED, [BEDS, 1])
    page.evaluate(
        """() => {
          const view = document.querySelector("dl-night");
          const need = { key: "lost", priority: "high", text: "no data", since_s: 3 };
          view.rows = { ...view.rows, p17: { ...view.rows.p17, status: "no data", needs: [need] } };
        }"""
    )
    tile = page.locator(".tile", has_text="S17")
    expect(tile).to_contain_text("high")
    expect(tile).to_contain_text("no data")
    expect(tile.locator(".stage")).to_contain_text("90%")
    tile.get_by_role("button").click()
    expect(page.get_by_role("heading", name="p17 S17")).to_be_visible()
    drawn = "c => new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer).some(p => p)"
    assert page.locator(".focus canvas.trace").evaluate(drawn)
    assert page.locator(".tile b").all_inner_texts()[:3] == ["p1", "p2", "p3"]
    assert amiss(page) == []
    page.screenshot(path=tmp_path / "overview.png")
