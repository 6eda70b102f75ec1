"""How does a recording become a night? Writes the three files for one sleeper, with a grant for exactly this text."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from dreamloom.dreamscape import reader
from dreamloom.dreamscape.model import Dreamscape, parts_of, possible_cues
from dreamloom.dreamscape.moments import needs_company
from dreamloom.house.cue_sounds import bring_along
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked, SpeakerAsked
from dreamloom.house.opening import read_checked
from dreamloom.house.texts import find_dreamscape
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import AWAKE_MAX_DB, BEDROOM_MAX_DB

OF_SLEEP = {str(stage) for stage in (Stage.N1, Stage.N2, Stage.N3, Stage.R)}


def night_of_recording(
    house: House, recording: Path, dreamscape: str, *, seed: int, channel: str = "", stager: str = ""
) -> NightFolder:
    """A new night of one pod that replays the recording, its sleeper agreeing to the whole dreamscape.

    Raises:
        StreamError: when the recording is not there.
        ConfigError: when the dreamscape is not, or is wrong.
    """
    if not recording.is_file():
        raise StreamError(
            "DL-E201",
            f"There is no recording {str(recording)!r}.",
            why="It is a folder." if recording.is_dir() else "No file has this name.",
            do="Name an EDF, EDF+ or BDF file.",
        )
    pod = PodAsked(
        id="p1",
        sleeper="S01",
        source=f"edf:{recording.resolve()}",
        channels=(channel,) if channel else (),
    )
    return write_night(house, free_name(house, RECORDING), [pod], dreamscape, seed=seed, stager=stager)


RECORDING = "recording"
"""What a night made of a recording is called: the file's own name may be somebody's."""


def write_night(  # noqa: PLR0913 - what a person may say of a night, each by its name
    house: House,
    name: str,
    pods: list[PodAsked],
    dreamscape: str,
    *,
    seed: int,
    title: str = "",
    stager: str = "",
    beside: Path | None = None,
) -> NightFolder:
    """Writes night.toml, dreamscape.yaml and consent.toml of a new night in which everybody agrees to everything.

    Unless a pod says its groups, everybody is in every one. Files of sound come along; they lie where the dreamscape
    does, or in `beside`.
    """
    text, file = find_dreamscape(dreamscape)
    asked = read_checked(text, file=file)
    folder = house.night(name)
    folder.root.mkdir(parents=True)
    bring_along(asked, folder, beside or Path(file).parent)
    (folder.root / "dreamscape.yaml").write_bytes(text.encode("utf-8"))
    is_said = any(pod.groups for pod in pods)
    grouped = pods if is_said else [msgspec.structs.replace(pod, groups=tuple(asked.groups)) for pod in pods]
    folder.night_toml.write_text(_night_toml(grouped, seed=seed, title=title, stager=stager), encoding="utf-8")
    grants = grants_toml([pod.sleeper for pod in pods], asked, reader.sha256(text))
    folder.consent_toml.write_text(grants, encoding="utf-8")
    return folder


def discard(folder: NightFolder) -> None:
    """Removes a night nobody wanted to keep."""
    shutil.rmtree(folder.root, ignore_errors=True)


def free_name(house: House, stem: str) -> str:
    """A safe night name that is not taken: stem-1, stem-2 and so on."""
    safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem).strip("-_")[:48] or "night"
    number = 1
    while house.night(f"{safe}-{number}").root.exists():
        number += 1
    return f"{safe}-{number}"


def _night_toml(pods: list[PodAsked], *, seed: int, title: str, stager: str) -> str:
    head = f'title = {quoted(title)}\ndreamscape = "dreamscape.yaml"\nmode = "private"\ntimezone = "UTC"\n'
    beds = [
        f"\n[[pod]]\nid = {quoted(pod.id)}\nsleeper = {quoted(pod.sleeper)}\nsource = {quoted(pod.source)}\n"
        + (f"channels = {quoted_list(pod.channels)}\n" if pod.channels else "")
        + (f"speaker = {_speaker_toml(pod.speaker)}\n" if pod.speaker != SpeakerAsked() else "")
        + (f"shares_room_with = {quoted_list(pod.shares_room_with)}\n" if pod.shares_room_with else "")
        + (f"groups = {quoted_list(pod.groups)}\n" if pod.groups else "")
        + (f"wake_at_latest = {quoted(pod.wake_at_latest)}\n" if pod.wake_at_latest else "")
        + (f"timezone = {quoted(pod.timezone)}\n" if pod.timezone else "")
        for pod in pods
    ]
    head += f"stager = {quoted(stager)}\n" if stager else ""
    return head + f"simulation_seed = {seed}\n" + "".join(beds)


def _speaker_toml(asked: SpeakerAsked) -> str:
    channels = "" if asked.channels == SpeakerAsked().channels else f", channels = {list(asked.channels)}"
    shared = f", shared_with = {quoted_list(asked.shared_with)}" if asked.shared_with else ""
    return f"{{ device = {quoted(asked.device)}{channels}{shared} }}"


def grants_toml(sleepers: Sequence[str], dreamscape: Dreamscape, sha256: str) -> str:
    """A consent.toml in which everybody agrees to the whole of this text."""
    return "".join(
        grant_toml(who, dreamscape, sha256, others=[other for other in sleepers if other != who]) for who in sleepers
    )


def grant_toml(sleeper: str, dreamscape: Dreamscape, sha256: str, *, others: Sequence[str] = ()) -> str:
    """One sleeper's table of consent.toml, agreeing to the whole of this text and, where it relays, to all others."""
    parts = [part for _, part in parts_of(dreamscape)]
    parts += [relay.at_receiver for relay in dreamscape.relays]
    parts += [each.asking("", again=False, is_open=False) for each in dreamscape.dialogues.values()]
    gates, budgets = [part.when for part in parts], [part.budget for part in parts]
    stages = {str(stage) for gate in gates for stage in gate.stage} or OF_SLEEP
    spoken = any(len(each.sounds) > 1 for each in dreamscape.awakenings)  # to somebody who was woken
    agreed = sorted({*stages, *([str(Stage.W)] if spoken else [])})
    wake, group = ["wake"] if dreamscape.awakenings else [], ["group"] if needs_company(dreamscape) else []
    purposes = ["cue", *wake, "keep derived", *group]
    pairs = f"relay_from = {quoted_list(others)}\nrelay_to = {quoted_list(others)}\n" if dreamscape.relays else ""
    cues = ", ".join(quoted(name) for name in sorted(possible_cues(dreamscape)))
    return (
        f"[{quoted(sleeper)}]\n"
        'sheet = "none: a recording or a simulated sleeper"\n'
        f"dreamscape_sha256 = {quoted(sha256)}\n"
        f"cues = [{cues}]\n"
        f"stages = [{', '.join(quoted(stage) for stage in agreed)}]\n"
        f"level_cap_db = {min(BEDROOM_MAX_DB, dreamscape.levels.cap_dba):g}\n"
        + _awake_cap(dreamscape)
        + f"cues_per_hour = {max(1, min(3600, sum(budget.per_hour for budget in budgets)))}\n"
        'rearm_after_crash = "once"\n'
        f"purposes = {quoted_list(purposes)}\n"
        f"{pairs}"
        'expires = "end of night"\n\n'
    )


def quoted_list(texts: Sequence[str]) -> str:
    """A TOML array of basic strings."""
    return f"[{', '.join(map(quoted, texts))}]"


def _awake_cap(dreamscape: Dreamscape) -> str:
    awake_db = dreamscape.levels.awake_cap_dba
    return "" if awake_db is None else f"awake_level_cap_db = {min(AWAKE_MAX_DB, awake_db):g}\n"


def quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
