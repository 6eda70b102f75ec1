"""Does a bed's page stay as small as it was through a whole night of cues? Hours fed to it in minutes; as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from dreamloom.engine.clocks import boot_s
from dreamloom.testing import browsers, pod_pages
from dreamloom.testing.long_views import weighed

CUES_AN_HOUR = 450
"""As many as the most tireless night of ours has."""
READY = """() => {
  const page = document.querySelector('dl-pod');
  const { deck, link } = page;
  link.send = (word) => {
    if (word.t === 'became') link.take({ t: 'noted', cue_id: word.cue_id }, performance.now());
  };
  link.lose();
  link.tick = () => {};
  const sound = deck.context.createBuffer(1, 480, 48000);
  deck.sounds.set('x', sound);
  const now = () => performance.now() / 1000;
  let said = 0;
  window.became = {};
  const tell = link.tell.bind(link);
  deck.voices.told = deck.told = (each) => {
    window.became[each.status] = (window.became[each.status] ?? 0) + 1;
    tell(each);
  };
  const second = async (at) => {
    for (let beat = 0; beat < 10; beat += 1) page.hear({ t: 'state', bits: 0, until_s: now() + 2, ceiling: 1 });
    if (at % 2 === 0) {
      const sentMs = performance.now();
      const thenS = sentMs / 1000 - 0.001;
      link.take({ t: 'pong', sent_ms: sentMs - 2, taken_s: thenS, given_s: thenS }, sentMs);
    }
    for (let axis = 0; axis < 10; axis += 1) {
      page.motion.feel({ accelerationIncludingGravity: { x: 0.1, y: 0.2, z: 9.8 } });
    }
    if (at % 8 === 0) {
      const at_s = now() + 0.2;
      said += 1;
      const cue = { cue_id: `${said}-${'0123456789abcdef'.repeat(2)}`, sha256: 'x', frames: 480, gain: 0.1, at_s };
      page.hear({ t: 'cue', ...cue, expires_s: at_s + 2, heeds: 255, fade_s: null });
      await new Promise((go) => setTimeout(go, 5));
    }
    page.tick();
    if (at % 20 === 0) await page.look();
    if (at % 15 === 0) await page.send();
    if (at % 600 === 0) await page.querySelector('dl-talk')?.look();
  };
  window.feedHour = async (hour) => {
    for (let at = hour * 3600; at < (hour + 1) * 3600; at += 1) await second(at);
    await new Promise((go) => setTimeout(go, 1500));
    page.tick();
    await page.updateComplete;
    return { waiting: deck.waiting.size, voices: deck.voices.all.size, unnoted: link.unnoted.size };
  };
}"""
"""What the socket, the phone and the clocks would have brought, through the page's own doors."""


def through(folder: Path, hours: int) -> dict[str, Any]:
    """One page, armed, with its sound unlocked.

    Returns:
        heap_mb: of scripts after a collection, before the night and after each hour of it. nodes: elements of the page
        then. became: what became of how many cues. left: what the page still held in the end. times_faster: than time.
    """
    night = pod_pages.on_pages(browsers.night_that_waits(folder))
    wrong: list[str] = []
    with (
        browsers.served(night) as server,
        browsers.browser() as chromium,
        pod_pages.page_of(chromium, night, "p1", port=server.port, wrong=wrong) as page,
    ):
        pod_pages.arm(page)
        pod_pages.until(page, "document.querySelector('dl-pod').armed")
        page.evaluate(READY)
        inside = page.context.new_cdp_session(page)
        sizes, began_s, left = [weighed(page, inside)], boot_s(), {}
        for hour in range(hours):
            left = page.evaluate("(hour) => window.feedHour(hour)", hour)
            sizes.append(weighed(page, inside))
        became = page.evaluate("window.became")
    return {
        "heap_mb": [round(heap / 1e6, 2) for heap, _ in sizes],
        "nodes": [nodes for _, nodes in sizes],
        "became": became,
        "left": left,
        "wrong": wrong,
        "times_faster": round(hours * 3600 / (boot_s() - began_s)),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(through(Path(sys.argv[1]), int(sys.argv[2]))))
