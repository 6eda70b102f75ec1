"""How does a person begin a night? Writes its three files, filled in and explained, ready to be edited by hand."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dreamloom.dreamscape import reader
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.house.cue_sounds import bring_along
from dreamloom.house.foreseen import Foreseen, foreseen
from dreamloom.house.layout import NightFolder, default_house
from dreamloom.house.making import grant_toml, quoted, quoted_list
from dreamloom.house.night_file import NOBODY, NightAsked, PodAsked, read_night
from dreamloom.house.opening import read_checked, refuse_odd_name
from dreamloom.house.sources import bed_foreseen, refuse_shared_boards, refuse_what_names_nothing
from dreamloom.house.supporting import Bed, refuse_unsupported
from dreamloom.house.texts import find_dreamscape
from dreamloom.house.waves_foreseen import measure_first
from dreamloom.vocabulary.errors import RefusedError

LOCALTIME = Path("/etc/localtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class NightWanted:
    """What `new` is asked for; one pod for each source, its sleeper named S01, S02 and so on."""

    sources: Sequence[str]
    dreamscape: str
    timezone: str
    seed: int = 7


def folder_for(text: str) -> NightFolder:
    """Where a night of this name is made: a path as it is, a plain name in the default house."""
    is_path = os.sep in text or text in {".", ".."} or text.startswith("~")
    return NightFolder(Path(text).expanduser()) if is_path else default_house().night(text)


def new_night(folder: NightFolder, wanted: NightWanted) -> NightFolder:
    """Writes night.toml, dreamscape.yaml and consent.toml; a grant is filled in only where nobody lies.

    Raises:
        RefusedError: when something of that name is there already; it stays as it is.
        RefusedError: also where a bed cannot tell the stages that the dreamscape asks for.
        ConfigError, StreamError: for a name, a dreamscape or a source that cannot be used; nothing is written then.
    """
    refuse_odd_name(folder)
    _refuse_taken(folder)
    text, file = find_dreamscape(wanted.dreamscape)
    asked = read_checked(text, file=file)
    night = _night_toml(wanted, tuple(asked.groups))
    pods = read_night(night, file="night.toml").pod
    for pod in pods:
        refuse_what_names_nothing(pod)
    refuse_shared_boards(pods)
    for name, bed in _beds_foreseen(pods, folder).items():
        if bed is not None:
            refuse_unsupported(asked, bed, name=f"Bed {name}")
    sha256 = reader.sha256(text)
    sleepers = [sleeper for sleeper, _ in beds(wanted)]
    grants = []
    for sleeper, source in beds(wanted):
        filled = grant_toml(sleeper, asked, sha256, others=[other for other in sleepers if other != sleeper])
        grants.append(filled if source.startswith(NOBODY) else _blank_grant(filled))
    folder.root.mkdir(parents=True, exist_ok=True)
    bring_along(asked, folder, Path(file).parent)
    (folder.root / "dreamscape.yaml").write_bytes(text.encode("utf-8"))
    folder.consent_toml.write_text(_CONSENT_HEAD + "".join(grants), encoding="utf-8")
    folder.night_toml.write_text(night, encoding="utf-8")
    return folder


def what_it_costs(folder: NightFolder) -> list[Foreseen]:
    """What the gates of a night that was just written will cost, for each kind of bed."""
    night = read_night(folder.night_toml.read_text(encoding="utf-8"), file=str(folder.night_toml))
    return foreseen(_dreamscape_of(folder, night), _beds_foreseen(night.pod, folder))


def to_be_measured(folder: NightFolder) -> list[str]:
    """Which of its parts need an output whose delay is known."""
    night = read_night(folder.night_toml.read_text(encoding="utf-8"), file=str(folder.night_toml))
    return measure_first(_dreamscape_of(folder, night))


def _dreamscape_of(folder: NightFolder, night: NightAsked) -> Dreamscape:
    path = folder.root / night.dreamscape
    return read_checked(path.read_text(encoding="utf-8"), file=str(path))


def _beds_foreseen(pods: Sequence[PodAsked], folder: NightFolder) -> dict[str, Bed | None]:
    return {pod.id: bed_foreseen(pod, folder.root) for pod in pods}


def local_zone() -> str:
    """This machine's IANA time zone; UTC where it does not say."""
    linked = os.fspath(LOCALTIME.resolve()).partition("zoneinfo/")[2] if LOCALTIME.is_symlink() else ""
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked):
        try:
            if name:
                return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"


