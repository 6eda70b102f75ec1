"""Which bytes an event is: fixed for ever, read back exactly, refused where they could not be."""

import hashlib
import hmac
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from dreamloom.record import codec
from dreamloom.record.codec import EVENT_TYPES, canonical, comparable, decode, json_schema, leaf_hash, sealed_fields
from dreamloom.record.events import ArmsSealed, CueAudited, LeaseGranted, LightsOff, Sealed, StageScored
from dreamloom.testing.events import any_event
from dreamloom.vocabulary.errors import RecordError

STORED = (Path(__file__).parent / "stored_events.jsonl").read_bytes().splitlines()
STAGE = StageScored(
    id="p1.0.17",
    tick=3,
    onset_s=3.5,
    pod="p1",
    stage="N2",
    confidence=0.5,
    probabilities={"W": 0.2, "N1": 1e-7, "é": 1e22},
    window_s=30.0,
    decided_at_s=31.0,
    quality=1.0,
    method="flat",
)


@pytest.mark.parametrize("line", STORED, ids=lambda line: json.loads(line)["type"])
def test_what_was_stored_once_is_read_and_written_the_same_for_ever(line):
    assert canonical(decode(line)) == line


def test_every_event_type_has_a_stored_example():
    stored = [json.loads(line)["type"] for line in STORED]
    assert sorted(stored) == sorted(EVENT_TYPES), (
        "A type is only added, never changed: append one canonical line of the new type to stored_events.jsonl."
    )


def test_canonical_text_is_sorted_without_space_and_complete():
    assert (
        canonical(STAGE)
        == (
            '{"cause":null,"confidence":0.5,"decided_at_s":31.0,"id":"p1.0.17","kind":"derived","method":"flat",'
            '"onset_s":3.5,"pod":"p1","probabilities":{"N1":1e-7,"W":0.2,"é":1e22},"quality":1.0,"stage":"N2","tick":3,'
            '"type":"StageScored","window_s":30.0}'
        ).encode()
    )


@given(event=any_event())
def test_every_event_comes_back_equal_and_gives_the_same_bytes_again(event):
    body = canonical(event)
    assert decode(body) == event
    assert canonical(decode(body)) == body


def test_a_whole_number_of_seconds_is_the_same_text_as_an_integer_or_a_float():
    assert canonical(LightsOff(onset_s=5, by="x")) == canonical(LightsOff(onset_s=5.0, by="x"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"onset_s": float("nan")},
        {"confidence": float("inf")},
        {"probabilities": {"W": float("-inf")}},
        {"probabilities": {1: 0.5}},
        {"stage": 3},
        {"method": "\ud800"},
        {"pod": b"p1"},
    ],
)
def test_an_event_that_would_not_come_back_is_refused(wrong):
    with pytest.raises(RecordError, match="StageScored") as refusal:
        canonical(msgspec.structs.replace(STAGE, **wrong))
    assert refusal.value.code == "DL-E402"


def test_nan_where_nothing_would_be_allowed_is_refused_as_well():
    played = decode(next(line for line in STORED if b'"CuePlayed"' in line))
    with pytest.raises(RecordError, match="Cut_s is nan"):
        canonical(msgspec.structs.replace(played, cut_s=float("nan")))


@pytest.mark.parametrize("body", [b"", b"{}", b'{"type":"Unheard"}', b"[1]", b"\xff", canonical(STAGE)[:-1], b"null"])
def test_bytes_that_are_no_event_are_refused(body):
    with pytest.raises(RecordError) as refusal:
        decode(body)
    assert refusal.value.code == "DL-E403"


def test_an_older_type_is_read_as_the_newest(monkeypatch):
    old = canonical(LightsOff(onset_s=1.0, by="sleeper")).replace(b'"LightsOff"', b'"LightsOff/0"')
    with pytest.raises(RecordError):
        decode(old)
    monkeypatch.setitem(codec.UPCASTERS, "LightsOff/0", lambda fields: {**fields, "type": "LightsOff", "by": "pod"})
    assert decode(old) == LightsOff(onset_s=1.0, by="pod")
    assert decode(canonical(STAGE)) == STAGE


@given(event=any_event())
def test_comparable_bytes_hold_no_seal_and_all_else(event):
    text = json.loads(comparable(event))
    names = sealed_fields(type(event))
    assert all(text[name] is None for name in names)
    assert text == {**json.loads(canonical(event)), **dict.fromkeys(names)}


def test_the_sealed_fields_are_known():
    assert sealed_fields(LeaseGranted) == ("arm",)
    assert sealed_fields(CueAudited) == ("payload",)
    assert sealed_fields(ArmsSealed) == ("arm",)
    assert sealed_fields(StageScored) == ()


def test_no_seal_hides_deeper_than_the_code_looks():
    for type_ in EVENT_TYPES.values():
        depth = json.dumps(msgspec.json.schema(type_)).count("#/$defs/Sealed")
        assert depth == len(sealed_fields(type_)), type_


def test_equal_events_under_unlike_seals_compare_equal():
    one, two = (Sealed(subject=f"S0{n}", ciphertext_sha256=f"{n}" * 64) for n in (1, 2))
    first, second = CueAudited(onset_s=1.0, payload=one), CueAudited(onset_s=1.0, payload=two)
    assert comparable(first) == comparable(second) == comparable(CueAudited(onset_s=1.0, payload=None))
    assert canonical(first) != canonical(second)


def test_leaf_is_a_prefixed_hash_of_a_mac():
    key, body = b"k" * 32, canonical(STAGE)
    assert leaf_hash(key, body) == hashlib.sha256(b"\x00" + hmac.new(key, body, "sha256").digest()).digest()
    assert leaf_hash(b"l" * 32, body) != leaf_hash(key, body)


def test_schema_names_every_type_and_forbids_unknown_fields():
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    for tag in EVENT_TYPES:
        assert schema["$defs"][tag]["properties"]["type"] == {"enum": [tag]}
        assert schema["$defs"][tag]["additionalProperties"] is False
