"""Verification: whatever is done to a stored record is found, and the first thing that does not fit is named."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from dreamloom.ports import StoredCheckpoint
from dreamloom.record.belonging import ByRule
from dreamloom.record.chain import keyed_leaf
from dreamloom.record.codec import canonical, decode
from dreamloom.record.events import ArmsSealed, LeaseGranted, NightClosed, NightOpened, Seat
from dreamloom.record.merkle import root_of
from dreamloom.record.sealing import seal_for
from dreamloom.record.verify import verify
from dreamloom.seals.keys import DESTROYED, Destroyed, record_key
from dreamloom.seals.notes import Checkpoint, public_key, sign_note
from dreamloom.testing.ledger_contract import ORIGIN, by_pod, lights_off
from dreamloom.testing.ledgers import MemoryLedger
from dreamloom.testing.vaults import MemoryVault

VAULT = MemoryVault(1)
PUBLIC = public_key(VAULT.signing_key())


def night(size: int = 200, every: int = 60) -> tuple[list, list]:
    """Rows and checkpoints of a record of two pods, signed at 60, 120, 180 events."""
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=by_pod)
    for k in range(size):
        ledger.append([lights_off(k // 2, origin=f"p{k % 2 + 1}", tick=k)])
        if (k + 1) % every == 0:
            ledger.checkpoint()
    return list(ledger.rows()), ledger.checkpoints()


ROWS, CHECKPOINTS = night()


def judged(rows=ROWS, checkpoints=CHECKPOINTS, **changed):
    asked = {
        "key_of": VAULT.subject_key, "public_key": PUBLIC, "origin": ORIGIN, "belonging": ByRule(by_pod), **changed,
    }  # fmt: skip
    return verify(rows, checkpoints, **asked)


def with_row(seq: int, **changed) -> list:
    return [replace(row, **changed) if row.seq == seq else row for row in ROWS]


def forged(seq: int, event) -> list:
    """The row rewritten with its leaf by somebody who has every key but the signing key."""
    leaf = keyed_leaf(record_key(VAULT.subject_key(event.pod), ORIGIN), event.id, canonical(event))
    return with_row(seq, body=canonical(event), leaf=leaf)


def replaced_by_staff(seq: int):
    return structs.replace(decode(ROWS[seq].body), by="staff")


def test_an_honest_record_is_good_and_says_what_is_not_signed():
    verdict = judged()
    assert (verdict.ok, verdict.events, verdict.first_bad, verdict.erased) == (True, 200, None, 0)
    assert verdict.root == root_of(row.leaf for row in ROWS).hex()
    assert verdict.signed == 180
    assert "last 20 events are under no checkpoint" in verdict.why


def test_a_record_signed_to_its_end_leaves_nothing_to_say():
    assert judged(ROWS[:180]).why == ""


def test_a_changed_byte_of_a_text_is_found():
    verdict = judged(with_row(41, body=ROWS[41].body.replace(b"sleeper", b"slipper")))
    assert verdict.first_bad == "seq 41 (p2.0.20)"
    assert "leaf" in verdict.why


@settings(max_examples=40)
@given(seq=st.integers(0, 199), bit=st.integers(0, 10_000))
def test_any_flipped_bit_of_any_text_is_found_at_its_event(seq, bit):
    body = bytearray(ROWS[seq].body)
    body[bit // 8 % len(body)] ^= 1 << bit % 8
    verdict = judged(with_row(seq, body=bytes(body)))
    assert not verdict.ok
    assert verdict.first_bad.split(" (")[0] == f"seq {seq}"


def test_two_texts_that_changed_places_are_found_at_the_first():
    rows = with_row(10, body=ROWS[12].body)
    rows[12] = replace(ROWS[12], body=ROWS[10].body)
    assert judged(rows).first_bad == "seq 10 (p1.0.6)"


def test_a_deleted_row_is_named():
    verdict = judged(ROWS[:41] + ROWS[42:])
    assert verdict.first_bad == "event 41"
    assert "missing" in verdict.why


def test_a_deleted_row_whose_gap_was_closed_is_named_by_the_count_that_misses_it():
    rows = [replace(row, seq=k) for k, row in enumerate(ROWS[:41] + ROWS[42:])]
    verdict = judged(rows)
    assert verdict.first_bad == "seq 42 (p2.0.21)"
    assert "p2.0.20 is missing" in verdict.why


def test_deleted_first_rows_are_named():
    assert judged(ROWS[3:]).first_bad == "events 0-2"


def test_a_replaced_leaf_is_found_at_its_event():
    assert judged(with_row(150, leaf=b"\x07" * 32)).first_bad == "seq 150 (p1.0.75)"


def test_a_leaf_of_another_length_is_found():
    assert judged(with_row(150, leaf=b"")).first_bad == "seq 150 (p1.0.75)"


def test_a_text_replaced_with_its_leaf_is_found_between_two_checkpoints():
    verdict = judged(forged(150, replaced_by_staff(150)))
    assert verdict.first_bad == "events 120-179"
    assert verdict.signed == 120


def test_a_forged_checkpoint_over_a_forged_text_is_found():
    rows = forged(150, replaced_by_staff(150))
    root = root_of(row.leaf for row in rows[:180])
    note = sign_note(Checkpoint(ORIGIN, 180, root).text, name=ORIGIN, seed=b"\x07" * 32)
    verdict = judged(rows, [*CHECKPOINTS[:2], StoredCheckpoint(180, note)])
    assert verdict.first_bad == "checkpoint over 180 events"


def test_a_tail_cut_off_before_the_newest_checkpoint_is_named():
    verdict = judged(ROWS[:150])
    assert verdict.first_bad == "events 150-179"
    assert "180 events were signed, 150 are here" in verdict.why


def test_a_record_without_any_row_is_found():
    assert judged([]).first_bad == "events 0-59"


def test_a_checkpoint_moved_to_another_size_is_found():
    moved = StoredCheckpoint(100, CHECKPOINTS[0].note)
    assert judged(checkpoints=[moved, *CHECKPOINTS[1:]]).first_bad == "checkpoint over 100 events"


@pytest.mark.parametrize("changed", [{"public_key": public_key(b"\x07" * 32)}, {"origin": "other/night"}])
def test_a_record_of_another_house_or_name_does_not_pass(changed):
    assert not judged(**changed).ok


def test_another_vaults_keys_fit_no_leaf():
    assert judged(key_of=MemoryVault(2).subject_key).first_bad == "seq 0 (p1.0.0)"


def test_a_row_given_to_another_subject_is_found():
    assert judged(with_row(40, subject="p2")).first_bad == "seq 40 (p1.0.20)"


def without(subject_gone: str, instead: Destroyed | None):
    return lambda subject: instead if subject == subject_gone else VAULT.subject_key(subject)


def test_an_event_under_a_destroyed_key_is_counted_and_honestly_unproven():
    verdict = judged(ROWS[:180], key_of=without("p2", DESTROYED))
    assert (verdict.ok, verdict.erased, verdict.signed) == (True, 90, 180)
    assert "90 leaves cannot be recomputed because the keys of 1 subjects were destroyed" in verdict.why
    assert "not proven" in verdict.why


def test_a_key_that_is_missing_without_a_tombstone_is_no_erasure():
    verdict = judged(ROWS[:180], key_of=without("p2", None))
    assert (verdict.ok, verdict.first_bad, verdict.erased) == (False, "seq 1 (p2.0.0)", 0)
    assert "the key of 'p2' is missing, and no tombstone" in verdict.why


def test_an_event_under_a_destroyed_key_that_no_checkpoint_covers_does_not_pass():
    verdict = judged(key_of=without("p2", DESTROYED))
    assert (verdict.ok, verdict.first_bad) == (False, "seq 181 (p2.0.90)")
    assert "no checkpoint covers its leaf" in verdict.why


def test_the_houses_own_key_is_never_rightly_destroyed():
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=lambda _: "house")
    ledger.append([structs.replace(lights_off(0, origin="house"), pod=None)])
    ledger.checkpoint()
    verdict = judged(
        list(ledger.rows()), ledger.checkpoints(), key_of=lambda _: DESTROYED, belonging=ByRule(lambda _: "house")
    )
    assert (verdict.ok, verdict.first_bad) == (False, "seq 0 (house.0.0)")


def test_a_replaced_leaf_under_a_destroyed_key_is_still_found_by_the_signed_root():
    verdict = judged(with_row(151, leaf=b"\x07" * 32), key_of=lambda _: DESTROYED)
    assert verdict.first_bad == "events 120-179"


def test_a_text_that_is_gone_without_a_recorded_erasure_is_bad():
    verdict = judged(with_row(41, body=None))
    assert verdict.first_bad == "seq 41"
    assert "no erasure is recorded" in verdict.why


def test_a_text_that_is_no_event_is_bad():
    assert judged(with_row(41, body=b"{}")).first_bad == "seq 41"


def test_a_tick_that_falls_is_bad_even_when_signed():
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=by_pod)
    ledger.append([lights_off(0, tick=5), lights_off(1, tick=5)])
    rows = list(ledger.rows())
    event = lights_off(1, tick=4)
    key = record_key(VAULT.subject_key("p1"), ORIGIN)
    rows[1] = replace(rows[1], body=canonical(event), leaf=keyed_leaf(key, event.id, canonical(event)))
    verdict = judged(rows, [])
    assert (verdict.first_bad, verdict.why) == ("seq 1 (p1.0.1)", "its tick 4 comes after tick 5")


@settings(max_examples=30)
@given(cut=st.integers(0, 200), extra=st.integers(0, 5))
def test_only_what_lies_behind_the_newest_checkpoint_can_vanish_unseen(cut, extra):
    verdict = judged(ROWS[:cut])
    assert verdict.ok is (cut >= 180)
    assert judged(ROWS[:cut] + [replace(ROWS[0], seq=cut + k) for k in range(extra)]).ok is (verdict.ok and not extra)


def sealed_night() -> MemoryLedger:
    """An arm sealed with its payload beside it, and a lease that names the same seal."""
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=by_pod)
    seal, ciphertext = seal_for("p1", b"sham", subject_key=VAULT.subject_key("p1"), origin=ORIGIN, event_id="p1.0.0")
    stamp = {"kind": "input", "tick": 0, "onset_s": 0.0, "pod": "p1"}
    ledger.append([ArmsSealed(id="p1.0.0", arm=seal, **stamp)], {"p1.0.0": ciphertext})
    lease = LeaseGranted(
        id="p1.0.1", lease="p1-0", scene="", cues={}, sound_class="sleep", level_cap_db=1.0, cues_left=1, arm=seal,
        dreamscape_sha256="0" * 64, policy_sha256="0" * 64, not_before_s=1.0, not_after_s=2.0, **stamp,
    )  # fmt: skip
    ledger.append([lease])
    ledger.checkpoint()
    return ledger


def test_a_payload_that_was_changed_or_taken_away_is_found_at_its_event():
    ledger = sealed_night()
    stored = ledger.payload("p1.0.0")
    assert judged(list(ledger.rows()), ledger.checkpoints(), payload_of=ledger.payload).ok
    for payload, why in ((bytes([stored[0] ^ 1]) + stored[1:], "not the one it names"), (None, "is gone")):
        verdict = judged(
            list(ledger.rows()),
            ledger.checkpoints(),
            payload_of=lambda event_id, p=payload: p if event_id == "p1.0.0" else None,
        )
        assert not verdict.ok
        assert "p1.0.0" in verdict.first_bad
        assert why in verdict.why


def test_an_event_filed_under_another_name_is_found():
    verdict = judged(with_row(41, id="p1.0.999"))
    assert verdict.first_bad.startswith("seq 41 ")


# --- whom an event belongs to --------------------------------------------------------------------------------------

ROSTER = {"p1": "S01", "p2": "S02"}


def opened_night() -> tuple[list, list]:
    """A signed night of two beds whose roster stands in its first event; p2's sleeper was erased since."""
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=lambda event: ROSTER.get(event.pod or "", "house"))
    ledger.append([opening(ROSTER), lights_off(0, tick=1), lights_off(0, origin="p2", tick=1), lease_like("p1")])
    ledger.checkpoint()
    return list(ledger.rows()), ledger.checkpoints()


