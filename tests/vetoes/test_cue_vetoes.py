"""Each veto by its name: a lawful cue sounds, and one wrong thing at a time gives that thing's reason."""

import msgspec
import pytest

from dreamloom.governance.consent import Grant
from dreamloom.record.events import LeaseGranted
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vetoes.bits import BITS_SIZE, Bit, silencing
from dreamloom.vetoes.cue import VETOES, Proposal, Situation, first_veto
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

PLAN, _ = plan_of()
GRANT: Grant = grant_for(PLAN)
LEASE = LeaseGranted(
    onset_s=97.0,
    pod="p1",
    lease="p1-3",
    scene="test",
    cues=PLAN.cue_sha256,
    sound_class="sleep",
    level_cap_db=45.0,
    cues_left=10,
    arm=None,
    dreamscape_sha256=PLAN.dreamscape_sha256,
    policy_sha256="0" * 64,
    not_before_s=90.0,
    not_after_s=120.0,
)
CUE = Proposal(
    cue="chord",
    cue_sha256=PLAN.cue_sha256["chord"],
    sound_class="sleep",
    dreamscape_sha256=PLAN.dreamscape_sha256,
    level_db=Decibels(40.0),
    play_at_s=NightTime(100.25),
    start_by_s=NightTime(100.75),
)
LAWFUL = Situation(
    now_s=NightTime(100.0),
    grant=GRANT,
    grant_ends_s=None,
    revoked=False,
    halted=False,
    armed=True,
    stopped=False,
    lease=LEASE,
    in_hand_s=NightTime(100.05),
    stage=Stage.R,
    stage_age_s=Seconds(3.0),
    unstaged_yet=False,
    lost=False,
    stirring=False,
    paused_until_s=NightTime(0.0),
    cues_last_hour=0,
    cues_since_lease=0,
)


def changed_lease(**changes: object) -> dict[str, object]:
    import msgspec

    return {"lease": msgspec.structs.replace(LEASE, **changes)}


def changed_grant(**changes: object) -> dict[str, object]:
    return {"grant": grant_for(PLAN, **changes)}


WRONG = [
    ({"revoked": True}, "REVOKED"),
    ({"halted": True}, "HALTED"),
    ({"out_of_bed": True}, "OUT_OF_BED"),
    ({"grant": None}, "CONSENT"),
    ({"grant_ends_s": NightTime(100.2)}, "CONSENT"),
    (changed_grant(purposes=("keep derived",)), "CONSENT"),
    (changed_grant(dreamscape_sha256="a" * 64), "CONSENT"),
    (changed_grant(cues=("silence",)), "CONSENT"),
    (changed_grant(cues_per_hour=0), "BUDGET"),
    ({"cues_last_hour": 3600}, "BUDGET"),
    ({"armed": False}, "NOT_REARMED"),
    ({"stopped": True}, "STOPPED"),
    ({"lost": True}, "STALE"),
    ({"in_hand_s": NightTime(100.7)}, "STALE"),
    ({"stage_age_s": None}, "STALE"),
    ({"stage_age_s": Seconds(15.5)}, "STALE"),
    ({"stage": Stage.UNSCORED}, "UNSCORED"),
    ({"stage": Stage.N2}, "STAGE"),
    ({"stage": Stage.W, **changed_grant(stages=("W", "R"))}, "STAGE"),
    ({"stirring": True}, "AROUSAL"),
    ({"paused_until_s": NightTime(100.5)}, "AROUSAL"),
    ({"lease": None}, "LEASE"),
    (changed_lease(not_before_s=100.5), "LEASE"),
    (changed_lease(not_after_s=100.25), "LEASE"),
    (changed_lease(dreamscape_sha256="b" * 64), "LEASE"),
    (changed_lease(sound_class="awake"), "LEASE"),
    (changed_lease(cues={"chord": "c" * 64}), "LEASE"),
    (changed_lease(cues={}), "LEASE"),
    ({"cues_since_lease": 10}, "BUDGET"),
    (changed_lease(level_cap_db=39.9), "LEVEL"),
    ({"dose": 1e9}, "DOSE"),
    ({"volume_moved": True}, "VOLUME"),
    (changed_grant(level_cap_db=39.9), "LEVEL"),
]


def test_a_lawful_cue_sounds() -> None:
    assert first_veto(LAWFUL, CUE) is None


@pytest.mark.parametrize(("changes", "reason"), WRONG)
def test_one_wrong_thing_is_named(changes: dict[str, object], reason: str) -> None:
    assert first_veto(msgspec.structs.replace(LAWFUL, **changes), CUE) == reason


@pytest.mark.parametrize("veto", VETOES, ids=lambda veto: veto.__name__)
def test_no_veto_is_spare(veto: object) -> None:
    """Leave one out, and something unlawful would sound."""
    others = [other for other in VETOES if other is not veto]
    situations = [msgspec.structs.replace(LAWFUL, **changes) for changes, _ in WRONG]
    assert any(all(other(now, CUE) is None for other in others) for now in situations)


def test_withdrawal_is_named_before_everything_else() -> None:
    worst = msgspec.structs.replace(LAWFUL, revoked=True, grant=None, lease=None, armed=False, stage=Stage.UNSCORED)
    assert first_veto(worst, CUE) == "REVOKED"


BELL = msgspec.structs.replace(CUE, sound_class="awake")
AWAKE = msgspec.structs.replace(
    LAWFUL,
    stage=Stage.W,
    stirring=True,
    paused_until_s=NightTime(200.0),
    **changed_grant(stages=("R", "W")),  # type: ignore[arg-type]
    **changed_lease(sound_class="awake"),  # type: ignore[arg-type]
)
LYING_DOWN: dict[str, object] = {"unstaged_yet": True, "stage": Stage.UNSCORED, "stage_age_s": None}


@pytest.mark.parametrize("changes", [{}, LYING_DOWN])
def test_an_awake_sound_sounds_in_waking_and_before_the_first_stage(changes: dict[str, object]) -> None:
    assert first_veto(msgspec.structs.replace(AWAKE, **changes), BELL) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        *(({"stage": stage}, "STAGE") for stage in (Stage.N1, Stage.N2, Stage.N3, Stage.R)),
        ({"stage": Stage.UNSCORED}, "UNSCORED"),
        ({"stage_age_s": Seconds(15.5)}, "STALE"),
        ({"stage_age_s": None}, "STALE"),
        ({"lost": True}, "STALE"),
        ({**LYING_DOWN, "lost": True}, "STALE"),
        (changed_grant(stages=("R",)), "STAGE"),
        ({**LYING_DOWN, **changed_grant(stages=("R",))}, "STAGE"),
        ({"revoked": True}, "REVOKED"),
        ({"lease": None}, "LEASE"),
    ],
)
def test_an_awake_sound_never_sounds_in_sleep_nor_where_nobody_knows_nor_without_consent(
    changes: dict[str, object], reason: str
) -> None:
    assert first_veto(msgspec.structs.replace(AWAKE, **changes), BELL) == reason


def test_every_bit_silences_by_itself_and_a_torn_table_halts() -> None:
    for bit in Bit:
        table = bytearray(BITS_SIZE)
        table[bit] = 1
        assert silencing(bytes(table)) == (bit,)
    assert silencing(bytes(BITS_SIZE)) == ()
    assert silencing(b"") == (Bit.HALTED,)
