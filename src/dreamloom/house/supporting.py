"""Can this bed support what its dreamscape asks? Refused before the night where not, unless its author said how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dreamloom.dreamscape import words
from dreamloom.dreamscape.explain_company import CHANNELS
from dreamloom.dreamscape.model import Dreamscape, parts_of, placed_parts
from dreamloom.dreamscape.obeyed import obeyed_dialogues
from dreamloom.dreamscape.unstaged import PodKind, by_the_clock, fallback_of, unsupported
from dreamloom.eyes.leads import leads
from dreamloom.eyes.saccades import SLOWEST_GRID_HZ
from dreamloom.eyes.strengths import places
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
    grid_hz: int = 0


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
    if stream.source.startswith("phone:"):
        return Bed("phone", OF_KINDS["phone"].why, stream.channels, stream.grid_hz)
    return Bed(kind, why_not(kinds, stream.grid_hz), stream.channels, stream.grid_hz)


def as_played(dreamscape: Dreamscape, bed: Bed) -> Dreamscape:
    """The dreamscape as this bed plays it: whole, or by the clock."""
    return dreamscape if bed.why is None else by_the_clock(dreamscape, bed.kind)


def refuse_unsupported(dreamscape: Dreamscape, bed: Bed, *, name: str) -> None:
    """Returns where every part that would play can be played at this bed, staged or by the clock, and answers be read.

    Raises:
        RefusedError: DL-E534, naming the first part whose stages this bed cannot tell; or the first dialogue of which
            no channel would show an answer.
    """
    _refuse_deaf(dreamscape, bed, name=name)
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


def _refuse_deaf(dreamscape: Dreamscape, bed: Bed, *, name: str) -> None:
    for dialogue, (shown, missing) in answers_at(dreamscape, bed).items():
        if not shown and bed.why is None:
            raise RefusedError(
                "DL-E534",
                f'{name} cannot support the dialogue "{dialogue}": nothing shows {words.several(missing, "or")}.',
                why=f"It has {', '.join(channel.label for channel in bed.channels)}, at {bed.grid_hz} Hz.",
                still="Nothing was recorded or played.",
                do=(
                    "Put on two electrodes beside the eyes, one at the chin, a cannula or a belt, as it asks; "
                    "or name under answer: by: what this bed has; or take the dialogue out of a copy."
                ),
            )


def answers_at(dreamscape: Dreamscape, bed: Bed) -> dict[str, tuple[list[str], list[str]]]:
    """For each dialogue that would be held: what shows its answers at this bed, in words, and what does not.

    Of a bed whose channels nobody knows nothing is said.
    """
    if not bed.channels:
        return {}
    known: set[str] = {*places(bed.channels, bed.grid_hz)}
    if leads(bed.channels) is not None and bed.grid_hz >= SLOWEST_GRID_HZ:
        known.add("eyes")
    names = list(dreamscape.dialogues)
    told: dict[str, tuple[list[str], list[str]]] = {}
    for index in obeyed_dialogues(dreamscape):
        answer = dreamscape.dialogues[names[index]].answer
        asked = answer.listened_to if answer is not None else ()
        shown, missing = ([CHANNELS[by] for by in asked if (by in known) is there] for there in (True, False))
        told[names[index]] = (shown, missing)
    return told


def told(dreamscape: Dreamscape, bed: Bed, *, name: str) -> list[str]:
    """What a person should know of this bed before the night; nothing where it tells stages and shows every answer."""
    lines = [
        f'{name}: answers in "{dialogue}" are read from {words.several(shown)} alone; no channel shows '
        f"{words.several(missing, 'or')}."
        for dialogue, (shown, missing) in answers_at(dreamscape, bed).items()
        if shown and missing
    ]
    if bed.why is None:
        return lines
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
