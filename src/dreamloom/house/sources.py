"""Where do this pod's samples come from? Turns a source as written ("edf:FILE", "sim:lucid") into an open one."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dreamloom.adapters import simulated_spec
from dreamloom.adapters.brainflow import boards
from dreamloom.adapters.brainflow.source import BrainFlowSource
from dreamloom.adapters.edf import EdfSource, channels_without_eeg
from dreamloom.adapters.joined import JoinedSource
from dreamloom.adapters.lsl.opened import Opened
from dreamloom.adapters.lsl.opening import LslRequest, open_streams
from dreamloom.adapters.lsl.opening_again import Known, open_again
from dreamloom.adapters.lsl.source import LslSource
from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.house.joined_streams import MOVEMENT, of_bed, of_phone
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.supporting import OF_KINDS, Bed, bed_of
from dreamloom.ports import SignalSource
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime

KINDS = ("edf", "sim", "lsl", "brainflow", "joined", "phone")
OVER_THE_NETWORK = frozenset({"joined", "phone"})
"""Who serves pages passes their samples on: those of a laptop that joined, or how the phone at the bed moves."""
PIECE_SAMPLES = 4
"""Of a recording that stands in for a device: some 15 to 40 ms, as amplifiers hand them over. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRequest:
    """What is needed to open a pod's source.

    Attributes:
        folder: relative files are looked up here.
        seed: of simulated sleepers.
        from_s: night time at which this opening begins.
        block_samples: how many samples a recording hands over at once; its own choice if None.
        in_pieces: whether it then hands over less than a second at once, as a device does.
        lsl: this pod's stream, listened to already.
        board: this pod's BrainFlow board, streaming already.
        now_s: the night's clock, for sources that stamp arrivals themselves.
    """

    folder: Path
    seed: int
    from_s: NightTime = NightTime(0.0)
    block_samples: int | None = None
    in_pieces: bool = False
    lsl: Opened | None = None
    board: BrainFlowSource | None = None
    now_s: Callable[[], NightTime] | None = None


def listen(
    pods: Sequence[PodAsked], *, speed_x: float | None, known: Mapping[str, Known] | None = None
) -> dict[str, Opened]:
    """The LSL streams of these pods, found and listened to, by pod; before the night's clock is struck.

    Those whose device the record knows are that device or are left sought, and keep no other from being opened.

    Raises:
        ConfigError, StreamError: as adapters/lsl/opening.py; DL-E258 for a night that is not run live.
    """
    meant = [LslRequest(pod.id, pod.source.removeprefix("lsl:"), pod.channels) for pod in pods if _is_lsl(pod)]
    boards_of = refuse_shared_boards(pods)
    live = [*(request.pod for request in meant), *boards_of, *(pod.id for pod in pods if _is_joined(pod))]
    if live and speed_x != 1.0:
        raise StreamError(
            "DL-E258",
            f"Pod {live[0]!r} listens to a live stream, and this night is not run live.",
            why="A person sleeps one second a second.",
            do="Leave --speed out; a stored night is decided again with: dreamloom replay NIGHT",
        )
    known = known or {}
    opened = open_streams([request for request in meant if request.pod not in known])
    return opened | open_again([request for request in meant if request.pod in known], known)


def open_boards(pods: Sequence[PodAsked], *, goes_on: bool = False) -> dict[str, BrainFlowSource]:
    """The BrainFlow boards of these pods, streaming, by pod; before the night's clock is struck.

    One after another: BrainFlow holds one lock while it looks for a device, so that threads would only wait. Where a
    broken night goes on, a device that is gone is sought later, beside the night.

    Raises:
        ConfigError, StreamError: as BrainFlowSource; none is left open then.
    """
    meant, opened = set(refuse_shared_boards(pods)), dict[str, BrainFlowSource]()
    with ExitStack() as undo:
        for pod in pods:
            if pod.id in meant:
                detail = pod.source.removeprefix("brainflow:")
                opened[pod.id] = BrainFlowSource(detail, channels=pod.channels, sought=goes_on)
                undo.callback(opened[pod.id].close)
        undo.pop_all()
    return opened


