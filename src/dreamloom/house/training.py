"""What is practised at a bed before the night, may it be, and what was held? Kept beside the night, and told in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
import numpy as np

from dreamloom.adapters.folders import write_durably
from dreamloom.dreamscape.practice import Moment, is_given, moments, trainings_for, trains_any
from dreamloom.dreamscape.waking import Training
from dreamloom.governance.consent import Grant
from dreamloom.house import cue_sounds, withdrawing
from dreamloom.house.arming import ACTIVE
from dreamloom.house.asked import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NOBODY, PodAsked
from dreamloom.house.speakers import SILENT
from dreamloom.house.standing_consent import refuse_ended_grants
from dreamloom.house.trial_tonight import trial_tonight
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.levels import planned_db
from dreamloom.jukebox.synth import named
from dreamloom.ports import Clock
from dreamloom.record.events import TrainingHeld
from dreamloom.trial.schedules import arm_of_night
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError
from dreamloom.vocabulary.units import Decibels, NightTime, to_microsecond

Play = Callable[[Sound, Decibels], None]
"""Plays a sound at this level on the scale of the sleeper's threshold, and returns when it is over."""


class KeptPractice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One training as far as it was held."""

    training: int
    cues: tuple[str, ...]
    presented: int
    held_s: float
    began_utc: str


class KeptTraining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of trained/POD.json: everything held for this night, in order. It is the same in every arm."""

    sleeper: str
    held: tuple[KeptPractice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One training as this bed holds it tonight.

    Attributes:
        sounds: what sounds in each cue's turn: the cue, or silence as long as it. Only a speaker is given them.
        level_db: on the scale on which the sleeper's threshold is told.
    """

    number: int
    asked: Training
    moments: tuple[Moment, ...]
    sounds: Mapping[str, Sound]
    level_db: Decibels


def practices(asked: Asked, pod: PodAsked, *, threshold_db: Decibels, utc: datetime) -> list[Practice]:
    """Everything that this bed's sleeper practises tonight, in the order of the dreamscape.

    Raises:
        UsageError: DL-E127 when this dreamscape asks nothing of them.
        RefusedError: when the night has begun, consent is missing, has ended or was withdrawn, or a cue is not in it.
        ConfigError, RecordError: as a night of this trial would be refused.
    """
    wanted = trainings_for(asked.dreamscape, pod.groups)
    if not wanted:
        raise UsageError(
            "DL-E127",
            f"{asked.dreamscape.name} asks no training of {pod.sleeper}.",
            why="It has none." if not asked.dreamscape.training else "Its training is for a group they are not in.",
            do="Go on with the night; there is nothing to practise before it.",
        )
    _refuse_begun(asked.folder)
    grant = _agreed(asked, pod, [cue for each in wanted.values() for cue in each.cues], utc)
    sounds = _sounds(asked, pod, wanted)
    if not _is_trained(asked, pod, utc):
        sounds = {name: named("silence", np.zeros_like(sound.frames)) for name, sound in sounds.items()}
    level_db = _level_db(asked, grant, threshold_db)
    return [
        Practice(number=number, asked=each, moments=moments(each), sounds=sounds, level_db=level_db)
        for number, each in wanted.items()
    ]


def hold(
    practice: Practice, play: Play, clock: Clock, *, withdrawn: Callable[[], bool] = lambda: False
) -> Iterator[int]:
    """Plays one cue after another, each at its time; tells after each how many turns are over. Ends at a withdrawal."""
    began_s = clock.now_s()
    for number, (at_s, cue) in enumerate(practice.moments, 1):
        clock.wait_until(NightTime(began_s + at_s))
        if withdrawn():
            return
        if cue in practice.sounds:
            play(practice.sounds[cue], practice.level_db)
        yield number


def keep(folder: NightFolder, pod: PodAsked, held: KeptPractice) -> None:
    """Writes how far a training was held: over what was kept of the same session, beside every other."""
    kept = _kept(folder, pod)
    before = tuple(one for one in kept if (one.training, one.began_utc) != (held.training, held.began_utc))
    path = folder.trained(pod.id)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, msgspec.json.encode(KeptTraining(pod.sleeper, (*before, held))))


def so_far(practice: Practice, turns: int, *, held_s: float, utc: datetime) -> KeptPractice:
    """What is kept after so many turns: nothing of it hangs on what sounded in them."""
    given = [cue for _, cue in practice.moments[:turns] if cue in practice.sounds]
    began_utc = utc.isoformat(timespec="seconds")
    return KeptPractice(practice.number, tuple(dict.fromkeys(given)), len(given), to_microsecond(held_s), began_utc)


def held(folder: NightFolder, pod: PodAsked, onset_s: NightTime) -> list[TrainingHeld]:
    """What the record is to hold of the trainings before this night.

    Raises:
        ConfigError: DL-E368 when the file cannot be read.
    """
    return [
        TrainingHeld(
            onset_s=onset_s,
            training=one.training,
            cues=one.cues,
            presented=one.presented,
            held_s=to_microsecond(one.held_s),
            began_utc=one.began_utc,
        )
        for one in _kept(folder, pod)
    ]


def not_held(asked: Asked) -> list[str]:
    """What a person should know before the night: who lies at an output and has not practised."""
    return [
        f"{pod.sleeper} has not held the training of this dreamscape. Before the night: dreamloom calibrate training "
        f"{asked.folder.name} {pod.id}"
        for pod in asked.night.pod
        if is_lacking(asked, pod)
    ]


def is_lacking(asked: Asked, pod: PodAsked) -> bool:
    """Whether somebody lies there at an output and has not held every training of this dreamscape."""
    if pod.source.startswith(NOBODY) or pod.speaker.device == SILENT:
        return False
    return not {*trainings_for(asked.dreamscape, pod.groups)} <= {one.training for one in _kept(asked.folder, pod)}


def is_withdrawn(folder: NightFolder, pod: PodAsked) -> bool:
    """Whether this sleeper has taken back tonight's consent."""
    return withdrawing.withdrawn_tonight(folder.house.pod(pod.id), folder.name, pod.sleeper) is not None


def _kept(folder: NightFolder, pod: PodAsked) -> tuple[KeptPractice, ...]:
    """What was held for this night by this sleeper; another's training is nobody's here."""
    path = folder.trained(pod.id)
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=KeptTraining)
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError("DL-E368", f"{path} cannot be read.", why=f"{error}.", do="Remove it.") from error
    return kept.held if kept.sleeper == pod.sleeper else ()


