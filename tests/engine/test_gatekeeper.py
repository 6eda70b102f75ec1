"""What a bed's gate lets in, and what it says of the rest."""

from itertools import pairwise

import pytest
from msgspec.structs import replace

from dreamloom.engine.gatekeeper import AGAIN_S, Gatekeeper, OpenGate, OrderDesk
from dreamloom.record.events import CommandGiven, GlitchSeen, LeaseGranted, LeaseLapsed
from dreamloom.seals.notes import public_key
from dreamloom.seals.orders import Envelope
from dreamloom.vocabulary.units import NightTime

SEED, OTHER_SEED = b"h" * 32, b"x" * 32
POLICY, OLD_POLICY = "a" * 64, "b" * 64
NOW_S = NightTime(100.0)


def _lease(number: int = 1) -> LeaseGranted:
    return LeaseGranted(
        id=f"night.0.{number}",
        onset_s=97.0,
        pod="p1",
        lease=f"p1-{number}",
        scene="whole night",
        cues={"chord": "c" * 64},
        sound_class="sleep",
        level_cap_db=45.0,
        cues_left=10,
        arm=None,
        dreamscape_sha256="d" * 64,
        policy_sha256=POLICY,
        not_before_s=100.0,
        not_after_s=130.0,
    )


def _command() -> CommandGiven:
    return CommandGiven(
        onset_s=100.0,
        by="R",
        cue="chord",
        cue_sha256="c" * 64,
        sound_class="sleep",
        level_cap_db=45.0,
        dreamscape_sha256="d" * 64,
        policy_sha256=POLICY,
        not_after_s=102.0,
    )


def _desk(*, night: str = "n", policy: str = POLICY, seed: bytes = SEED, boot: int = 0) -> OrderDesk:
    return OrderDesk(night=night, policy_sha256=policy, seed=seed, boot=boot)


def _gate(*, boot: int = 0) -> Gatekeeper:
    return Gatekeeper(night="n", pod="p1", policy_sha256=POLICY, public=public_key(SEED), boot=boot)


def _kinds(glitches: list[GlitchSeen]) -> list[str]:
    return [each.glitch for each in glitches]


def test_what_the_house_says_passes_word_for_word() -> None:
    lapsed = LeaseLapsed(id="night.0.2", onset_s=97.0, pod="p1", lease="p1-1", reason="WITHDRAWN")
    desk, gate = _desk(), _gate()
    signed = [desk.lease(word, pod="p1", from_s=NOW_S) for word in (_lease(), lapsed)]
    assert gate.admit(signed, NOW_S) == ([_lease(), lapsed], [])
    assert gate.admit_command(desk.command(_command(), pod="p1"), NOW_S) == _command()


@pytest.mark.parametrize(
    ("word", "glitch"),
    [
        (_lease(), "ORDER_UNSIGNED"),
        (_desk().lease(_lease(), pod="p1", from_s=NOW_S)._replace(signature=b""), "ORDER_UNSIGNED"),
        (_desk().lease(_lease(), pod="p1", from_s=NOW_S)._replace(signature=b"1" * 64), "ORDER_FORGED"),
        (_desk(seed=OTHER_SEED).lease(_lease(), pod="p1", from_s=NOW_S), "ORDER_FORGED"),
        (Envelope(b"", b"1" * 64, "night.0.1"), "ORDER_FORGED"),
        (_desk().command(_command(), pod="p1")._replace(about="night.0.1"), "ORDER_FORGED"),
        (_desk().lease(_lease(), pod="p2", from_s=NOW_S), "ORDER_WRONG_POD"),
        (_desk(night="m").lease(_lease(), pod="p1", from_s=NOW_S), "ORDER_WRONG_NIGHT"),
        (_desk(policy=OLD_POLICY).lease(_lease(), pod="p1", from_s=NOW_S), "ORDER_OLD_POLICY"),
        (_desk().lease(_lease(), pod="p1", from_s=NightTime(69.9)), "ORDER_STALE"),
        (_desk().lease(_lease(), pod="p1", from_s=NightTime(100.1)), "ORDER_STALE"),
    ],
)
def test_what_does_not_open_is_silence_and_one_word_about_it(word: LeaseGranted | Envelope, glitch: str) -> None:
    told = _gate().admit([word], NOW_S)
    assert told.words == []
    assert [(each.glitch, each.cause) for each in told.glitches] == [(glitch, "night.0.1")]


