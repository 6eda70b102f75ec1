"""Can this bed support what its dreamscape asks? Refused before the night where not, unless its author said how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dreamloom.dreamscape import words
from dreamloom.dreamscape.model import Dreamscape, parts_of, placed_parts
from dreamloom.dreamscape.unstaged import PodKind, by_the_clock, fallback_of, unsupported
from dreamloom.pod.by_the_clock import shows_sleep_onset
from dreamloom.signals.blocks import Channel, StreamInfo
from dreamloom.staging.support import EVIDENCE_WITHOUT_EEG, why_not
from dreamloom.vocabulary.errors import RefusedError, UsageError

OF_THE_BODY = frozenset({"MOTION", "ECG", "RESP", "EMG", "EOG"})


@dataclass(frozen=True, slots=True)
class Bed:
    """What lies beside one sleeper. why: why it tells no stage; None where it does."""

    kind: PodKind
    why: str | None
    channels: tuple[Channel, ...] = ()


OF_KINDS: dict[PodKind, Bed] = {
    "headband": Bed("headband", None),
    "watch": Bed("watch", "a watch has no EEG"),
    "phone": Bed("phone", "a phone has no EEG"),
    "speaker": Bed("speaker", "a speaker alone has no EEG"),
}
"""Beds named before anybody knows their channels."""


def bed_of(stream: StreamInfo) -> Bed:
    """The bed behind a stream, by its channels; the kinds of a dreamscape's `else` are told apart by what they show."""
    kinds = {channel.kind for channel in stream.channels}
    kind: PodKind = "headband" if "EEG" in kinds else "watch" if kinds & OF_THE_BODY else "speaker"
    return Bed(kind, why_not(kinds, stream.grid_hz), stream.channels)


def as_played(dreamscape: Dreamscape, bed: Bed) -> Dreamscape:
    """The dreamscape as this bed plays it: whole, or by the clock."""
    return dreamscape if bed.why is None else by_the_clock(dreamscape, bed.kind)


def refuse_unsupported(dreamscape: Dreamscape, bed: Bed, *, name: str) -> None:
    """Returns where every part that would play can be played at this bed, staged or by the clock.

    Raises:
        RefusedError: DL-E534, naming the first part whose stages this bed cannot tell.
    """
    missing = {} if bed.why is None else unsupported(dreamscape, bed.kind)
    if not missing:
        return
    number, part = next(iter(missing.items()))
    stages, path = words.stages(part.when.stage), placed_parts(dreamscape)[number].path
    raise RefusedError(
        "DL-E534",
        f"{name} cannot support the gate of {path}, which opens in {stages}: {bed.why}.",
        why=f"Without EEG nobody can tell: {EVIDENCE_WITHOUT_EEG}.",
        still="Nothing was recorded or played.",
        do=(
            f"Add an EEG to this bed, or let the author say what plays there instead: else: {{pod: {bed.kind}, "
            "when: {after_lights_off: 5 h, for: 90 min}, label: unstaged}; every such cue is marked unstaged."
        ),
    )


def told(dreamscape: Dreamscape, bed: Bed, *, name: str) -> list[str]:
    """What a person should know of this bed before the night; nothing where it tells stages."""
    if bed.why is None:
        return []
    lines = []
    for path, part in parts_of(dreamscape):
        other = fallback_of(part, bed.kind)
        if part.when.stage and other is not None:
            hits = f" About {other.expected_hits:.0%} are expected to meet it." if other.expected_hits else ""
            stages = words.stages(part.when.stage)
            lines.append(
                f"{name}: {path} goes by the clock and is marked unstaged, for {bed.why}: "
                f"nobody knows whether a cue meets {stages}.{hits}"
            )
            if other.when.after_sleep_onset_s is not None and not _knows_onset(bed):
                lines.append(
                    f"{name}: {path} waits for sleep onset, and nothing at this bed shows movement: it never plays."
                )
    return lines


def of_kinds(dreamscape: Dreamscape, kinds: Sequence[PodKind]) -> Iterator[str]:
    """How each kind of pod plays it; one line for all that are refused."""
    refused = [kind for kind in kinds if OF_KINDS[kind].why and unsupported(dreamscape, kind)]
    for kind in kinds:
        if kind not in refused:
            yield from told(dreamscape, OF_KINDS[kind], name=f"A {kind}")
    if refused:
        named = words.several(refused, "or")
        yield f"A bed without EEG, such as a {named}, is refused: it tells no stage, and no else says what plays there."


def kind_named(text: str) -> PodKind:
    """The kind of pod of this name; raises UsageError where there is none."""
    for kind in OF_KINDS:
        if kind == text:
            return kind
    raise UsageError(
        "DL-E117",
        f"There is no kind of pod {text!r}.",
        why=f"There are {', '.join(OF_KINDS)}.",
        do="Name one of these with --pod.",
    )


def data_of(dreamscape: Dreamscape, bed: Bed) -> Sequence[dict[str, object]]:
    """The same for `--json`: for each part that asks for stages, whether this kind of bed supports its gate."""
    rows: list[dict[str, object]] = []
    refused = set(unsupported(dreamscape, bed.kind)) if bed.why else set[int]()
    for number, (path, part) in enumerate(parts_of(dreamscape)):
        if not part.when.stage:
            continue
        how = "staged" if bed.why is None else "refused" if number in refused else "unstaged"
        rows.append({"part": path, "pod": bed.kind, "plays": how, "why": bed.why})
    return rows


def _knows_onset(bed: Bed) -> bool:
    return not bed.channels or shows_sleep_onset(bed.channels)
