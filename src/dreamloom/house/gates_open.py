"""When were the gates of a stored night open? Its stage estimates, against the clauses on stages of its dreamscape."""

from collections.abc import Iterable, Sequence

from dreamloom.dreamscape import reader, words
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.gallery.gate_strip import OpenGate
from dreamloom.gallery.pod_night import Span, union
from dreamloom.house.gate_cost import open_at
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import read_night
from dreamloom.house.texts import read_text
from dreamloom.pod.belief import Reading
from dreamloom.record.events import AnyEvent, NightOpened, StageScored
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import HOP_S, NightTime


def gates_of(folder: NightFolder, events: Sequence[AnyEvent]) -> dict[str, tuple[OpenGate, ...]]:
    """For each pod that was staged, its parts that ask for stages; none where the dreamscape is not the night's."""
    opened = next((event for event in events if isinstance(event, NightOpened)), None)
    dreamscape = _dreamscape_of(folder, opened.dreamscape_sha256) if opened else None
    if opened is None or dreamscape is None:
        return {}
    return {seat.pod: _of_pod(dreamscape, readings_of(events, seat.pod)) for seat in opened.roster}


def readings_of(events: Iterable[AnyEvent], pod: str) -> list[Reading]:
    """What this pod believed, oldest first."""
    return [
        Reading(NightTime(event.onset_s), Stage(event.stage), event.confidence, event.probabilities, event.id)
        for event in events
        if event.pod == pod and isinstance(event, StageScored)
    ]


def spans_of(gate: Gate, readings: Sequence[Reading]) -> tuple[Span, ...]:
    """Stretches in which its clauses on stages were open; each estimate holds until the next, for one hop at most."""
    ends_s = [*(reading.window_end_s for reading in readings[1:]), float("inf")]
    return tuple(
        union(
            (reading.window_end_s, min(end_s, reading.window_end_s + HOP_S))
            for reading, end_s, is_open in zip(readings, ends_s, open_at(gate, readings), strict=True)
            if is_open
        )
    )


def _of_pod(dreamscape: Dreamscape, readings: Sequence[Reading]) -> tuple[OpenGate, ...]:
    placed = placed_parts(dreamscape)
    parts = [(number, placed[number].part) for number in obeyed_parts(dreamscape)] if readings else []
    return tuple(
        OpenGate(number, words.stages(part.when.stage), spans_of(part.when, readings))
        for number, part in parts
        if part.when.stage
    )


def _dreamscape_of(folder: NightFolder, sha256: str) -> Dreamscape | None:
    try:
        asked = read_night(read_text(folder.night_toml, what="the night"), file=str(folder.night_toml))
        text = read_text(folder.root / asked.dreamscape, what="the dreamscape")
        return reader.read(text, file=asked.dreamscape) if reader.sha256(text) == sha256 else None
    except DreamloomError:
        return None
