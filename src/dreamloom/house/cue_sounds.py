"""What is each cue of tonight made of? Recipes, files known by their hash, speech, and the sleeper's own recordings."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from dreamloom.adapters import loudness
from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.sound_files import read_sound, too_long
from dreamloom.adapters.speech import SystemVoice, heard
from dreamloom.dreamscape.cue import Cue
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.obeyed import sounds_needed
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.house.speakers import SILENT
from dreamloom.jukebox import synth
from dreamloom.jukebox.cues import Sound, SoundSource
from dreamloom.ports import SpeechVoice
from dreamloom.vocabulary.errors import ConfigError, StreamError
from dreamloom.vocabulary.units import Seconds

STAND_IN: SoundSource = "stand-in"
SHORTEST_CHIME_S = 0.5
NOBODY = ("sim:", "edf:")
"""Sources behind which nobody lies: no words were recorded, and none are missed."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the sounds of a night are looked for.

    Attributes:
        folders: files are looked for in them by name, in this order.
        kept: the night's own copies, by content: looked in first, filled as sounds are found; None keeps nothing.
        voice: who speaks; None: what is said is a chime of that length instead.
        needs_voice: without a voice no night, rather than one in which chimes stand in.
    """

    folders: Sequence[Path] = ()
    kept: Path | None = None
    voice: SpeechVoice | None = None
    needs_voice: bool = False


def shelf_of(folder: NightFolder, night: NightAsked) -> Shelf:
    """That of a night: its own folder. Chimes may stand in for speech only where nobody can hear them."""
    is_heard = any(pod.speaker.device != SILENT for pod in night.pod)
    return Shelf((folder.root,), folder.cues, SystemVoice(), needs_voice=is_heard)


def make_sounds(
    dreamscape: Dreamscape, shelf: Shelf | None = None, *, cues: Mapping[str, Cue] | None = None
) -> dict[str, Sound]:
    """Every cue that a night of this dreamscape can play, or these alone, made once; the hash names it from here on.

    A chime stands in for what a sleeper has to record, until that sleeper did.

    Raises:
        ConfigError: for a file that is missing, another one, unreadable or too long.
        StreamError: where speech is needed and nothing speaks.
    """
    at, wanted = shelf or Shelf(), sounds_needed(dreamscape) if cues is None else cues
    return {name: _sound(name, cue, at) for name, cue in wanted.items()}


def bring_along(dreamscape: Dreamscape, folder: NightFolder, beside: Path) -> None:
    """Copies the files that a dreamscape names into its new night, each looked at first; raises as make_sounds."""
    shelf = Shelf((beside,), folder.cues)
    for name, cue in sounds_needed(dreamscape).items():
        if cue.file is not None:
            _found(name, cue.file, cue.sha256 or "", shelf)


def weighed(sounds: Mapping[str, Sound]) -> dict[str, Sound]:
    """The same sounds with their loudness found: what a night plays; a rehearsal needs none."""
    return {name: loudness.weighed(sound) for name, sound in sounds.items()}


def own_words(dreamscape: Dreamscape) -> dict[str, Cue]:
    """The cues that each sleeper hears in the own voice."""
    return {name: cue for name, cue in sounds_needed(dreamscape).items() if _is_own(cue)}


def _is_own(cue: Cue) -> bool:
    return cue.kind == "speech" and cue.voice == "own recording"


def _sound(name: str, cue: Cue, shelf: Shelf) -> Sound:
    if cue.kind in {"silence", "light", "vibration"}:
        return synth.make("silence", name=name, duration_s=cue.duration_s)
    if cue.kind == "speech":
        return _stand_in(name, cue) if _is_own(cue) else _spoken(name, cue, shelf)
    if cue.file is not None:
        data = _found(name, cue.file, cue.sha256 or "", shelf)
        return replace(read_sound(name, data, at_most_s=Seconds(cue.duration_s)), source="file")
    return synth.make(cue.make or "", name=name, **_parameters(cue))


def _parameters(cue: Cue) -> dict[str, object]:
    wanted: dict[str, Mapping[str, object]] = {
        "chord": {"notes": list(cue.notes)},
        "chime": {"notes": list(cue.notes)},
        "tone": {"pitch": cue.notes[0] if cue.notes else ""},
        "morse": {"say": cue.say or "", "pitch": cue.notes[0] if cue.notes else ""},
    }
    return {"duration_s": cue.duration_s, **wanted.get(cue.make or "", {})}


def _stand_in(name: str, cue: Cue) -> Sound:
    """A chime at the time and of the length of what would be said."""
    if cue.duration_s < SHORTEST_CHIME_S:
        made = synth.make("tone", name=name, pitch="E5", duration_s=cue.duration_s)
    else:
        made = synth.make("chime", name=name, notes=["E5", "B5"], duration_s=cue.duration_s)
    return replace(made, source=STAND_IN)


def _spoken(name: str, cue: Cue, shelf: Shelf) -> Sound:
    """In the voice that spoke it first tonight: a night that goes on, or is decided again, sounds as it did."""
    said = cue.say or ""
    path = shelf.kept / f"spoken-{hashlib.sha256(said.encode()).hexdigest()[:16]}.wav" if shelf.kept else None
    sound = heard(name, path.read_bytes()) if path is not None and path.is_file() else None
    if sound is None:
        if shelf.voice is None:
            return _stand_in(name, cue)
        try:
            wav = shelf.voice.wav(said)
        except StreamError:
            if shelf.needs_voice:
                raise
            return _stand_in(name, cue)
        sound = heard(name, wav)
        if sound is None:
            raise ConfigError("DL-E604", f'What was spoken for "{name}" is no sound.', do="Look at the voice.")
        if path is not None:
            _keep(path, wav)
    if sound.duration_s > cue.duration_s:
        raise too_long(name, sound.duration_s, cue.duration_s)
    return replace(sound, source="spoken")


def _found(name: str, file: str, sha256: str, shelf: Shelf) -> bytes:
    """The bytes with this hash, wherever they lie: what a name means may change, what a hash means cannot."""
    kept = shelf.kept / sha256 if shelf.kept else None
    others: list[Path] = []
    for path in (*([kept] if kept else []), *(folder / file for folder in shelf.folders)):
        data = _bytes_of(path)
        if data is None:
            continue
        if hashlib.sha256(data).hexdigest() == sha256:
            if kept is not None and path != kept:
                _keep(kept, data)
            return data
        others.append(path)
    if others:
        raise ConfigError(
            "DL-E352",
            f'{others[0]} is not the file that the cue "{name}" names.',
            why=f"Its SHA-256 is not {sha256[:12]}…: it was changed or exchanged after the dreamscape was written.",
            do="Put the file back, or listen to this one, write its SHA-256, and ask the sleepers again.",
        )
    raise ConfigError(
        "DL-E351",
        f'The file {file} of the cue "{name}" is not there.',
        why=f"It was looked for in {', '.join(map(str, shelf.folders)) or 'no folder'}.",
        do="Put it beside the dreamscape.",
    )


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, data)


# --- a sleeper's own words -----------------------------------------------------------------------------------------


class KeptWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of voices/POD.json: whose voice it is, and for each cue the hash of its file in the pod's folder.

    `replaced` are those recorded anew since: no night plays them, and they are that sleeper's all the same.
    """

    sleeper: str
    cues: dict[str, str]
    replaced: tuple[str, ...] = ()


