"""Which arm is it, and who may know? Arms and true gains go into the record sealed; blinding holds by construction."""

from collections.abc import Mapping

import msgspec

from dreamloom.jukebox.cues import Sound
from dreamloom.ports import Vault
from dreamloom.record.events import AnyEvent, ArmsSealed, CueAudited, CueDue
from dreamloom.record.sealing import seal_for


class ArmSealer:
    """Draws the actual sound of a planned cue, and seals what nobody awake may know.

    Attributes:
        arms: the arm of each pod.
        sounds: the sound each arm plays, by arm.
    """

    def __init__(
        self,
        *,
        vault: Vault,
        origin: str,
        sleeper_of: Mapping[str, str],
        arms: Mapping[str, str],
        sounds: Mapping[str, Sound],
    ) -> None:
        self.arms = arms
        self.sounds = sounds
        self._vault = vault
        self._origin = origin
        self._sleeper_of = sleeper_of
        self._due: dict[str, CueDue] = {}

    def sound_of(self, due: CueDue) -> Sound:
        """What this bed's arm plays in place of the planned cue."""
        return self.sounds[self.arms[due.pod or ""]]

    def seal(self, event: AnyEvent) -> tuple[AnyEvent, bytes | None]:
        """The event as the record keeps it, and the ciphertext that lies beside it."""
        match event:
            case CueDue():
                self._due[event.id] = event
                return event, None
            case ArmsSealed(arm=None):
                return self._sealed(event, "arm", {"arm": self.arms[event.pod or ""]})
            case CueAudited(payload=None):
                due = self._due.pop(event.cause or "", None)
                return self._sealed(event, "payload", self._account(due)) if due else (event, None)
            case _:
                return event, None

    def _account(self, due: CueDue) -> dict[str, object]:
        sound = self.sound_of(due)
        silent = not sound.frames.any()
        return {
            "arm": self.arms[due.pod or ""],
            "sound": sound.name,
            "sound_sha256": sound.sha256,
            "level_db": None if silent else due.level_db,
        }

    def _sealed(self, event: AnyEvent, field: str, plain: dict[str, object]) -> tuple[AnyEvent, bytes]:
        subject = self._sleeper_of[event.pod or ""]
        sealed, ciphertext = seal_for(
            subject,
            msgspec.json.encode(plain, order="sorted"),
            subject_key=self._vault.subject_key(subject),
            origin=self._origin,
            event_id=event.id,
        )
        return msgspec.structs.replace(event, **{field: sealed}), ciphertext
