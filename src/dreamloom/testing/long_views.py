"""Does a page that looks on through a whole night stay as small as it was? Hours fed to it in minutes; as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from dreamloom.engine.clocks import boot_s
from dreamloom.testing.browsers import PATIENCE_MS, ROWS, browser, night_that_is_over, served

BEDS = 16
READY = """() => {
  const view = document.querySelector("dl-night");
  view.feed.close();
  const beds = view.feed.beds;
  const rows = structuredClone(view.rows);
  for (const pod of beds) rows[pod].strip = [];
  const stages = ["W", "N1", "N2", "N3", "R"];
  const frames = (from, count) => {
    const size = 20 + count * 4;
    const buffer = new ArrayBuffer(size * beds.length);
    beds.forEach((_, bed) => {
      const head = new DataView(buffer, bed * size);
      head.setUint8(0, 1);
      head.setUint8(1, 1);
      head.setUint16(2, bed, true);
      head.setUint16(4, 2, true);
      head.setUint16(6, count, true);
      head.setFloat32(8, 128, true);
      head.setBigUint64(12, BigInt(from), true);
      const samples = new Int16Array(buffer, bed * size + 20, count * 2);
      for (let at = 0; at < samples.length; at += 1) samples[at] = Math.round(400 * Math.sin((from + at) / 9));
    });
    return buffer;
  };
  const news = (second) => {
    const said = [];
    for (const [number, pod] of beds.entries()) {
      const row = rows[pod];
      row.stage = stages[Math.floor(second / 300 + number) % 5];
      row.confidence = 0.5 + (second % 50) / 100;
      if (second % 30 === 0) row.strip.push(row.stage);
      if (second % 600 === 0) row.cued.push(Math.floor(second / 30));
      row.last_s = second;
      said.push({ at_s: second, pod, lane: "stages", text: `to ${row.stage}` });
      said.push({ at_s: second - 1, pod, lane: "cues", text: `heard at ${second}` });
    }
    const role = view.seesAs;
    return JSON.stringify({ beds, role, now_s: second, status: "running", seen: second, rows, events: [], said });
  };
  window.feedHour = async (hour) => {
    let from = hour * 3600 * 128;
    for (let second = hour * 3600; second < (hour + 1) * 3600; second += 1) {
      for (let beat = 0; beat < 10; beat += 1) {
        const to = second * 128 + Math.round((beat + 1) * 12.8);
        view.feed.take(frames(from, to - from));
        from = to;
      }
      if (second % 5 === 0) {
        view.feed.take(news(second));
        await view.updateComplete;
      }
      if (second % 30 === 0) await new Promise(requestAnimationFrame);
    }
  };
}"""
"""What the socket would have brought, through the same door behind it: frames ten times a second, rows every five."""


def through(folder: Path, hours: int) -> dict[str, Any]:
    """One view of sixteen beds.

    Returns:
        heap_mb: of scripts after a collection, before the night and after each hour of it. nodes: elements of the page
        then. times_faster: than time. drawn_h: how much of the night was drawn in the end.
    """
    night = night_that_is_over(folder, beds=BEDS, hours=0.02)
    with served(night) as server, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(server.link("orchestrator", name="anna"))
        page.wait_for_selector(ROWS, timeout=PATIENCE_MS)
        page.evaluate(READY)
        inside = page.context.new_cdp_session(page)
        sizes, began_s = [weighed(page, inside)], boot_s()
        for hour in range(hours):
            page.evaluate("(hour) => window.feedHour(hour)", hour)
            sizes.append(weighed(page, inside))
        took_s = boot_s() - began_s
        drawn = page.evaluate("Math.min(...Object.values(document.querySelector('dl-night').traces).map((t) => t.end))")
    return {
        "heap_mb": [round(heap / 1e6, 2) for heap, _ in sizes],
        "nodes": [nodes for _, nodes in sizes],
        "times_faster": round(hours * 3600 / took_s),
        "drawn_h": round(drawn / 128 / 3600, 2),
    }


def weighed(page: Any, inside: Any) -> tuple[float, int]:
    """Bytes of the scripts' heap after a collection, and elements of the page."""
    inside.send("HeapProfiler.collectGarbage")
    heap = inside.send("Runtime.getHeapUsage")["usedSize"]
    return heap, page.evaluate("document.querySelectorAll('*').length")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(through(Path(sys.argv[1]), int(sys.argv[2]))))
