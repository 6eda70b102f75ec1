"""Is a cue that was booked still in time when the output stood still for a moment and its clock fell behind?

On an audio graph that is rendered at once, so that a busy machine changes nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from dreamloom.testing import browsers, live_nights

pytestmark = pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")
RATE_HZ = 48_000
HEARD = """async ({ movedS, silenced }) => {
  const { Voices } = await import('/static/pod_voices.js');
  const context = new OfflineAudioContext(1, 48000, 48000);
  const alive = context.createGain();
  alive.connect(context.destination);
  let behindS = 0;
  const graph = { context, alive, contextS: (atS) => atS + behindS, heardAtS: (atS) => atS - behindS };
  const told = [];
  const voices = new Voices(graph, (became) => told.push(became));
  const sound = context.createBuffer(1, 4800, 48000);
  sound.getChannelData(0).fill(1);
  const cue = { cue_id: 'c', sha256: '', frames: 4800, gain: 1, at_s: 0.2, expires_s: 9, heeds: 255, fade_s: null };
  voices.book(cue, sound, 0.5, () => {});
  for (const each of movedS) {
    behindS = each;
    voices.tick(() => []);
  }
  if (silenced) voices.tick(() => ['AROUSAL']);
  const frames = (await context.startRendering()).getChannelData(0);
  const loud = [...frames.keys()].filter((n) => frames[n] > 0);
  return { first: loud.at(0) ?? null, count: loud.length, told, loudest: Math.max(...frames) };
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    night = live_nights.write(tmp_path_factory.mktemp("voices"), "tonight")
    with browsers.served(night) as server, browsers.browser() as browser:
        found = browser.new_page()
        found.set_default_timeout(browsers.PATIENCE_MS)
        found.goto(f"http://127.0.0.1:{server.port}/pod")
        yield found


def heard(page: Any, *moved_s: float, silenced: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(HEARD, {"movedS": list(moved_s), "silenced": silenced})
    return found


def test_a_booked_cue_follows_a_clock_that_fell_behind_and_sounds_once(page: Any) -> None:
    for moved_s, starts_s in (((), 0.2), ((0.0,), 0.2), ((0.03,), 0.23), ((0.03, 0.08), 0.28), ((0.05, 0.0), 0.2)):
        found = heard(page, *moved_s)
        assert abs(found["first"] - starts_s * RATE_HZ) <= 1, moved_s
        assert abs(found["count"] - 4800) <= 1, moved_s
        assert found["loudest"] == pytest.approx(0.5), moved_s


def test_noise_of_the_clock_moves_nothing(page: Any) -> None:
    assert abs(heard(page, 0.003, -0.003)["first"] - 0.2 * RATE_HZ) <= 1


def test_a_cue_that_was_moved_is_silenced_as_any_other(page: Any) -> None:
    found = heard(page, 0.06, silenced=True)
    assert found["first"] is None
    assert [(each["status"], each["bits"]) for each in found["told"]] == [("silenced", ["AROUSAL"])]
