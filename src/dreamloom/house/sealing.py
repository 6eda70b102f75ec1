"""Which arm is it, and who may know? Arms and true gains go into the record sealed; blinding holds by construction."""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from dreamloom.dreamscape.model import OWN, Dreamscape, placed_parts
from dreamloom.dreamscape.slots import BY_COMMAND
from dreamloom.jukebox.cues import Sound
from dreamloom.pod.waves import Met
from dreamloom.ports import Vault
from dreamloom.record.events import AnyEvent, ArmsSealed, CueAudited, CueDue
from dreamloom.record.sealing import seal_for
from dreamloom.trial.drawing import shuffled


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
        self._turns: dict[str, int] = {}
        self._taken: Counter[tuple[str, int]] = Counter()

    def sound_of(self, due: CueDue) -> Sound | None:
        """The planned cue's own sound, or what this bed's arm plays in its place.

        None when no sound here has the hash that was decided on: then nothing may sound.
        """
        planned = self._sound(due.cue, due.pod)
        if planned is None or planned.sha256 != due.cue_sha256:
            return None
        arm = self.dreamscape.arms.get(self.arms[due.pod or ""])
        if due.part >= 0 and (arm is None or arm.cue == OWN):
            return self._drawn(due, planned)
        if arm is None or arm.cue == OWN or (due.part == BY_COMMAND and due.sound_class == "awake"):
            return planned
        return self._sound(arm.cue, due.pod)

    def _sound(self, cue: str, pod: str | None) -> Sound | None:
        return self.own_sounds.get(pod or "", {}).get(cue) or self.sounds.get(cue)

    def go_on(self, events: Iterable[AnyEvent]) -> None:
        """After a break: whose turn it is among the cues of a draw, by what was due before."""
        for event in events:
            if isinstance(event, CueDue):
                self._turn_of(event)

    def _drawn(self, due: CueDue, planned: Sound) -> Sound | None:
        """The part's own cue, or of those drawn for this sleeper the one whose turn it is; the record names neither."""
        draw = placed_parts(self.dreamscape)[due.part].part.draw
        if draw is None:
            return planned
        subject = self._sleeper_of[due.pod or ""]
        names = drawn_for(self._vault.subject_key(subject), self.dreamscape, part=due.part, sleeper=subject)
        return self._sound(names[self._turn_of(due) % len(names)], due.pod)

    def _turn_of(self, due: CueDue) -> int:
        """How many cues of its part came before this one, at this bed; counted when it is first asked for."""
        if due.id not in self._turns:
            bed = (due.pod or "", due.part)
            self._turns[due.id] = self._taken[bed]
            self._taken[bed] += 1
        return self._turns[due.id]

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


def drawn_for(key: bytes, dreamscape: Dreamscape, *, part: int, sleeper: str) -> tuple[str, ...]:
    """The share of a part's cues that is this sleeper's, in the order in which they are played.

    Depends on the key, the dreamscape's name and version, the part and the sleeper alone: the same in every night, and
    known to whoever holds the key, which lies outside every night.

    Args:
        key: 32 secret bytes of this subject.
        dreamscape: whose part draws; without a draw its own cue is all there is.
        part: its number.
        sleeper: by pseudonym.
    """
    asked = placed_parts(dreamscape)[part].part
    if asked.draw is None:
        return (asked.play,)
    names = tuple(dict.fromkeys(asked.draw.from_))
    nonce = hmac.digest(key, f"dreamloom draw v1 {dreamscape.name} {dreamscape.version}".encode(), "sha256")
    return shuffled(names, nonce, "draw", part, sleeper)[: max(1, round(asked.draw.share * len(names)))]
