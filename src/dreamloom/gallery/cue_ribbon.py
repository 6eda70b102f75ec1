"""When did cues play, when were they let pass, and why? One lane a reason; label, pattern and colour say the same."""

from dreamloom.gallery.frame import MARK_PX, Frame, axis, hatch, lane, picture, upright_marks
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.pod_night import Fate, PodNight, union
from dreamloom.gallery.words import REASONS
from dreamloom.record.events import WithheldReason

TOP_PX = 6
FATES: dict[Fate, str] = {"played": "cues played", "failed": "cues failed", "unknown": "outcome unknown"}


def cue_ribbon(night: PodNight, frame: Frame, *, name: str, title: str, sentence: str) -> Markup:
    """The cues of one pod and every episode of silence as SVG text.

    Bars that wait for the right moment are hollow, those that protect the sleeper solid, those where something was
    missing hatched. Arguments as for `hypnogram.hypnogram`.
    """
    defs, unknown = hatch(frame, name)
    parts: list[Markup] = []
    y = float(TOP_PX)
    for fate, text in FATES.items():
        onsets_s = [cue.onset_s for cue in night.cues if cue.fate == fate]
        if onsets_s or fate == "played":
            row = lane(frame, y, text, f"{len(onsets_s):,}")
            parts += [row.label, upright_marks(frame, onsets_s, row.y_px, f"cue {fate}")]
            y = row.next_px
    for reason in reasons_seen(night):
        count = sum(silence.occasions for silence in night.silences if silence.reason == reason)
        row = lane(frame, y, REASONS[reason].short, f"{count:,}")
        parts += [row.label, _bars(night, frame, reason, (row.y_px, unknown))]
        y = row.next_px
    scale, height = axis(frame, TOP_PX, y + 4)
    return picture(frame, height, defs, scale, *parts, name=name, title=title, sentence=sentence)


def reasons_seen(night: PodNight) -> list[WithheldReason]:
    """The reasons of this night in the order in which pages list them."""
    seen = {silence.reason for silence in night.silences}
    return [reason for reason in REASONS if reason in seen]


def _bars(night: PodNight, frame: Frame, reason: WithheldReason, row: tuple[float, str]) -> Markup:
    y_px, unknown = row
    group = REASONS[reason].group
    spans = union((silence.from_s, silence.to_s) for silence in night.silences if silence.reason == reason)
    bars = (
        tag(
            "rect",
            x=frame.x(span.from_s),
            y=y_px + 1,
            width=frame.width(span.from_s, span.to_s),
            height=MARK_PX - 2,
            fill=unknown if group == "missing" else None,
            class_=f"held {group}",
        )
        for span in spans
    )
    return join(*bars)
