"""Where is this one device, stream or bed, and what is it doing? Looked for by a part of its name in every place."""

import re
from collections.abc import Iterator
from importlib.util import find_spec

from dreamloom.adapters.brainflow.boards import BOARDS
from dreamloom.house import surroundings
from dreamloom.house.finding import Finding
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked, read_night
from dreamloom.house.speakers import SILENT
from dreamloom.vocabulary.errors import DreamloomError, StreamError


def look_for(name: str, house: House) -> Iterator[Finding]:
    """Everything here that goes by this name, each with what to do; a finding that is wrong when nothing does."""
    wanted, is_found = _plain(name), False
    for finding in (*_beds(wanted, house), *_streams(wanted), *_outputs(wanted, house), *_boards(wanted)):
        is_found = is_found or finding.topic != "search"
        yield finding
    if not is_found:
        remedy = (
            "Switch the device on and start its program, then look again. What is here: dreamloom doctor; "
            "a headband without a program of its own: dreamloom doctor soak --source brainflow:BOARD"
        )
        what = f"nothing here goes by {name!r}: no LSL stream, output, board or bed of the newest night"
        yield Finding("search", what, "wrong", remedy)


def _plain(text: str) -> str:
    """Muse-7F, muse_7f and MUSE 7F are the same to an ear."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _means(wanted: str, *names: str) -> bool:
    return bool(wanted) and any(wanted in _plain(name) for name in names)


def _streams(wanted: str) -> Iterator[Finding]:
    if find_spec("pylsl") is None:
        yield Finding("search", "LSL streams were not looked for", "note", 'pip install "dreamloom[lsl]"')
        return
    try:
        there = surroundings.announced()
    except StreamError as error:
        yield Finding("search", f"LSL streams were not looked for: {error.why}", "note", error.do)
        return
    for seen in there:
        if _means(wanted, seen.stream.name, seen.stream.source_id):
            yield surroundings.listened_to(seen)


def _outputs(wanted: str, house: House) -> Iterator[Finding]:
    if find_spec("miniaudio") is None:
        return
    for device in surroundings.plugged_in():
        if _means(wanted, device.id, device.name):
            yield surroundings.of_output(device, house)


def _boards(wanted: str) -> Iterator[Finding]:
    for board in BOARDS:
        if not _means(wanted, board):
            continue
        if find_spec("brainflow") is None:
            yield Finding("board", f"{board}: BrainFlow is not installed", "note", 'pip install "dreamloom[brainflow]"')
        else:
            remedy = f"Switch it on and listen to it: dreamloom doctor soak --source brainflow:{board}"
            yield Finding("board", f"{board} can be opened through BrainFlow; it announces nothing", "note", remedy)


def _beds(wanted: str, house: House) -> Iterator[Finding]:
    """Beds of the newest night, by their own name, their sleeper, their source or their output."""
    night = _newest(house)
    if night is None:
        return
    try:
        pods = read_night(night.night_toml.read_text(encoding="utf-8"), file=str(night.night_toml)).pod
    except (DreamloomError, OSError, UnicodeDecodeError) as error:
        yield Finding("search", f"the beds of {night.name} cannot be read", "note", str(error).splitlines()[0])
        return
    for pod in pods:
        if wanted == _plain(pod.id) or _means(wanted, pod.sleeper, pod.source, pod.speaker.device):
            yield _bed(pod, night)


def _bed(pod: PodAsked, night: NightFolder) -> Finding:
    speaker = pod.speaker.device
    heard = "silent" if speaker == SILENT else f"on {speaker}"
    told = f"{pod.id} of {night.name}: {pod.sleeper} from {pod.source}, {heard}"
    remedy = f"Hear its name where it sleeps: dreamloom doctor speakers {night.name}" if speaker != SILENT else ""
    return Finding("bed", told, "ok", remedy)


def _newest(house: House) -> NightFolder | None:
    nights = [path.parent for path in house.night("").root.glob("*/night.toml")]
    newest = max(nights, key=lambda root: (root / "night.toml").stat().st_mtime, default=None)
    return None if newest is None else NightFolder(newest)
