"""Which arm is it, and who may know? Arms and true gains go into the record sealed; blinding holds by construction."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec
import numpy as np

from dreamloom.dreamscape.model import OWN, Dreamscape, placed_parts
from dreamloom.dreamscape.slots import is_relay
from dreamloom.house.arming import Arms, Drawn
from dreamloom.jukebox.cues import Sound
from dreamloom.pod.rhythms import Met, MetSpindle
from dreamloom.ports import Vault
from dreamloom.record.events import AnyEvent, ArmsSealed, CueAudited, CueDue, NoteMade
from dreamloom.record.room_events import IntercomUsed
from dreamloom.record.sealing import seal_for
from dreamloom.trial.drawing import shuffled

ACCOUNT_BYTES = 480
"""Accounts of cues are filled up to this, so that all are as long, whatever they say: two blocks of the payload."""


class ArmSealer:
    """Draws the actual sound of a planned cue, and seals what nobody awake may know.

    An arm puts its one cue in the place of whatever a part plays or a relay carries, and of a sleep cue that somebody
    commands, so that a sham stays a sham. It touches no other awake sound: a prompt or a waking is nobody's comparison.

    Attributes:
        arms: in which arm each bed, or each cue, is.
        dreamscape: says from which cues a part draws.
        sounds: every sound of the night, by the name of its cue.
        own_sounds: by pod id, what its sleeper recorded in the place of some of them.
    """

    def __init__(  # noqa: PLR0913 - everything a sound hangs on, each by its name
        self,
        *,
        vault: Vault,
        origin: str,
        sleeper_of: Mapping[str, str],
        arms: Arms,
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
        self._met: dict[str, Met | MetSpindle] = {}
        self._notes: dict[tuple[str, float], list[str]] = {}
        self._turns: dict[str, int] = {}
        self._taken: Counter[tuple[str, int]] = Counter()
        self._occasions: dict[str, int] = {}
        self._had: Counter[str] = Counter()
        self._evened: dict[tuple[str, int], Sound] = {}

    def sound_of(self, due: CueDue) -> Sound | None:
        """The planned cue's own sound, or what its arm plays in its place, as long as any that could stand there.

        None when no sound here has the hash that was decided on: then nothing may sound.
        """
        arm = self._arm_of(due)
        planned = self._sound(due.cue, due.pod)
        if planned is None or planned.sha256 != due.cue_sha256:
            return None
        actual = self._own(due, planned) if arm is None or arm.cue == OWN else self._sound(arm.cue, due.pod)
        return actual if arm is None or actual is None else self._even(actual, planned, due)

    def could_stand(self, due: CueDue) -> list[Sound]:
        """Every sound that may be heard in the place of this cue: the same in every arm."""
        planned = self._sound(due.cue, due.pod)
        own = self._own(due, planned) if planned else None
        found = (planned, own, *(self._sound(name, due.pod) for name in self.arms.stand_ins))
        return list({each.sha256: each for each in found if each is not None}.values())

    def _sound(self, cue: str, pod: str | None) -> Sound | None:
        return self.own_sounds.get(pod or "", {}).get(cue) or self.sounds.get(cue)

    def go_on(self, events: Iterable[AnyEvent]) -> None:
        """After a break: whose turn it is among the cues of a draw, and in its block, by what was due before."""
        for event in events:
            if isinstance(event, CueDue):
                self._turn_of(event)
                if _is_compared(event):
                    self._occasion(event)

    def _arm_of(self, due: CueDue) -> Drawn | None:
        """The arm of a cue, drawn when it is first asked for and never again, whatever becomes of the cue."""
        return self.arms.of_cue(due.pod or "", self._occasion(due)) if _is_compared(due) else None

    def _occasion(self, due: CueDue) -> int:
        """Its number among the bed's cues."""
        name, bed = self._name_of(due), due.pod or ""
        if name not in self._occasions:
            self._occasions[name] = self._had[bed]
            self._had[bed] += 1
        return self._occasions[name]

    def _name_of(self, due: CueDue) -> str:
        """A wave's cue is commanded under its window's id, and told under its own."""
        is_known = due.cause in self._occasions or due.cause in self._turns
        return due.cause if due.cause is not None and is_known else due.id

    def _own(self, due: CueDue, planned: Sound) -> Sound | None:
        """The part's own cue, or of those drawn for this sleeper the one whose turn it is; the record names neither."""
        draw = placed_parts(self.dreamscape)[due.part].part.draw if due.part >= 0 else None
        if draw is None:
            return planned
        subject = self._sleeper_of[due.pod or ""]
        names = drawn_for(self._vault.subject_key(subject), self.dreamscape, part=due.part, sleeper=subject)
        return self._sound(names[self._turn_of(due) % len(names)], due.pod)

    def _turn_of(self, due: CueDue) -> int:
        """How many cues of its part came before this one, at this bed; counted when it is first asked for."""
        name, bed = self._name_of(due), (due.pod or "", due.part)
        if name not in self._turns:
            self._turns[name] = self._taken[bed]
            self._taken[bed] += 1
        return self._turns[name]

    def _even(self, sound: Sound, planned: Sound, due: CueDue) -> Sound:
        """With silence behind it up to the longest that may sound in this place: how long it lasts tells no arm.

        Silence itself is as long as what it replaces.
        """
        if not self.arms.stand_ins:
            return sound
        draw = placed_parts(self.dreamscape)[due.part].part.draw if due.part >= 0 else None
        found = (self._sound(name, due.pod) for name in (*self.arms.stand_ins, *(draw.from_ if draw else ())))
        length = max(len(each.frames) for each in (planned, *found) if each is planned or (each and each.frames.any()))
        if (sound.sha256, length) not in self._evened:
            self._evened[sound.sha256, length] = _of_length(sound, length)
        return self._evened[sound.sha256, length]

    def tell_phase(self, cue: str, met: Met | MetSpindle) -> None:
        """The phase that a cue met, which a wave that it evoked may have moved: it tells the arm, so it is sealed."""
        self._met[cue] = met

    def tell_note(self, pod: str, onset_s: float, text: str) -> None:
        """The words of a note, before its event; they are the sleeper's, and are sealed."""
        self._notes.setdefault((pod, onset_s), []).append(text)

    def seal(self, event: AnyEvent) -> tuple[AnyEvent, bytes | None]:
        """The event as the record keeps it, and the ciphertext that lies beside it."""
        match event:
            case CueDue():
                self._due[event.id] = event
                return event, None
            case NoteMade(text=None) | IntercomUsed(text=None):
                words = self._notes.get((event.pod or "", event.onset_s))
                return self._sealed(event, "text", {"text": words.pop(0)}) if words else (event, None)
            case ArmsSealed(arm=None):
                return self._sealed(event, "arm", {"arm": self.arms.of_night(event.pod or "")})
            case CueAudited(payload=None):
                due = self._due.pop(event.cause or "", None)
                return self._sealed(event, "payload", self._account(due)) if due else (event, None)
            case _:
                return event, None

    def _account(self, due: CueDue) -> dict[str, object]:
        sound, arm = self.sound_of(due), self._arm_of(due)
        heard = sound is not None and bool(sound.frames.any())
        return {
            "arm": arm.arm if arm else None,
            "occasion": self._occasion(due) if arm else None,
            "sound": sound.name if sound else None,
            "sound_sha256": sound.sha256 if sound else None,
            "level_db": due.level_db if heard else None,
            **(
                {"spindle" if isinstance(met, MetSpindle) else "phase": met._asdict()}
                if (met := self._met.pop(due.id, None))
                else {}
            ),
        }

    def _sealed(self, event: AnyEvent, field: str, plain: dict[str, object]) -> tuple[AnyEvent, bytes]:
        subject = self._sleeper_of[event.pod or ""]
        sealed, ciphertext = seal_for(
            subject,
            msgspec.json.encode(plain, order="sorted").ljust(ACCOUNT_BYTES),
            subject_key=self._vault.subject_key(subject),
            origin=self._origin,
            event_id=event.id,
        )
        return msgspec.structs.replace(event, **{field: sealed}), ciphertext


def _is_compared(due: CueDue) -> bool:
    return due.part >= 0 or due.sound_class == "sleep" or is_relay(due.part)


def _of_length(sound: Sound, length: int) -> Sound:
    if len(sound.frames) == length:
        return sound
    frames = np.zeros(length, dtype=np.float32)
    kept = min(length, len(sound.frames))
    frames[:kept] = sound.frames[:kept]
    sha256 = hashlib.sha256(frames.tobytes()).hexdigest()
    return replace(sound, sha256=sha256, frames=frames)


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
