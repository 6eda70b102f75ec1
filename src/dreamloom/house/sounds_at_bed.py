"""Is a bed's sound still the one that was agreed to? Laid down at its bed by content, and hashed before every play."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from dreamloom.engine.played import CHANGED, Chosen
from dreamloom.house.layout import PodFolder
from dreamloom.house.sealing import ArmSealer
from dreamloom.jukebox.cues import Sound
from dreamloom.record.events import CueDue


class SoundsAtBed:
    """The sounds of a night as they lie at one bed, each file named by the SHA-256 of its frames."""

    def __init__(self, folder: PodFolder, sealer: ArmSealer) -> None:
        self._folder, self._sealer = folder, sealer

    def choose(self, due: CueDue) -> Chosen:
        """The sound of a planned cue; CHANGED where a file that could stand in its place is not what it was.

        All that could stand there are looked at, in whichever arm: which of them was spoilt tells nobody the arm.
        """
        sound = self._sealer.sound_of(due)
        if sound is None:
            return None
        return sound if all(self._is_whole(each) for each in self._sealer.could_stand(due)) else CHANGED

    def _is_whole(self, sound: Sound) -> bool:
        try:
            found = (self._folder.cues / sound.sha256).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(found).hexdigest() == sound.sha256


def lay_down(beds: Mapping[PodFolder, Iterable[Sound]], *, warn: Callable[[str], None]) -> None:
    """Puts every sound of a night down at its beds; one file on the disk where several beds have the same sound.

    A disk that refuses keeps those beds silent: what does not lie there is not played.
    """
    laid: dict[str, Path] = {}
    for folder, sounds in beds.items():
        try:
            folder.cues.mkdir(parents=True, exist_ok=True)
            for sound in sounds:
                _lay(folder.cues / sound.sha256, sound, laid)
        except OSError as error:
            warn(f"The sounds of {folder.root.name} could not be put down, so it stays silent: {error}")


def _lay(path: Path, sound: Sound, laid: dict[str, Path]) -> None:
    frames = sound.frames.tobytes()
    if path.is_file() and path.read_bytes() == frames:
        laid.setdefault(sound.sha256, path)
        return
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    there = laid.get(sound.sha256)
    if there is None or not _linked(there, draft):
        draft.write_bytes(frames)
    draft.replace(path)
    laid[sound.sha256] = path


def _linked(there: Path, path: Path) -> bool:
    """False on a disk that knows no second name for a file."""
    try:
        os.link(there, path)
    except OSError:
        return False
    return True