def test_no_bit_of_an_order_can_be_changed() -> None:
    signed = _desk().command(_command(), pod="p1")
    whole = signed.text + signed.signature
    for bit in range(0, 8 * len(whole), 7):
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        text, signature = bytes(spoilt[: len(signed.text)]), bytes(spoilt[len(signed.text) :])
        told = _gate().admit_command(Envelope(text, signature), NOW_S)
        assert isinstance(told, GlitchSeen)
        assert told.glitch == "ORDER_FORGED"


def test_an_order_is_obeyed_once() -> None:
    gate, desk = _gate(), _desk()
    first, second = (desk.lease(_lease(number), pod="p1", from_s=NOW_S) for number in (1, 2))
    assert gate.admit([second, first, second], NOW_S).words == [_lease(2)]
    assert _kinds(gate.admit([first], NOW_S).glitches) == ["ORDER_REPLAYED"]


def test_orders_of_an_earlier_opening_are_worth_nothing_however_much_of_it_was_written() -> None:
    before = _desk()
    kept = [before.lease(_lease(number), pod="p1", from_s=NOW_S) for number in range(50)]
    gate = _gate(boot=1)
    assert gate.admit(kept, NOW_S).words == []
    assert gate.admit([_desk(boot=1).lease(_lease(), pod="p1", from_s=NOW_S)], NOW_S).words == [_lease()]


def test_a_command_is_good_for_two_seconds() -> None:
    desk = _desk()
    assert _gate().admit_command(desk.command(_command(), pod="p1"), NightTime(101.999)) == _command()
    late = _gate().admit_command(desk.command(_command(), pod="p1"), NightTime(102.0))
    assert isinstance(late, GlitchSeen)
    assert late.glitch == "ORDER_STALE"


def test_a_flood_of_forgeries_is_told_once_in_a_while() -> None:
    gate = _gate()
    told = [gate.admit_command(_command(), NightTime(at_s / 10)) for at_s in range(1000, 1300)]
    onsets_s = [each.onset_s for each in told if isinstance(each, GlitchSeen)]
    assert len(onsets_s) == 3
    assert all(later - sooner >= AGAIN_S for sooner, later in pairwise(onsets_s))


def test_a_bed_that_the_house_no_longer_knows_obeys_nothing_and_says_so_once() -> None:
    standing: list[str | None] = [None]
    gate, desk = _gate(), _desk()
    gate._standing = lambda: standing[0]  # type: ignore[assignment, return-value]  # changes as a person changes it
    assert gate.admit([desk.lease(_lease(1), pod="p1", from_s=NOW_S)], NOW_S).words == [_lease(1)]
    standing[0] = "REVOKED"
    assert gate.admit_command(desk.command(_command(), pod="p1"), NOW_S) is None
    told = [gate.admit([desk.lease(_lease(number), pod="p1", from_s=NOW_S)], NOW_S) for number in (2, 3)]
    standing[0] = None
    told.append(gate.admit([desk.lease(_lease(4), pod="p1", from_s=NOW_S)], NOW_S))
    assert [(each.words, _kinds(each.glitches)) for each in told] == [([], ["ORDER_REVOKED"]), ([], []), ([], [])]


def test_a_replay_keeps_out_what_was_kept_out() -> None:
    refused = GlitchSeen(id="p1.0.1", tick=99, onset_s=100.0, glitch="ORDER_FORGED", cause="night.0.1")
    shut = replace(refused, id="p1.0.2", tick=120, glitch="ORDER_REVOKED", cause=None)
    gate = OpenGate.as_recorded([refused, shut])
    assert gate.admit([_lease(1), _lease(2)], NOW_S).words == [_lease(2)]
    assert gate.admit([_lease(3)], NightTime(120.0)).words == [_lease(3)]
    assert gate.admit([_lease(4)], NightTime(121.0)).words == []