def closed_night() -> tuple[list, list]:
    """The same, closed, its last words and their checkpoint on the disk together."""
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=lambda event: ROSTER.get(event.pod or "", "house"))
    ledger.append([opening(ROSTER)])
    ledger.checkpoint()
    ledger.append([lights_off(0, tick=1), lights_off(0, origin="p2", tick=1), ending()])
    ledger.checkpoint()
    return list(ledger.rows()), ledger.checkpoints()


def ending() -> NightClosed:
    stamp = {"id": "night.0.1", "kind": "input", "tick": 1, "onset_s": 1.0}
    return NightClosed(status="complete", reason="", counts={}, **stamp)


def opening(roster: dict[str, str], **stamp) -> NightOpened:
    return NightOpened(
        **{"id": "night.0.0", "kind": "input", "tick": 0, "onset_s": 0.0, **stamp},
        mode="private", timezone="UTC", dreamscape="d", dreamscape_sha256="0" * 64, consent_sha256="0" * 64,
        simulation_seed=1, roster=tuple(Seat(pod=pod, sleeper=name, source="sim") for pod, name in roster.items()),
    )  # fmt: skip


def lease_like(pod: str):
    """What the night itself tells of a bed."""
    return structs.replace(lights_off(1, origin="night", tick=1), pod=pod)


