"""Which arm is it, and who may know? Arms and true gains go into the record sealed; blinding holds by construction."""

from collections.abc import Mapping

import msgspec

from dreamloom.dreamscape.model import OWN, Dreamscape
from dreamloom.dreamscape.slots import BY_COMMAND
from dreamloom.jukebox.cues import Sound
from dreamloom.pod.waves import Met
from dreamloom.ports import Vault
from dreamloom.record.events import AnyEvent, ArmsSealed, CueAudited, CueDue
from dreamloom.record.sealing import seal_for


class ArmSealer:
    """Draws the actual sound of a planned cue, and seals what nobody awake may know.

    An arm puts its one cue in the place of whatever a part plays, and of a sleep cue that somebody commands, so that a
    sham stays a sham. It never touches an awake sound by command: a prompt or a waking is nobody's comparison.

    Attributes:
        arms: the arm of each pod; one that the dreamscape does not describe changes nothing.
        dreamscape: says what each arm plays instead.
        sounds: every sound of the night, by the name of its cue.
        own_sounds: by pod id, what its sleeper recorded in the place of some of them.
    """

    def __init__(  # noqa: PLR0913 - everything a sound hangs on, each by its name
        self,
        *,
        vault: Vault,
        origin: str,
        sleeper_of: Mapping[str, str],
        arms: Mapping[str, str],
        dreamscape: Dreamscape,
        sounds: Mapping[str, Sound],
        own_sounds: Mapping[str, Mapping[str, Sound]] | None = None,
    ) -> None:
        self.arms = arms
        self.dreamscape = dreamscape
        self.sounds = sounds
        self.own_sounds = own_sounds or {}
        self._vault = vault
        self._origin = origin
        self._sleeper_of = sleeper_of
        self._due: dict[str, CueDue] = {}
        self._met: dict[str, Met] = {}

    def sound_of(self, due: CueDue) -> Sound | None:
        """The planned cue's own sound, or what this bed's arm plays in its place.

        None when no sound here has the hash that was decided on: then nothing may sound.
        """
        planned = self._sound(due.cue, due.pod)
        if planned is None or planned.sha256 != due.cue_sha256:
            return None
        arm = self.dreamscape.arms.get(self.arms[due.pod or ""])
        if arm is None or arm.cue == OWN or (due.part == BY_COMMAND and due.sound_class == "awake"):
            return planned
        return self._sound(arm.cue, due.pod)

    def _sound(self, cue: str, pod: str | None) -> Sound | None:
        return self.own_sounds.get(pod or "", {}).get(cue) or self.sounds.get(cue)

    def tell_phase(self, cue: str, met: Met) -> None:
        """The phase that a cue met, which a wave that it evoked may have moved: it tells the arm, so it is sealed."""
        self._met[cue] = met

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
        heard = sound is not None and bool(sound.frames.any())
        return {
            "arm": self.arms[due.pod or ""],
            "sound": sound.name if sound else None,
            "sound_sha256": sound.sha256 if sound else None,
            "level_db": due.level_db if heard else None,
            **({"phase": met._asdict()} if (met := self._met.pop(due.id, None)) else {}),
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
