"""How near their time do pages at the pillow sound, hidden or two at once, and how soon are they silent? As JSON."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dreamloom.house import pod_links
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import AnyEvent, CueFailed, CuePlayed
from dreamloom.testing import browsers, hidden_pages, live_nights, pod_pages

SELDOM = live_nights.TIRELESS.replace("every: 4 s", "every: 60 s").replace("per_hour: 500", "per_hour: 60")
"""So seldom that no sound of the page keeps its timers going."""
LISTEN = """() => {
  const { context, own } = document.querySelector('dl-pod').deck;
  const ear = context.createScriptProcessor(256, 1, 1);
  window.heard = { lastS: -1, tappedS: -1 };
  ear.onaudioprocess = ({ inputBuffer, playbackTime }) => {
    const frames = inputBuffer.getChannelData(0);
    for (let n = frames.length - 1; n >= 0; n -= 1) {
      if (Math.abs(frames[n]) > 1e-8) {
        window.heard.lastS = playbackTime + n / context.sampleRate;
        break;
      }
    }
  };
  own.connect(ear).connect(context.destination);
  document.querySelector('.stop').addEventListener('pointerdown', (tap) => {
    window.heard.tappedS = context.currentTime - (performance.now() - tap.timeStamp) / 1000;
  }, true);
}"""
"""Every frame that leaves the page's last gain is listened to; when its own clock says that the tap came, is noted."""
SOUNDS_NOW = "() => document.querySelector('dl-pod').deck.context.currentTime - window.heard.lastS < 0.1"
TONE = """() => {
  const { context, own } = document.querySelector('dl-pod').deck;
  const tone = context.createOscillator();
  tone.connect(own);
  tone.start();
}"""
CHECKED = """(async () => {
  const { evening } = document.querySelector('dl-pod');
  await evening.playNotes();
  evening.counted(evening.asking);
  evening.begin();
})()"""
NEVER_BACK = "() => { window.fetch = () => new Promise(() => {}); }"
"""A browser that closes a page gives it its network back for a moment: its stop would hold for the next page."""
IN_NIGHT = "document.querySelector('dl-pod').line === 'night'"
"""Lain down before the night, as one does."""
LOOK_MS = 250
SETTLED_MS = 600


def together(folder: Path, seconds: float) -> dict[str, Any]:
    """Two pages of one night in one browser: errors of every cue, and how far apart both began each."""
    night = pod_pages.on_pages(live_nights.write(folder / "n", "tonight", pods=2))
    wrong: list[str] = []
    with browsers.served(night) as server, browsers.browser() as browser:
        process = live_nights.start(night)
        with (
            live_nights.cared_for(process),
            pod_pages.armed(browser, night, ["p1", "p2"], port=server.port, wrong=wrong) as (page, _),
        ):
            ends_s = time.monotonic() + seconds
            while time.monotonic() < ends_s and process.poll() is None:
                page.wait_for_timeout(LOOK_MS)
            live_nights.end(process)
    events = live_nights.events_of(night)
    return {**errors_of(events), "apart_ms": apart_ms(events), "wrong": wrong}


def hidden(folder: Path, seconds: float) -> dict[str, Any]:
    """One page behind another tab for so long: errors of every cue that was due meanwhile."""
    night = pod_pages.on_pages(live_nights.write(folder / "n", "tonight", dreamscape=SELDOM))
    token, _ = pod_links.make(night, "p1")
    with browsers.served(night) as server, hidden_pages.tab(folder / "browser") as tab:
        tab.call("Page.navigate", url=f"http://127.0.0.1:{server.port}/pod/join/{token}")
        tab.until("document.querySelector('dl-pod')?.step === 'check'")
        tab.evaluate(CHECKED)
        process = live_nights.start(night)
        with live_nights.cared_for(process):
            tab.until(IN_NIGHT)
            tab.hide()
            seen = [tab.evaluate("document.visibilityState")]
            time.sleep(seconds)
            seen.append(tab.evaluate("document.visibilityState"))
            live_nights.end(process)
    return {**errors_of(live_nights.events_of(night)), "was_hidden": seen == ["hidden", "hidden"]}


def stopped(folder: Path, times: int) -> dict[str, Any]:
    """STOP tapped on so many fresh pages, each cut off from the network while a tone sounds through its last gain."""
    night = pod_pages.on_pages(live_nights.write(folder / "n", "tonight"))
    wrong: list[str] = []
    with browsers.served(night) as server, browsers.browser() as browser:
        took_ms = [_stop_of(browser, night, server.port, wrong) for _ in range(times)]
    return {"took_ms": took_ms, "wrong": wrong}


def _stop_of(browser: Any, night: NightFolder, port: int, wrong: list[str]) -> float:
    with pod_pages.armed(browser, night, ["p1"], port=port, wrong=wrong) as (page,):
        page.evaluate(LISTEN)
        page.evaluate(TONE)
        pod_pages.until(page, SOUNDS_NOW)
        page.context.set_offline(True)
        page.evaluate("document.querySelector('dl-pod').link.lose()")
        page.evaluate(NEVER_BACK)
        return round(1000 * stopped_within_s(page), 2)


def stopped_within_s(page: Any) -> float:
    """From a tap to the last frame that was not zero, on the page's audio clock.

    Raises:
        TimeoutError: when the tap never came, or it sounds on.
    """
    page.locator(".stop").click()
    page.wait_for_timeout(SETTLED_MS)
    heard = page.evaluate("window.heard")
    if heard["tappedS"] <= 0 or page.evaluate(SOUNDS_NOW):
        raise TimeoutError(f"no silence after a tap: {heard}")
    return float(heard["lastS"] - heard["tappedS"])


def errors_of(events: Sequence[AnyEvent]) -> dict[str, Any]:
    """How far each cue began from its time, by the page's own word on its audio clock; and how many failed."""
    errors = [1000 * abs(cue.actual_s - cue.planned_s) for cue in events if isinstance(cue, CuePlayed)]
    return {
        "errors_ms": [round(each, 2) for each in errors],
        "failed": sum(isinstance(event, CueFailed) for event in events),
    }


def apart_ms(events: Sequence[AnyEvent]) -> list[float]:
    """Of every cue that two beds began at one planned moment: how far apart they did."""
    onsets: dict[float, list[float]] = defaultdict(list)
    for cue in events:
        if isinstance(cue, CuePlayed):
            onsets[cue.planned_s].append(cue.actual_s)
    return [round(1000 * (max(pair) - min(pair)), 2) for pair in onsets.values() if len(pair) == 2]


WORDS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "together": lambda folder, seconds: together(Path(folder), float(seconds)),
    "hidden": lambda folder, seconds: hidden(Path(folder), float(seconds)),
    "stopped": lambda folder, times: stopped(Path(folder), int(times)),
}
if __name__ == "__main__":
    sys.stdout.write(json.dumps(WORDS[sys.argv[2]](sys.argv[1], sys.argv[3])))