def of_night(seq: int, event, subject: str):
    """The verdict on the night with one row rewritten by somebody who has no key at all, its leaf left as it was."""
    rows, checkpoints = opened_night()
    rows[seq] = replace(rows[seq], id=event.id, subject=subject, body=canonical(event))
    return judged(rows, checkpoints, key_of=keys_of_night, belonging=None)


def keys_of_night(subject: str):
    known = {"house": VAULT.subject_key("house"), "S01": VAULT.subject_key("S01"), "S02": DESTROYED}
    return known.get(subject)


def test_a_night_of_two_beds_verifies_by_its_own_roster():
    rows, checkpoints = opened_night()
    verdict = judged(rows, checkpoints, key_of=keys_of_night, belonging=None)
    assert (verdict.ok, verdict.first_bad, verdict.erased, verdict.signed) == (True, None, 1, 4)


@pytest.mark.parametrize(
    ("seq", "event", "subject", "why"),
    [
        (1, lights_off(0, origin="zz", tick=1), "zz", "the pod 'zz', which is not in this night's roster"),
        (1, structs.replace(lights_off(0, tick=1), pod="zz"), "zz", "the pod 'zz', which is not in this night's"),
        (1, structs.replace(lights_off(0, tick=1), by="staff"), "S02", "on the key of 'S02', not on that of 'S01'"),
        (1, structs.replace(lights_off(0, tick=1), pod=None), "S02", "on the key of 'S02', not on that of 'house'"),
        (1, structs.replace(lights_off(0, tick=1), pod="p2"), "S02", "'p1' told it, and it is of p2"),
        (0, opening({"p1": "S02"}, pod="p1"), "S02", "opened once, and by the house"),
        (2, opening({"p1": "S02", "p2": "S02"}, id="p2.0.0", pod="p2", tick=1), "S02", "opened once, and by the"),
        (0, lights_off(0), "S01", "the pod 'p1', which is not in this night's roster"),
    ],
)
def test_an_event_put_under_a_key_that_cannot_judge_it_is_found(seq, event, subject, why):
    verdict = of_night(seq, event, subject)
    assert (verdict.ok, verdict.first_bad) == (False, f"seq {seq} ({event.id})")
    assert why in verdict.why


