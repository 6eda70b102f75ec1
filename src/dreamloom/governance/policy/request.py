"""What is a policy asked about one cue, and what may it answer? Typed fields, whole numbers, strict where unsaid."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal, NamedTuple

NEVER_STAGED_MS = 2**31 - 1
"""The age of a stage where there is none: older than any bound."""
NO_END_S = 24 * 3600
"""What is left of a consent that ends with the night: a day, which is longer than any night. Ours."""
KINDS = {"bool": "Bool", "int": "Long", "str": "String", "tuple[str, ...]": "Set<String>"}
"""How our types are called in Cedar. It has no fractions: levels travel in tenths of a decibel (ddb)."""

Intake = Literal["unanswered", "answered", "vouched", "nobody", "excluded", "untaught"]
"""What is known of whether this sleeper may take part: nobody asked, they answered, the person in charge vouches for
it by writing the consent, nobody lies there at all; they keep what this dreamscape is about out of their nights, or
have not answered yet what they agreed to. Policies know answered, vouched and nobody; all else is a no."""


@dataclass(frozen=True, kw_only=True)
class CueRequest:
    """One cue at one bed, with all that a policy may look at; whatever is not said counts against it.

    No field names a person: a rule that holds for one holds for all.

    Attributes:
        granted: this sleeper's consent to cues is here and has not ended.
        dreamscape_agreed, cue_agreed: it names this text, and this cue.
        sound_agreed: the sound here is the one that was heard awake, by its content.
        rules_agreed: the house's permission was given under these same policies.
        revoked: the sleeper said no. held: a person or a safety rule holds this bed.
        grant_left_s: until the consent ends by itself.
        sound_class: sleep or awake. waking: rings, speaks, or "" for what wakes nobody.
        wake_agreed: the consent says that this sleeper may be woken.
        by_clock: at a bed that tells no stage, as its author foresaw.
        stage, stage_age_ms, confidence_permille: the newest estimate; unstaged_yet: tonight's first is to come.
        stages_agreed: of the consent.
        lost: this second's samples are missing or late. restless: an arousal, or the pause after one.
        level_ddb, level_cap_ddb: tenths of a decibel, planned, and what the sleeper agreed to.
        cues_last_hour, cues_per_hour: of all parts together, and agreed to.
        awakenings_half_hour: by a cue, in the last thirty minutes.
        tags: of the dreamscape. relayed: another sleeper's signal led to it. relay_agreed: this one agreed to that.
        intake, care: whether this sleeper may take part, and what they need care for.
        clinician: one is named for this night. protocol: under which one; "" without.
    """

    granted: bool = False
    dreamscape_agreed: bool = False
    cue_agreed: bool = False
    sound_agreed: bool = False
    rules_agreed: bool = False
    revoked: bool = True
    held: bool = True
    grant_left_s: int = 0
    sound_class: str = ""
    waking: str = ""
    wake_agreed: bool = False
    by_clock: bool = False
    stage: str = "UNSCORED"
    stage_age_ms: int = NEVER_STAGED_MS
    confidence_permille: int = 0
    unstaged_yet: bool = False
    stages_agreed: tuple[str, ...] = ()
    lost: bool = True
    restless: bool = True
    level_ddb: int = 2**31 - 1
    level_cap_ddb: int = 0
    cues_last_hour: int = 2**31 - 1
    cues_per_hour: int = 0
    awakenings_half_hour: int = 2**31 - 1
    tags: tuple[str, ...] = ()
    relayed: bool = True
    relay_agreed: bool = False
    intake: str = "unanswered"
    care: tuple[str, ...] = ("unknown",)
    clinician: bool = False
    protocol: str = ""


class Eligibility(NamedTuple):
    """Whether this sleeper may take part tonight, as far as the house knows.

    Attributes:
        intake: what is known of it. care: what they need care for, in words of the house's own.
        clinician: one is named for this night. protocol: under which one; "" without.
    """

    intake: Intake = "unanswered"
    care: tuple[str, ...] = ("unknown",)
    clinician: bool = False
    protocol: str = ""


UNASKED = Eligibility()
"""Nobody asked: no cue is for this sleeper."""
NOBODY_THERE = Eligibility(intake="nobody", care=())
"""A recording or a simulated sleeper lies there."""
EXCLUDED = Eligibility(intake="excluded")
"""The sleeper keeps what this dreamscape touches on out of their nights; nobody is told what that is."""
UNTAUGHT = Eligibility(intake="untaught")
"""The three questions on what was agreed to have not been answered yet."""
VOUCHED = Eligibility(intake="vouched", care=())
"""Whoever wrote the consent vouches that cues are safe for this sleeper."""


class Verdict(NamedTuple):
    """What the policies say of one cue.

    Attributes:
        allowed: it may sound.
        policies: ids of those that decided, in alphabetical order.
    """

    allowed: bool
    policies: tuple[str, ...] = ()


Decide = Callable[[CueRequest], Verdict]
"""The policies of a house, asked about one cue: the same answer for the same question, live and in a replay."""

UNDECIDED = Verdict(allowed=False, policies=("undecided",))
"""Nobody could say: an error, no decision, no policy. It counts as no."""
LOCAL_FIELDS = {"tags_allowed": "Bool"}
"""What is found beside the request: that every tag is on the bundle's own list."""


NO_POLICY_SHA256 = "0" * 64
"""Where no rules are in force."""


def undecided(_: CueRequest) -> Verdict:
    """Where no policy is in force nothing may sound."""
    return UNDECIDED


def before_bundles(_: CueRequest) -> Verdict:
    """In nights from before there were bundles the vetoes were all the rules; for them alone."""
    return Verdict(allowed=True)


def field_types() -> dict[str, str]:
    """Every field of a request with its type in Cedar."""
    return {**{each.name: KINDS[_name_of(each.type)] for each in fields(CueRequest)}, **LOCAL_FIELDS}


def _name_of(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)


def schema_text() -> str:
    """The Cedar schema of a request: every field required, so that none can be left out unnoticed."""
    lines = "".join(f"    {name}: {kind},\n" for name, kind in field_types().items())
    return (
        "entity Sleeper;\nentity Cue;\n\n"
        "action play appliesTo {\n  principal: [Sleeper],\n  resource: [Cue],\n  context: {\n" + lines + "  }\n};\n"
    )
