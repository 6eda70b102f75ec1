"""Which real output does each bed of a live night play on, and which beds have lost theirs since it opened?"""

from collections.abc import Callable

from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.house.asked import Asked
from dreamloom.house.resuming import Past
from dreamloom.house.speakers import outputs_of
from dreamloom.vocabulary.errors import StreamError

WITH_IT_BACK = " With its output back, end this and run the night again."


def found_outputs(asked: Asked, past: Past, *, warn: Callable[[str], None]) -> tuple[dict[str, DeviceAsked], set[str]]:
    """Outputs by pod, and pods without one: a broken night goes on without an output that is gone; it is recorded.

    Raises:
        StreamError, ConfigError: when a new night asks for an output that is not there.
    """
    house = asked.folder.house
    if not past.boot:
        return outputs_of(asked.night.pod, house), set()
    found, without = dict[str, DeviceAsked](), set[str]()
    for pod in asked.night.pod:
        try:
            found |= outputs_of([pod], house, bound_to=past.output_of(pod))
        except StreamError as error:
            without.add(pod.id)
            warn(f"{error.code} {error.what} The bed {pod.id} is recorded and stays silent.{WITH_IT_BACK}")
    return found, without
