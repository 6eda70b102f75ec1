"""What was this bedside asked to do? The dreamscape with every hash, sound length and threshold resolved beforehand."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.findings import gates_of
from dreamloom.dreamscape.gate import Gate, LocalTime, Quorum
from dreamloom.dreamscape.model import Dreamscape, cues_of_arms, placed_parts, possible_cues
from dreamloom.dreamscape.obeyed import obeyed_awakenings, obeyed_dialogues, obeyed_parts, obeyed_relays, questions_of
from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.reports import awakenings_of, dialogue_before
from dreamloom.dreamscape.signalled import is_seen
from dreamloom.dreamscape.slots import dialogue_slot, index_in, is_awakening, is_dialogue, is_relay, relay_slot
from dreamloom.dreamscape.waking import Awakening, Dialogue
from dreamloom.governance.consent import Grant
from dreamloom.governance.policy.request import NO_POLICY_SHA256, UNASKED, Decide, Eligibility, undecided
from dreamloom.jukebox.levels import planned_db, still_lowered_db
from dreamloom.pod.wall import Stretch
from dreamloom.record.events import AnyEvent, CueDue, CueLabelled, LeaseGranted, SoundClass
from dreamloom.vocabulary.units import HOP_S, Decibels, NightTime, Seconds

RAMP_REST_S = Seconds(60.0)
"""A part that was silent this long, or three of its intervals, starts its ramp from silent again. Ours."""
ASSUMED_THRESHOLD_DB = Decibels(30.0)
"""A sleeper's hearing threshold over the room until the evening staircase measured it. Ours: a quiet bedroom."""
RING_PAUSE_S = Seconds(2.0)
"""Between two of the sounds that wake somebody, at least: a sleeper who answers can be heard. Ours."""
SETTLED_S = Seconds(30.0)
"""A preferred stage has held so long before somebody is woken out of it: an epoch. Ours."""
AWAKENINGS_TOLD = 3
"""So many awakenings by cues the rules of the house are told of, whatever the author asks for."""
LEAD_S = Seconds(0.25)
"""A cue is planned this long after its decision, so that the speaker can begin it on time. Ours."""
START_WITHIN_S = Seconds(0.5)
"""A cue that could not begin this soon after its planned moment never begins. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The dreamscape as one pod plays it tonight.

    Attributes:
        cue_sha256: hash of every possible cue's sound, by name.
        parts: of the whole night, then of its scenes; their places are the numbers by which events know them.
        scene_of: the scene of each; None for one of the whole night.
        obeyed: numbers of the parts that play; one with a word that the bedside does not act on never does.
        phased: those of them that wait for the phase of a wave.
        readings_kept: stage estimates a gate may look back on.
        threshold_db: this sleeper's own hearing threshold, from which levels are counted.
        unstageable: this pod tells no stage all night; its dreamscape is the one that goes by the clock.
        groups: of the dreamscape, that this sleeper is in; a part for others is none of this bed's.
        dialogues: numbers of those that this bed holds.
        rung: every awakening, those behind dialogues included.
        awakenings: numbers of those that this bed makes.
        wake_s: the latest time of each morning's awakening, as night seconds; one that is missing never comes.
        seed: from which it draws what its author leaves to chance; this bed's own, the same in a replay.
        quorums: of the whole dreamscape, by the numbers under which the house tells of them.
        decide: the rules of the house, asked about every cue; without any, none sounds. policy_sha256: of their bundle.
        eligibility: whether this sleeper may take part at all.
        wall: stretches of night time in which this sleeper's wall shows the times of each clause; one that is not
            found holds never.
    """

    dreamscape: Dreamscape
    dreamscape_sha256: str
    cue_sha256: dict[str, str]
    threshold_db: Decibels = ASSUMED_THRESHOLD_DB
    unstageable: bool = False
    groups: tuple[str, ...] = ()
    quorums: tuple[Quorum, ...] = ()
    seed: int = 0
    wake_s: Mapping[int, NightTime] = field(default_factory=dict)
    wall: Mapping[LocalTime, Sequence[Stretch]] = field(default_factory=dict)
    decide: Decide = field(default=undecided, repr=False, compare=False)
    policy_sha256: str = NO_POLICY_SHA256
    eligibility: Eligibility = UNASKED
    parts: tuple[Part, ...] = field(init=False, repr=False, compare=False)
    scene_of: tuple[str | None, ...] = field(init=False, repr=False, compare=False)
    obeyed: tuple[int, ...] = field(init=False, repr=False, compare=False)
    dialogues: tuple[int, ...] = field(init=False, repr=False, compare=False)
    rung: tuple[Awakening, ...] = field(init=False, repr=False, compare=False)
    awakenings: tuple[int, ...] = field(init=False, repr=False, compare=False)
    phased: tuple[int, ...] = field(init=False, repr=False, compare=False)
    readings_kept: int = field(init=False, repr=False, compare=False)
    _classes: dict[str, SoundClass] = field(init=False, repr=False, compare=False)
    _lengths_s: dict[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        placed = placed_parts(self.dreamscape)
        object.__setattr__(self, "parts", tuple(each.part for each in placed))
        object.__setattr__(self, "scene_of", tuple(each.scene for each in placed))
        cues = possible_cues(self.dreamscape)
        classes = {name: cue.sound_class for name, cue in cues.items()}
        of_arms = set(cues_of_arms(self.dreamscape))
        longest_s = max((cue.duration_s for name, cue in cues.items() if name in of_arms), default=0.0)
        lengths_s = {name: max(cue.duration_s, longest_s) for name, cue in cues.items()}
        for part in self.parts:
            if part.draw is not None:
                lengths_s[part.play] = max(lengths_s[name] for name in (part.play, *part.draw.from_))
        object.__setattr__(self, "obeyed", tuple(filter(self._is_meant, obeyed_parts(self.dreamscape))))
        phased = tuple(number for number in self.obeyed if self.parts[number].phase is not None)
        object.__setattr__(self, "phased", phased)
        held = list(self.dreamscape.dialogues.values())
        talks = (index for index in obeyed_dialogues(self.dreamscape) if is_meant(held[index].for_, self.groups))
        object.__setattr__(self, "dialogues", tuple(talks))
        object.__setattr__(self, "rung", awakenings_of(self.dreamscape))
        object.__setattr__(self, "awakenings", tuple(filter(self._is_woken, obeyed_awakenings(self.dreamscape))))
        looked_at = [gate for _, gate in gates_of(self.dreamscape)]
        if any(each.prefer for each in self.dreamscape.awakenings):
            looked_at.append(Gate(stable_for_s=SETTLED_S))
        object.__setattr__(self, "readings_kept", _readings_kept(looked_at))
        object.__setattr__(self, "_classes", classes)  # asked for at every look of every part
        object.__setattr__(self, "_lengths_s", lengths_s)

    def part(self, number: int) -> Part:
        """What stands under this number in a record: a part, a relay as its receiver plays it, what wakes somebody."""
        if number >= 0:
            return self.parts[number]
        if is_dialogue(number):
            held = self.dialogue(number)
            return held.asking(held.questions[0].cue, again=False, is_open=False)
        if is_awakening(number):
            awakening = self.rung[index_in(number)]
            return awakening.rung(math.ceil(self.sounding_s(awakening.cue) + RING_PAUSE_S))
        return self.dreamscape.relays[index_in(number)].at_receiver if is_relay(number) else self.parts[number]

    def dialogue(self, number: int) -> Dialogue:
        """The dialogue that stands under this number in a record."""
        return list(self.dreamscape.dialogues.values())[index_in(number)]

    def dialogue_of(self, cue: str) -> int | None:
        """The number by which a record knows the first dialogue of this bed that asks this; None for no question."""
        slots = map(dialogue_slot, self.dialogues)
        return next((slot for slot in slots if cue in {each.cue for each in self.dialogue(slot).questions}), None)

    def talk_before(self, awakening: int) -> int | None:
        """The number by which a record knows the dialogue that leads to this awakening; None where none does."""
        index = dialogue_before(self.dreamscape, awakening)
        return None if index is None else dialogue_slot(index)

    def _is_woken(self, awakening: int) -> bool:
        before = dialogue_before(self.dreamscape, awakening)
        return is_meant(self.rung[awakening].for_, self.groups) if before is None else before in self.dialogues

    def _is_meant(self, part: int) -> bool:
        return is_meant(self.parts[part].for_, self.groups)

    def plays_in(self, part: int, scene: str | None) -> bool:
        """True for a part of the whole night, one of this scene, and whatever is no part."""
        return part < 0 or self.scene_of[part] in {None, scene}

    def sound_class(self, cue: str) -> SoundClass:
        """Sleep cue or awake sound, as the author declared it."""
        return self._classes[cue]

    def label_of(self, event: AnyEvent) -> CueLabelled | None:
        """What is to be said beside this event: that a cue which was due asked for no stage."""
        if not isinstance(event, CueDue) or event.part < 0 or self.parts[event.part].label is None:
            return None
        return CueLabelled(onset_s=event.onset_s, cause=event.id, cue=event.cue, label="unstaged")

    def sounding_s(self, cue: str) -> Seconds:
        """How long a planned cue may sound, whichever arm is drawn: what is not known is not told by a silence."""
        return Seconds(self._lengths_s.get(cue, 0.0))

    def level_db(
        self,
        grant: Grant | None,
        permit: LeaseGranted | None,
        *,
        sound_class: SoundClass,
        lowered_db: Decibels,
        since_start_s: Seconds = Seconds(0.0),
        ramp_s: Seconds = Seconds(0.0),
    ) -> Decibels:
        """The level of the next cue under this grant and this lease or command; 0 dB caps it where one is missing.

        An awake sound is as loud as its author's own cap for those, where the sleeper agreed to one of its own: what is
        just audible in a silent room is no prompt, and what roused a sleeper says nothing on it.
        """
        levels = self.dreamscape.levels
        permits_db = (grant.cap_db(sound_class) if grant else 0.0, permit.level_cap_db if permit else 0.0)
        awake_db = levels.awake_cap_dba if sound_class == "awake" and grant and grant.awake_level_cap_db else None
        if awake_db is not None:
            lowered_db, over_db = Decibels(0.0), awake_db - self.threshold_db
        else:
            over_db = levels.over_threshold_db
        return planned_db(
            self.threshold_db,
            Decibels(over_db),
            map(Decibels, (levels.cap_dba if awake_db is None else awake_db, *permits_db)),
            lowered_db=lowered_db,
            since_start_s=since_start_s,
            ramp_s=ramp_s,
        )

    @property
    def cues_by_class(self) -> dict[SoundClass, dict[str, str]]:
        """For each class of sound an obeyed part plays: hashes of the cues of those parts and of every arm, by name."""
        of_arms = set(cues_of_arms(self.dreamscape))
        named: dict[SoundClass, set[str]] = {}
        carried = map(relay_slot, obeyed_relays(self.dreamscape))
        for part in map(self.part, (*self.obeyed, *carried)):
            named.setdefault(self.sound_class(part.play), set(of_arms)).add(part.play)
        for question in sorted(questions_of(self.dreamscape)):
            named.setdefault(self.sound_class(question), set(of_arms)).add(question)
        for sound in (each for index in self.awakenings for each in self.rung[index].sounds):
            named.setdefault(self.sound_class(sound), set()).add(sound)
        return {
            kind: {name: sha256 for name, sha256 in self.cue_sha256.items() if name in names}
            for kind, names in named.items()
        }

    def lowered_now_db(self, lowered_db: Decibels, quiet_s: Seconds) -> Decibels:
        """What arousals took, less what a quiet time gave back where the author lets levels recover."""
        rule = self.dreamscape.levels.titrate
        if rule is None:
            return lowered_db
        up_db = Decibels(rule.up_db)
        return still_lowered_db(lowered_db, quiet_s=quiet_s, up_db=up_db, after_s=Seconds(rule.after_s))

    def train_db(self, part: Part) -> Decibels:
        """By how much this part is softer since its cues come in trains."""
        lower_db = self.dreamscape.levels.train_lower_db
        return Decibels(lower_db if lower_db and (part.repeat or part.blocks) else 0.0)

    @property
    def arousal_pause_s(self) -> Seconds:
        """How long an arousal holds cues; at least a minute where the author says nothing."""
        stop = self.dreamscape.stop
        return Seconds(stop.arousal.pause_s) if stop and stop.arousal else Seconds(60.0)

    @property
    def arousal_fade_s(self) -> Seconds | None:
        """How long a sounding cue fades on an arousal; None where the author says nothing: it is cut."""
        stop = self.dreamscape.stop
        return Seconds(stop.arousal.fade_s) if stop and stop.arousal else None

    @property
    def arousal_lower_db(self) -> Decibels:
        stop = self.dreamscape.stop
        return Decibels(stop.arousal.lower_db) if stop and stop.arousal else Decibels(0.0)

    def signal_pause_s(self, signalled_s: Sequence[NightTime], now_s: NightTime) -> Seconds | None:
        """For how long these eye signals keep the bed quiet; None where they do not."""
        rule = self.dreamscape.stop.eye_signal if self.dreamscape.stop else None
        if rule is None or rule.pause_s is None or not is_seen(rule.seen, signalled_s, now_s):
            return None
        return Seconds(rule.pause_s)

    @property
    def awakenings_kept(self) -> int:
        """Awakenings by a cue that a stop rule or the house may look back on: as many as end cues."""
        rule = self.dreamscape.stop.cue_locked_awakenings if self.dreamscape.stop else None
        return AWAKENINGS_TOLD if rule is None else max(AWAKENINGS_TOLD, rule.more_than + 1)

    def ramp_restarts(self, part: int, last_cue_s: NightTime | None, now_s: NightTime) -> bool:
        """True when a cue of this part now would be the first of its ramp."""
        asked = self.part(part)
        longest_s = max(asked.every_s + (asked.jitter_s or 0.0), asked.refractory_s or 0.0)
        rest_s = max(RAMP_REST_S, 3.0 * longest_s)
        return last_cue_s is None or now_s - last_cue_s > rest_s


def _readings_kept(gates: Iterable[Gate]) -> int:
    reaches_s = [
        max(gate.stable_for_s or 0.0, gate.mean_confidence.over_s if gate.mean_confidence else 0.0) for gate in gates
    ]
    return max(4, math.ceil(max(reaches_s, default=0.0) / HOP_S) + 2)
