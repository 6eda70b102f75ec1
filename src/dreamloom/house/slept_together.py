"""Who slept in these nights, in which stages and which rooms? Several records laid beside each other."""

from collections.abc import Iterable, Sequence

from dreamloom.adapters.sqlite import read_only
from dreamloom.gallery.pod_night import PodNight, pod_night
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import read_night
from dreamloom.house.texts import read_text
from dreamloom.house.verifying import refuse_without_record
from dreamloom.orchestra.synchrony import Slept
from dreamloom.record.events import AnyEvent, NightOpened, Seat
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S


def sleepers_of(folders: Sequence[NightFolder]) -> list[Slept]:
    """Every sleeper of every night, from the night's first lights off on, as the live track scored them.

    Raises:
        UsageError: for a night that is named twice.
        RecordError: for one without a record.
    """
    found: list[Slept] = []
    for number, folder in enumerate(folders):
        refuse_without_record(folder)
        if folder.root.resolve() in {other.root.resolve() for other in folders[:number]}:
            raise UsageError(
                "DL-E134",
                f"The night {folder.name!r} is named twice.",
                why="Its sleepers would be compared with themselves.",
                do="Name every night once.",
            )
        with read_only(folder.record) as record:
            events = list(record.events())
        found.extend(_slept(f"{number}:{folder.name}", events, _rooms(folder)))
    return found


def _slept(night: str, events: Sequence[AnyEvent], rooms: dict[str, frozenset[str]]) -> Iterable[Slept]:
    opened = next((event for event in events if isinstance(event, NightOpened)), None)
    seats: tuple[Seat, ...] = opened.roster if opened else ()
    nights = {seat: pod_night(events, seat.pod) for seat in seats}
    dark_s = [each.lights_off_s for each in nights.values() if each.lights_off_s is not None]
    first = int(min(dark_s, default=0.0) // EPOCH_S)
    for seat, slept in nights.items():
        yield Slept(night, seat.pod, seat.sleeper, _stages(slept, first), rooms.get(seat.pod, frozenset()))


def _stages(slept: PodNight, first: int) -> list[Stage]:
    """From its own lights off to its own lights on; before and after nobody asks whether somebody sleeps."""
    begins_s, ends_s = slept.lights_off_s or 0.0, slept.lights_on_s or float("inf")
    told = {round(epoch.onset_s / EPOCH_S): epoch for epoch in slept.epochs if begins_s <= epoch.onset_s < ends_s}
    return [
        told[number].stage if number in told else Stage.UNSCORED for number in range(first, max(told, default=-1) + 1)
    ]


def _rooms(folder: NightFolder) -> dict[str, frozenset[str]]:
    asked = read_night(read_text(folder.night_toml, what="what was asked for"), file=str(folder.night_toml))
    return {pod.id: frozenset(pod.shares_room_with) for pod in asked.pod}
