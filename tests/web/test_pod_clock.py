"""Does the page know what time it is in the house, when the network is slow, uneven, or one of the clocks runs fast?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamloom.testing import browsers, live_nights
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.chance import stream
from dreamloom.web.serving import Server

pytestmark = pytest.mark.skipif(browsers.CHROMIUM is None, reason="needs the package chromium")

FOLLOW = """async ([answers, askMs]) => {
  const { HouseClock, answerOf } = await import('/static/pod_clock.js');
  const clock = new HouseClock();
  for (const each of answers) clock.take(answerOf(each));
  return { houseS: clock.houseS(askMs), boundS: clock.boundS, drift: clock.drift,
           backMs: clock.deviceMs(clock.houseS(askMs)) };
}"""
OFFSET_S = 86_400.25


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    night = live_nights.write(tmp_path_factory.mktemp("clock"), "tonight")
    server = Server(night, port=0)
    thread = server.start()
    with browsers.browser() as browser:
        found = browser.new_page()
        found.goto(f"http://127.0.0.1:{server.port}/pod")
        yield found
    server.stop()
    thread.join(20.0)


def house_s(device_ms: float, *, drift: float = 0.0, offset_s: float = OFFSET_S) -> float:
    return offset_s + device_ms / 1000 * (1 + drift)


def answers(
    count: int, *, every_ms: float, drift: float = 0.0, least_s: float = 0.002, jitter_s: float = 0.02, seed: int = 1
) -> list[dict[str, float]]:
    """What a network would bring whose two ways take different and changing times."""
    draw = stream(seed, "network")
    found = []
    for number in range(count):
        sent_ms = 1000.0 + number * every_ms
        there_s, back_s = (least_s / 2 + jitter_s * float(draw.exponential()) for _ in range(2))
        taken_s = house_s(sent_ms + 1000 * there_s, drift=drift)
        given_s = taken_s + 0.0002
        received_ms = sent_ms + 1000 * (there_s + back_s) + 0.2
        found.append({"sentMs": sent_ms, "takenS": taken_s, "givenS": given_s, "receivedMs": received_ms})
    return found


def follow(page: Any, told: list[dict[str, float]], ask_ms: float) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(FOLLOW, [told, ask_ms])
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_quickest_answers_tell_the_time_within_what_is_promised(page, seed) -> None:
    told = answers(20, every_ms=250, seed=seed)
    found = follow(page, told, told[-1]["receivedMs"])
    error_s = abs(found["houseS"] - house_s(told[-1]["receivedMs"]))
    assert error_s <= found["boundS"] + 1e-4
    assert found["boundS"] < 0.03
    assert found["backMs"] == pytest.approx(told[-1]["receivedMs"], abs=1e-3)


def test_an_even_network_leaves_an_error_far_below_a_millisecond(page) -> None:
    told = answers(20, every_ms=250, jitter_s=0.0)
    found = follow(page, told, told[-1]["receivedMs"])
    assert abs(found["houseS"] - house_s(told[-1]["receivedMs"])) < 1e-5
    assert found["boundS"] == pytest.approx(0.001, abs=3e-4)


@pytest.mark.parametrize("drift", [-80e-6, 0.0, 50e-6])
def test_a_clock_that_runs_fast_is_followed_through_a_silence_of_a_minute(page, drift) -> None:
    told = answers(240, every_ms=2000, drift=drift, jitter_s=0.004)
    ask_ms = told[-1]["receivedMs"] + 60_000
    found = follow(page, told, ask_ms)
    assert found["drift"] == pytest.approx(drift, abs=8e-6)
    assert abs(found["houseS"] - house_s(ask_ms, drift=drift)) < 0.005


def test_a_clock_that_was_set_or_slept_is_believed_at_once(page) -> None:
    told = answers(30, every_ms=1000)
    later = answers(1, every_ms=1000)[0]
    moved = {**later, "sentMs": 40_000.0, "receivedMs": 40_003.0, "takenS": 90_000.0, "givenS": 90_000.0}
    found = follow(page, [*told, moved], 40_001.5)
    assert found["houseS"] == pytest.approx(90_000.0, abs=0.002)


def test_one_slow_answer_changes_nothing(page) -> None:
    told = answers(30, every_ms=1000, jitter_s=0.001)
    slow = {"sentMs": 31_000.0, "takenS": house_s(31_900.0), "givenS": house_s(31_900.0), "receivedMs": 31_910.0}
    found = follow(page, [*told, slow], 31_910.0)
    assert abs(found["houseS"] - house_s(31_910.0)) < 0.002


def test_bits_have_one_order_and_one_meaning_here_and_there(page) -> None:
    names, heeded = page.evaluate(
        """async ([all]) => {
          const { namesOf, heeded } = await import('/static/pod_bits.js');
          return [namesOf(all), heeded(all, 0, ['PAUSED'])];
        }""",
        [sum(1 << bit for bit in Bit)],
    )
    assert names == [bit.name for bit in Bit]
    assert heeded == ["REVOKED", "HALTED", "NOT_ARMED", "FADING", "PAUSED"]


def test_no_module_of_the_page_is_forgotten_by_what_keeps_it_without_a_network() -> None:
    from dreamloom.web.front_door import STATIC
    from dreamloom.web.pod_files import SHELL

    ours = {f"/static/{path.name}" for path in Path(STATIC).glob("pod*") if path.name != "pod_worker.js"}
    assert ours <= set(SHELL)
