"""Which beds does this house know? Each by its own key; enrolled and revoked in the house's own record."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from dreamloom.adapters.pod_keys import fresh_id, pod_seed
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House, PodFolder
from dreamloom.house.texts import read_text
from dreamloom.record.events import AnyEvent, PodEnrolled, PodRevoked
from dreamloom.seals.fingerprints import key_sha256, spoken
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, RecordError, RefusedError

CODES = Codes(toml="DL-E660", key="DL-E661", value="DL-E662")
ITSELF = "the bed itself"
BEING_MADE_S = 2.0
LOOK_AGAIN_S = 0.05
Known = Literal["enrolled", "UNENROLLED", "REVOKED"]


class HouseAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of house/house.toml.

    Attributes:
        enrolment: whether a bed is enrolled by itself at its first start, or by a person who compared its words.
    """

    enrolment: Literal["itself", "by hand"] = "itself"


class BedKey(NamedTuple):
    """A bed's key as the house sees it; device is "" until it is enrolled."""

    pod: str
    sha256: str
    words: str
    known: Known
    device: str = ""


def asked_of(house: House) -> HouseAsked:
    """How this house wants it; raises ConfigError for a file that is wrong."""
    if not house.settings.is_file():
        return HouseAsked()
    return TomlFile(
        read_text(house.settings, what="how this house is kept"), file=str(house.settings), codes=CODES
    ).read(HouseAsked)


def seen(house: House, pod: str) -> BedKey:
    """A bed by the key that lies there now, made where there is none.

    Raises:
        RefusedError, RecordError: for a key that cannot be used.
    """
    return _seen(house.pod(pod), _told(house))


def at_opening(house: House, pods: Iterable[str], *, warn: Callable[[str], None]) -> dict[str, Known]:
    """Who of these beds may be told anything tonight; a new one enrols itself where the house leaves it to them.

    A bed whose key is another one than before does not: a person has to say that it is the same bed.

    Raises:
        ConfigError: for settings that are wrong.
    """
    by_itself, told = asked_of(house).enrolment == "itself", _told(house)
    return {pod: _opened(house, pod, told, by_itself=by_itself, warn=warn) for pod in pods}


def _opened(house: House, pod: str, told: Sequence[AnyEvent], *, by_itself: bool, warn: Callable[[str], None]) -> Known:
    try:
        found = _seen(house.pod(pod), told)
        is_first = not any(event.pod == pod for event in told)
        if found.known == "UNENROLLED" and by_itself and is_first:
            found = _enrol(house, found, by=ITSELF)
    except (DreamloomError, OSError) as error:
        warn(f"{pod} stays silent tonight, since nobody can tell whether it is this house's: {error}")
        return "UNENROLLED"
    if found.known == "UNENROLLED":
        how = f'dreamloom pod enrol {pod} --by NAME --words "{found.words}"'
        warn(f"{pod} records and stays silent: the house does not know its key. If it is yours: {how}")
    if found.known == "REVOKED":
        warn(f"{pod} records and stays silent: it was revoked.")
    return found.known


def enrol(house: House, pod: str, *, words: str, by: str) -> BedKey:
    """A person compared the words that the bed shows: from its next night on it is told what to sound.

    Raises:
        RefusedError: DL-E580 when these are not the bed's words.
    """
    refuse_unknown(house, pod)
    found = seen(house, pod)
    if words.casefold().split() != found.words.split():
        raise RefusedError(
            "DL-E580",
            f"These are not the words of {pod}.",
            why="Another key lies at that bed than the one somebody compared.",
            still="Nothing was changed; the bed records and stays silent.",
            do=f"Look at the bed itself, then compare: dreamloom pod show {pod}",
        )
    return found if found.known == "enrolled" else _enrol(house, found, by=by)


def revoke(house: House, pod: str, *, by: str) -> BedKey:
    """Nothing this house says reaches the bed any more, in a night that runs from its next lease on."""
    refuse_unknown(house, pod)
    found = seen(house, pod)
    house.pod(pod).revoked.touch()
    append_to_house(house, PodRevoked(onset_s=0.0, pod=pod, key_sha256=found.sha256, by=by))
    return found._replace(known="REVOKED")


def _enrol(house: House, found: BedKey, *, by: str) -> BedKey:
    device = fresh_id(found.sha256)
    append_to_house(house, PodEnrolled(onset_s=0.0, pod=found.pod, key_sha256=found.sha256, device=device, by=by))
    house.pod(found.pod).revoked.unlink(missing_ok=True)
    return found._replace(known="enrolled", device=device)


def _told(house: House) -> list[AnyEvent]:
    """What the house's record says of beds; waits a moment for a record that another thread is just making."""
    give_up_s = time.monotonic() + BEING_MADE_S
    while house.record.is_file():
        try:
            with read_only(house.record) as record:
                return [event for event in record.events() if isinstance(event, PodEnrolled | PodRevoked)]
        except RecordError:
            if time.monotonic() >= give_up_s:
                raise
            time.sleep(LOOK_AGAIN_S)
    return []


def _seen(folder: PodFolder, told: Sequence[AnyEvent]) -> BedKey:
    folder.root.mkdir(parents=True, exist_ok=True)
    pod, sha256 = folder.root.name, key_sha256(public_key(pod_seed(folder.key)))
    known, device = "UNENROLLED", ""
    for event in told:
        if isinstance(event, PodEnrolled | PodRevoked) and (event.pod, event.key_sha256) == (pod, sha256):
            known, device = ("enrolled", event.device) if isinstance(event, PodEnrolled) else ("REVOKED", device)
    if folder.revoked.exists():
        known = "REVOKED"
    return BedKey(pod, sha256, spoken(sha256), known, device)  # type: ignore[arg-type]  # one of the three


def refuse_unknown(house: House, pod: str) -> None:
    """Returns when a bed of this name was here; raises ConfigError otherwise."""
    if not pod or not house.pod(pod).root.is_dir() or house.pod(pod).root.parent != house.pods:
        beds = sorted(path.name for path in house.pods.iterdir()) if house.pods.is_dir() else []
        raise ConfigError(
            "DL-E663",
            f"There is no bed {pod!r} in {house.root}.",
            why=f"Known here: {', '.join(beds) or 'none yet'}.",
            do="Name a bed as in night.toml; one that is new appears when its first night opens.",
        )