# --- whether anybody vouches for it --------------------------------------------------------------------------------


def of_closed_night(rows: list, checkpoints: list):
    return judged(rows, checkpoints, key_of=keys_of_night, belonging=None)


def test_a_closed_night_signed_to_its_end_leaves_only_what_was_erased_to_say():
    verdict = of_closed_night(*closed_night())
    assert (verdict.ok, verdict.standing, verdict.signed) == (True, "verified", 4)
    assert "checkpoint" not in verdict.why
    assert "no end" not in verdict.why


def test_a_record_that_nobody_signed_has_not_passed_and_is_not_called_bad():
    rows, _ = closed_night()
    for kept in (rows[:3], rows[:1], []):
        verdict = of_closed_night([row for row in kept if row.subject != "S02"], [])
        assert (verdict.ok, verdict.first_bad, verdict.standing, verdict.signed) == (False, None, "not signed yet", 0)
        assert "no checkpoint was signed yet" in verdict.why


def test_an_empty_checkpoint_vouches_for_no_event():
    note = sign_note(Checkpoint(ORIGIN, 0, root_of([])).text, name=ORIGIN, seed=VAULT.signing_key())
    assert judged(ROWS[:9], [StoredCheckpoint(0, note)]).standing == "not signed yet"
    assert judged([], [StoredCheckpoint(0, note)]).standing == "verified"


@pytest.mark.parametrize(("kept", "first_bad"), [(0, "events 0-3"), (1, "events 1-3")])
def test_a_closed_night_whose_last_checkpoints_were_taken_away_is_bad(kept, first_bad):
    ledger = MemoryLedger(origin=ORIGIN, vault=VAULT, subject_of=lambda event: ROSTER.get(event.pod or "", "house"))
    ledger.append([opening(ROSTER)])
    ledger.checkpoint()
    ledger.append([lights_off(0, tick=1), lights_off(1, tick=1), ending()])
    verdict = of_closed_night(list(ledger.rows()), ledger.checkpoints()[:kept])
    assert (verdict.ok, verdict.first_bad, verdict.standing) == (False, first_bad, "does not verify")
    assert "a closed night is signed to its end" in verdict.why


def test_a_night_that_was_cut_back_to_a_checkpoint_is_said_to_have_no_end():
    rows, checkpoints = closed_night()
    verdict = of_closed_night(rows[:1], checkpoints[:1])
    assert verdict.ok
    assert "the night has no end in its record" in verdict.why
