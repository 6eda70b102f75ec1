"""Where does slow work wait? In threads of its own and in turns, so that a stop never waits behind it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

P = ParamSpec("P")
R = TypeVar("R")


class Apart:
    """A few threads for one kind of slow work, and one turn at a time for each whom it is done for."""

    def __init__(self, name: str, *, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._turns: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()

    async def run(self, whose: str, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What this work gives. Whoever asks twice waits for their own first without holding a thread."""
        loop = asyncio.get_running_loop()
        turn = self._turns.setdefault((id(loop), whose), asyncio.Lock())
        async with turn:
            done = partial(copy_context().run, work, *args, **kwargs)
            return await loop.run_in_executor(self._threads, done)


PICTURES = Apart("pictures", threads=1)
"""They are read one at a time anyway."""
TALKS = Apart("talks", threads=4)
"""A model may think for a minute. Ours."""
SPEECH = Apart("speech", threads=1)
"""It is written down one recording at a time anyway."""
