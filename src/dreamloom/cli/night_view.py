"""How does a running night look in a terminal? A row a bed: stage, certainty, the night so far, the last cue."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dreamloom.cli.happened import in_words
from dreamloom.cli.output import clock
from dreamloom.dreamscape.slots import is_relay
from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.pod.loop import Pod
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    CueDue,
    CueFailed,
    CueLabelled,
    CuePlayed,
    RelayOffered,
    StageScored,
)
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S

STRIP_EPOCHS = 60
LOOK = {
    Stage.W: ("▇", "#d5d9df"),
    Stage.R: ("▆", "#ff8f6b"),
    Stage.N1: ("▄", "#a6dcf5"),
    Stage.N2: ("▃", "#4fa3ee"),
    Stage.N3: ("▁", "#8091f2"),
    Stage.UNSCORED: ("·", "#98a3b3"),
}
"""Height and colour of each stage; the letter stands beside it, so colour never carries it alone."""


@dataclass(slots=True)
class Bed:
    """What the view remembers of one bed."""

    told: str
    strip: deque[tuple[Stage, bool]] = field(default_factory=lambda: deque(maxlen=STRIP_EPOCHS))
    cues: int = 0
    last_cue_s: float | None = None
    cued_in_epoch: bool = False
    unstaged: bool = False


class NightView:
    """Follows a night's events; renders as a table with the latest happenings below it."""

    def __init__(self, told: Mapping[str, str], *, title: str, speed_x: float) -> None:
        self.beds = {pod: Bed(text) for pod, text in told.items()}
        self.happenings: deque[str] = deque(maxlen=7)
        self._title = title
        self._speed_x = speed_x
        self._now_s = 0.0
        self._pods: Mapping[str, Pod] = {}
        self._senders: dict[str, str] = {}

    def follow(self, tick: int, events: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> list[str]:
        """Takes one settled tick; returns what a person should be told of it."""
        self._now_s, self._pods = tick + 1.0, pods
        news = [line for event in events if event.pod in self.beds and (line := self._take(event))]
        self.happenings.extend(news)
        return news

    def _take(self, event: AnyEvent) -> str:
        bed = self.beds[event.pod or ""]
        match event:
            case StageScored() if event.onset_s % EPOCH_S == 0:
                bed.strip.append((Stage(event.stage), bed.cued_in_epoch))
                bed.cued_in_epoch = False
            case CueDue() | CueLabelled():
                bed.unstaged = isinstance(event, CueLabelled)
                if isinstance(event, CueDue) and is_relay(event.part):
                    sender = self._senders.get(event.cause or "", "another bed")
                    return f"{clock(event.onset_s)}  {event.pod}  hears {event.cue}: {sender} signalled, both agreed"
            case RelayOffered():
                self._senders[event.id] = event.sender
                return f"{clock(event.onset_s)}  {event.pod}  a signal of {event.sender} waits for the gate here"
            case CuePlayed():
                bed.cues, bed.last_cue_s, bed.cued_in_epoch = bed.cues + 1, event.actual_s, True
                return f"{clock(event.actual_s)}  {event.pod}  first cue{self._how(bed)}" if bed.cues == 1 else ""
            case CueFailed():
                return f"{clock(event.onset_s)}  {event.pod}  a cue was not played ({event.reason.lower()})"
            case ArousalSeen() if bed.last_cue_s is not None and event.onset_s - bed.last_cue_s < 15:
                return f"{clock(event.onset_s)}  {event.pod}  arousal soon after a cue: faded, paused, softer"
            case _:
                line = in_words(event)
                return f"{clock(event.onset_s)}  {event.pod}  {line}" if line else ""
        return ""

    def __rich__(self) -> RenderableType:
        head = Text.assemble(
            (f" {clock(self._now_s)} ", "bold"), f" {self._title} · {self._speed_x:.0f} x · not a medical device"
        )
        lines = [Text("  " + line, style="#98a3b3") for line in self.happenings]
        return Group(head, self._table(), *lines)

    def _table(self) -> Table:
        grid = Table(expand=False, box=None, pad_edge=False, header_style="#98a3b3")
        for name in ("bed", "sleeper", "stage", "sure", "the night so far", "cues", "last cue, or why not"):
            grid.add_column(name, justify="right" if name in {"sure", "cues"} else "left", no_wrap=True)
        for pod, bed in self.beds.items():
            grid.add_row(*self._row(pod, bed))
        return grid

    def _row(self, pod: str, bed: Bed) -> list[RenderableType]:
        known = self._pods.get(pod)
        state = known.decision if known else None
        stage = state.stage if state else Stage.UNSCORED
        sure = f"{state.readings[-1].confidence:.2f}" if state and state.readings else "-"
        letter = "?" if stage is Stage.UNSCORED else str(stage)
        return [
            pod,
            bed.told,
            Text(f"{letter:<3}{LOOK[stage][0]}", style=LOOK[stage][1]),
            sure,
            self._strip(bed),
            str(bed.cues),
            self._why(bed, known),
        ]

    def _strip(self, bed: Bed) -> Text:
        text = Text()
        for stage, cued in bed.strip:
            mark, colour = LOOK[stage]
            text.append("♪" if cued else mark, style=colour)
        return text

    @staticmethod
    def _how(bed: Bed) -> str:
        return ", unstaged" if bed.unstaged else ""

    def _why(self, bed: Bed, pod: Pod | None) -> Text:
        if bed.last_cue_s is not None and self._now_s - bed.last_cue_s < 12:
            return Text(f"♪ {clock(bed.last_cue_s)}{self._how(bed)}", style="bold #ff8f6b")
        episode = pod.episodes.get(0) if pod else None
        if episode is None:
            return Text("")
        return Text(IN_WORDS.get(episode.reason, episode.reason), style="#98a3b3")