def keep_words(folder: NightFolder, pod: PodAsked, cue: str, data: bytes) -> str:
    """Keeps a recording of this bed's sleeper for this cue, in the pod's folder by its content; returns its SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    _keep(folder.house.pod(pod.id).cues / sha256, data)
    before = _words_of(folder, pod)
    cues = {**(before.cues if before else {}), cue: sha256}
    told = (*before.replaced, *before.cues.values()) if before else ()
    replaced = tuple(each for each in dict.fromkeys(told) if each not in cues.values())
    kept = KeptWords(pod.sleeper, cues, replaced)
    _keep(folder.voices(pod.id), msgspec.json.encode(kept))
    return sha256


def own_sounds(dreamscape: Dreamscape, folder: NightFolder, pod: PodAsked) -> dict[str, Sound]:
    """What this bed's sleeper recorded, by cue; nothing for a simulated sleeper or a recording, who keep the chime.

    Raises:
        ConfigError: DL-E355 when words are missing, DL-E352 when the file was changed since.
    """
    wanted = own_words(dreamscape)
    kept = _words_of(folder, pod) if wanted else None
    found = {}
    for name, cue in wanted.items():
        sha256 = kept.cues.get(name) if kept else None
        if sha256 is None:
            if pod.source.startswith(NOBODY):
                continue
            raise _unrecorded(folder, pod, name, cue)
        data = _found(name, sha256, sha256, Shelf((folder.house.pod(pod.id).cues,)))
        sound = read_sound(name, data, at_most_s=Seconds(cue.duration_s))
        found[name] = replace(sound, source="own recording")
    return weighed(found)


def stand_ins(sounds: Mapping[str, Sound]) -> list[str]:
    """Names of the cues in whose place a chime would be heard."""
    return [name for name, sound in sounds.items() if sound.source == STAND_IN]


def _words_of(folder: NightFolder, pod: PodAsked) -> KeptWords | None:
    path = folder.voices(pod.id)
    data = _bytes_of(path)
    if data is None:
        return None
    try:
        kept = msgspec.json.decode(data, type=KeptWords)
    except msgspec.DecodeError as error:
        raise ConfigError(
            "DL-E601", f"{path} is no list of recordings.", why=f"{error}.", do="Remove it, and record the words again."
        ) from error
    return kept if kept.sleeper == pod.sleeper else None


def _unrecorded(folder: NightFolder, pod: PodAsked, name: str, cue: Cue) -> ConfigError:
    return ConfigError(
        "DL-E355",
        f'{pod.sleeper} has not recorded "{name}" yet.',
        why=f"It is to be heard in the own voice: “{cue.say or ''}”",
        do=f"Record it in the evening: dreamloom calibrate voice {folder.name} {pod.id} {name}",
    )
