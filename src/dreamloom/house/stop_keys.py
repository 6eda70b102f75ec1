"""Who presses to say no? One key for each bed at the terminal of a running night, or any key at a bed's own one."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from dreamloom.adapters.key_presses import KeyPresses
from dreamloom.house import consenting, withdrawing
from dreamloom.house.layout import NightFolder
from dreamloom.vocabulary.errors import DreamloomError, RecordError

CHANNEL = "stop key"
LOOK_S = 0.2
WAIT_S = 2.0
"""How often a bed's own terminal is asked whether its night is over; a key is heard at once. Ours."""
MOST_BEDS = 9
ALONE = " "
"""The space bar, where there is one bed alone."""
Told = Callable[[str], None]


def keys_of(sleeper_of: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Bed and sleeper by key: 1 to 9 in the order of the beds; further ones have none. Alone, the space bar as well."""
    beds = list(sleeper_of.items())
    keys = {str(number): bed for number, bed in enumerate(beds[:MOST_BEDS], 1)}
    return {**keys, ALONE: beds[0]} if len(beds) == 1 else keys


@contextmanager
def stop_keys(folder: NightFolder, presses: KeyPresses, *, tell: Told) -> Iterator[None]:
    """While the night runs, a plain press silences a bed; where nobody can type, nothing is listened for."""
    if not presses.is_terminal:
        yield
        return
    keys = _keys_tonight(folder)
    if not keys:
        yield
        return
    tell("To silence a bed for tonight, press: " + ", ".join(_named(key, who) for key, (_, who) in keys.items()) + ".")
    over = threading.Event()
    listener = threading.Thread(target=_listen, args=(folder, presses, keys, over, tell), name="stop keys", daemon=True)
    with presses.one_by_one():
        listener.start()
        try:
            yield
        finally:
            over.set()
            listener.join()


def first_press(presses: KeyPresses, *, goes_on: Callable[[], bool]) -> bool:
    """Waits for any key; False when none can come any more, or there is nothing left to silence."""
    with presses.one_by_one():
        while goes_on():
            typed = presses.next(WAIT_S)
            if typed is None:
                return False
            if typed:
                return True
    return False


def _listen(  # noqa: PLR0917 - a thread's own words, in the order of the sentence
    folder: NightFolder,
    presses: KeyPresses,
    keys: Mapping[str, tuple[str, str]],
    over: threading.Event,
    tell: Told,
) -> None:
    said = set[str]()
    while not over.is_set() and (typed := presses.next(LOOK_S)) is not None:
        for key in typed:
            pod, sleeper = keys.get(key, ("", ""))
            if pod and pod not in said:
                said.add(pod)
                _refused(folder, pod, sleeper, tell)


def _refused(folder: NightFolder, pod: str, sleeper: str, tell: Told) -> None:
    """The bed is silent first; then the file, the telling, the receipt."""
    try:
        withdrawing.withdraw(folder.house, night=folder.name, pod=pod, sleeper=sleeper, channel=CHANNEL)
    except (OSError, RecordError) as error:
        tell(f"{sleeper} has withdrawn and {pod} is silent, but its file could not be written: {error}")
        return
    tell(f"{sleeper} has withdrawn. Bed {pod} is silent for tonight; its recording goes on.")
    consenting.noted(folder.house, sleeper, about=folder.name, channel=CHANNEL)


def _keys_tonight(folder: NightFolder) -> dict[str, tuple[str, str]]:
    """None where nobody can tell who sleeps where, which the night's own opening says."""
    try:
        return keys_of(withdrawing.who_sleeps_where(folder))
    except DreamloomError:
        return {}


def _named(key: str, sleeper: str) -> str:
    return f"{'the space bar' if key == ALONE else key} for {sleeper}"