def refuse_shared_boards(pods: Sequence[PodAsked]) -> list[str]:
    """The pods that listen to a BrainFlow board, once each board can be told from the others.

    Raises:
        ConfigError: DL-E243 for two pods that may mean one device; DL-E343, DL-E344 for one that cannot be read.
    """
    parts = {pod.id: pod.source.partition(":") for pod in pods}
    asked = {
        pod: boards.read_spec(detail) for pod, (kind, _, detail) in parts.items() if kind == "brainflow" and detail
    }
    boards.refuse_shared(asked)
    return list(asked)


def _is_joined(pod: PodAsked) -> bool:
    kind, _, detail = pod.source.partition(":")
    return kind in OVER_THE_NETWORK and bool(detail.strip()) and (kind != "phone" or detail == MOVEMENT)


def _is_lsl(pod: PodAsked) -> bool:
    kind, _, detail = pod.source.partition(":")
    return kind == "lsl" and bool(detail.strip())


def open_source(pod: PodAsked, request: SourceRequest) -> tuple[SignalSource, str]:
    """The source, and its name as the record keeps it: kind and content, never a path.

    Raises:
        StreamError: for a kind of source that is not known, or a recording that cannot be read.
        ConfigError: for a simulated sleeper that is not known.
    """
    kind, _, detail = pod.source.partition(":")
    if kind == "sim":
        simulated = SimulatedSource(detail, seed=request.seed, sleeper=pod.sleeper, from_s=request.from_s)
        return simulated, pod.source
    if request.lsl is not None and request.now_s is not None:
        return LslSource(request.lsl, now_s=request.now_s), pod.source
    if request.board is not None:
        return request.board, pod.source
    if _is_joined(pod) and request.now_s is not None:
        night = NightFolder(request.folder)
        stream = of_phone() if kind == "phone" else of_bed(night, pod.id, source=pod.source)
        return JoinedSource(stream, night.house.pod(pod.id).root, now_s=request.now_s), pod.source
    if kind == "edf" and detail:
        path = request.folder / Path(detail).expanduser()
        cut = request.block_samples or (PIECE_SAMPLES if request.in_pieces else None)
        source = EdfSource(
            path, channels=pod.channels or channels_without_eeg(path), block_samples=cut, start_s=request.from_s
        )
        return source, f"edf:{_content(path)}"
    raise _unknown(pod, kind)


def refuse_what_names_nothing(pod: PodAsked) -> None:
    """Returns for a source that could be looked for tonight, by this version or not; opens nothing.

    Raises:
        StreamError: for a kind of source that is not known, or one that does not say what should be opened.
        ConfigError: for a simulated sleeper, or a board, that is not known.
    """
    kind, _, detail = pod.source.partition(":")
    if kind not in KINDS or not detail.strip() or (kind == "phone" and detail != MOVEMENT):
        raise _unknown(pod, kind)
    if kind == "sim":
        simulated_spec.read_spec(detail)
    if kind == "brainflow":
        boards.read_spec(detail)


def bed_foreseen(pod: PodAsked, folder: Path) -> Bed | None:
    """What will lie at this bed, as far as that can be known without opening a device; None where it cannot.

    A recording that cannot be read yet may be mended before the night, which says what is wrong with it.
    """
    kind, _, detail = pod.source.partition(":")
    if kind == "phone":
        return OF_KINDS["phone"]
    path = folder / Path(detail).expanduser()
    if kind != "edf" or not path.is_file():
        return None
    try:
        source = EdfSource(path, channels=pod.channels or channels_without_eeg(path))
    except StreamError:
        return None
    source.close()
    return bed_of(source.stream)


def _unknown(pod: PodAsked, kind: str) -> StreamError:
    near = get_close_matches(kind, KINDS, 1)
    if kind == "phone":
        why = f"A phone tells how it moves, and nothing else: phone:{MOVEMENT}."
    elif kind in KINDS:
        why = f"{kind}: is there, and what it should open is missing behind it."
    else:
        why = (
            "It opens recordings (edf:FILE), simulated sleepers (sim:PRESET), devices (lsl:NAME, brainflow:BOARD), "
            f"devices of another machine (joined:NAME) and how a phone moves (phone:{MOVEMENT})."
        )
    return StreamError(
        "DL-E205",
        f"Pod {pod.id!r} asks for the source {pod.source!r}, which this version cannot open.",
        why=why,
        still="Nothing was recorded or played.",
        do=(f'Did you mean "{near[0]}:"? ' if near and kind not in KINDS else "")
        + 'Write source = "edf:night.edf" or source = "sim:typical" in night.toml.',
    )


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
