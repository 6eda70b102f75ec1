"""Does slow work wait in turns, so that one bed that asks often holds nobody else up?"""

import asyncio
import threading
from contextvars import ContextVar

from dreamloom.web.apart import Apart

HELD: ContextVar[str] = ContextVar("HELD", default="")


def test_who_asks_twice_waits_for_their_own_first_and_not_before_others() -> None:
    go_on, order = threading.Event(), list[str]()

    def work(name: str) -> str:
        go_on.wait(30.0)
        order.append(name)
        return HELD.get()

    async def asked() -> list[str]:
        apart = Apart("some", threads=1)
        HELD.set("kept")
        names = ("p1 first", "p1 second", "p1 third", "p2 first")
        jobs = [asyncio.create_task(apart.run(name[:2], work, name)) for name in names]
        await asyncio.sleep(0)
        go_on.set()
        return await asyncio.gather(*jobs)

    assert asyncio.run(asked()) == ["kept"] * 4
    assert order == ["p1 first", "p2 first", "p1 second", "p1 third"]
