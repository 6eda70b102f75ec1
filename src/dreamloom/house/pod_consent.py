"""What may this bedside go by when the house is away? The grant, signed by the house, kept beside the pod."""

from dataclasses import dataclass

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.governance.consent import Grant
from dreamloom.house.layout import PodFolder
from dreamloom.ports import Vault
from dreamloom.seals.notes import open_note, public_key, sign_note
from dreamloom.vocabulary.errors import RefusedError

KEY_NAME = "dreamloom/house"


class PodConsent(msgspec.Struct, frozen=True):
    """The words of pods/<pod>/consent.json; grant is None where nobody agreed to anything."""

    night: str
    pod: str
    sleeper: str
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class Kept:
    """consent.json as it lies on the disk: a C2SP signed note, so that any tool of that kind can judge it."""

    note: str


def keep(folder: PodFolder, consent: PodConsent, vault: Vault) -> None:
    """Writes the signed copy; it is on the disk when this returns."""
    folder.root.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.encode(consent, order="sorted").decode() + "\n"
    note = sign_note(text, name=KEY_NAME, seed=vault.signing_key())
    write_durably(folder.consent, msgspec.json.format(msgspec.json.encode(Kept(note=note)), indent=2))


def held(folder: PodFolder, *, night: str, vault: Vault) -> PodConsent:
    """The grant this bedside goes by tonight.

    Raises:
        RefusedError: when the copy is missing, is not signed by this house, or is of another night.
    """
    try:
        kept = msgspec.json.decode(folder.consent.read_bytes(), type=Kept)
        text = open_note(kept.note, name=KEY_NAME, public=public_key(vault.signing_key()))
        consent = msgspec.json.decode(text, type=PodConsent) if text is not None else None
    except (OSError, msgspec.DecodeError):
        consent = None
    if consent is not None and consent.night == night:
        return consent
    raise RefusedError(
        "DL-E514",
        f"The consent kept at {folder.consent} does not hold for this night.",
        why="It is missing, was not signed by this house, or names another night.",
        still="Nothing was recorded or played.",
        do="Run the night again from its consent.toml; if it happens twice, somebody changed the pod's files.",
    )