def _refuse_begun(folder: NightFolder) -> None:
    if folder.record.exists():
        raise RefusedError(
            "DL-E548",
            f"The night {folder.name!r} has begun, and a training comes before sleep.",
            why="Its record says already what was held before it.",
            still="Nothing was played.",
            do="Train before the next night: copy this one's files to a new folder, or make one with dreamloom new.",
        )


def _agreed(asked: Asked, pod: PodAsked, cues: list[str], utc: datetime) -> Grant:
    """The grant under which this sleeper may be played these cues now."""
    grant = asked.grant_of(pod)
    missing = cues if grant is None else sorted({*cues} - {*grant.cues})
    if grant is None or missing:
        raise RefusedError(
            "DL-E549",
            f"{pod.sleeper} did not agree to {', '.join(dict.fromkeys(missing))}.",
            why="What is practised before sleep is a cue like any other: it must be heard and agreed to first.",
            still="Nothing was played.",
            do=f"Ask {pod.sleeper}, then name it under cues in consent.toml.",
        )
    if is_withdrawn(asked.folder, pod):
        raise RefusedError(
            "DL-E550",
            f"{pod.sleeper} has withdrawn from the night {asked.folder.name!r}.",
            why="A withdrawal holds for everything of a night, its training too.",
            still="Nothing was played.",
            do="Nothing is to be done; nobody has to say why.",
        )
    refuse_ended_grants(asked, utc)
    return grant


def _sounds(asked: Asked, pod: PodAsked, wanted: Mapping[int, Training]) -> dict[str, Sound]:
    """The sound of every cue that is given; the sleeper's own words where they recorded some."""
    names = dict.fromkeys(cue for each in wanted.values() for cue in each.cues if is_given(asked.dreamscape, cue))
    tonight = {**asked.sounds, **asked.own_sounds.get(pod.id, {})}
    more = {name: asked.dreamscape.cues[name] for name in names if name not in tonight}
    shelf = cue_sounds.shelf_of(asked.folder, asked.night)
    made = cue_sounds.weighed(cue_sounds.make_sounds(asked.dreamscape, shelf, cues=more))
    return {name: (tonight | made)[name] for name in names}


def _is_trained(asked: Asked, pod: PodAsked, utc: datetime) -> bool:
    """By the sealed schedule, which nobody is shown; where arms change within a night, it trains for all of them."""
    trial = trial_tonight(asked, goes_on=False, utc_s=utc.timestamp(), is_live=True)
    if trial is None:
        return trains_any(asked.dreamscape, [ACTIVE])
    design, nonce = trial.secret
    arm = arm_of_night(design, nonce, sleeper=pod.sleeper, night=trial.begun.trial_night)
    return trains_any(asked.dreamscape, [arm] if arm else design.arms)


def _level_db(asked: Asked, grant: Grant, threshold_db: Decibels) -> Decibels:
    """That of the night's awake sounds: their author's cap where this sleeper agreed to one, else just audible."""
    levels = asked.dreamscape.levels
    awake_db = levels.awake_cap_dba if grant.awake_level_cap_db is not None else None
    over_db = levels.over_threshold_db if awake_db is None else awake_db - threshold_db
    caps_db = (Decibels(levels.cap_dba if awake_db is None else awake_db), Decibels(grant.cap_db("awake")))
    return planned_db(threshold_db, Decibels(over_db), caps_db, lowered_db=Decibels(0.0))