def _refuse_taken(folder: NightFolder) -> None:
    if folder.root.exists() and (not folder.root.is_dir() or any(folder.root.iterdir())):
        raise RefusedError(
            "DL-E519",
            f"{folder.root} is there already.",
            why="It may hold a night; nothing is ever written over one.",
            still="It was left as it is.",
            do="Choose another name, or edit the files that lie there.",
        )


def beds(wanted: NightWanted) -> list[tuple[str, str]]:
    """Each sleeper's pseudonym, with the source beside that bed."""
    return [(f"S{number:02d}", _from_here(source)) for number, source in enumerate(wanted.sources, 1)]


def _from_here(source: str) -> str:
    """A recording named from where the person stands, by its full path: the night's folder is somewhere else."""
    kind, _, detail = source.partition(":")
    path = Path(detail).expanduser()
    return f"edf:{path.resolve()}" if kind == "edf" and detail and path.is_file() else source


def _night_toml(wanted: NightWanted, groups: Sequence[str]) -> str:
    head = (
        "# What is asked for. Everything here can be edited until the night opens; then its hash is in the record.\n"
        'title = ""                         # shown to staff only, never to a sleeper\n'
        'dreamscape = "dreamscape.yaml"\n'
        'mode = "private"                   # private | shared | hybrid\n'
        f"timezone = {quoted(wanted.timezone)}\n"
        f"simulation_seed = {wanted.seed}                # only for simulated sleepers\n"
    )
    tables = [
        f"\n[[pod]]\nid = {quoted(f'p{number}')}\nsleeper = {quoted(sleeper)}                    # a pseudonym\n"
        f"source = {quoted(source)}\n"
        + (
            f"groups = {quoted_list(groups)}                # of the dreamscape; whoever is in none hears none\n"
            if groups
            else ""
        )
        for number, (sleeper, source) in enumerate(beds(wanted), 1)
    ]
    return head + "".join(tables) + _MORE_BEDS


def _blank_grant(filled: str) -> str:
    """The table to be filled in with the sleeper, every line a comment: until then that bed stays silent."""
    lines = [f"# {line}" if line else "" for line in filled.rstrip("\n").replace(_NO_SHEET, _A_SHEET).split("\n")]
    return (
        "# Ask in the evening, read it out, let each cue be heard; then take the marks away. Until then: silence.\n"
        + ("\n".join(lines) + "\n\n")
    )


_NO_SHEET, _A_SHEET = '"none: a recording or a simulated sleeper"', '"information sheet v1, en"'
_CONSENT_HEAD = (
    "# One table for each sleeper: who agreed to what, for exactly this text of the dreamscape and no other.\n"
    "# A change of one letter in dreamscape.yaml needs a new dreamscape_sha256; `dreamloom check` prints it.\n"
    '# expires: "end of night"; a time on the wall, such as "03:00", in the timezone of night.toml; or a moment with\n'
    "# its zone. In a night in which clocks change, a time that comes twice ends it the first time.\n\n"
)
_MORE_BEDS = (
    "\n# Another bed is another [[pod]] and, if its sleeper agrees, another table in consent.toml.\n"
    '# source = "sim:lucid"             # a simulated sleeper: typical, lucid and others\n'
    '# source = "lsl:Muse-7F"           # a live stream of this name, on this machine\n'
    '# source = "edf:night.edf"         # a recording, EDF, EDF+ or BDF; relative to this folder\n'
    '# timezone = "Asia/Kolkata"         # that of this bed alone, if it is another one than the night has\n'
    '# speaker = { device = "usb-Focusrite", channels = [1] }   # a real output; see: dreamloom doctor speakers\n'
)
