"""Keys and payloads: derived without entropy, bound to record and event, opened by nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.seals.keys import event_key, payload_key, record_key
from dreamloom.seals.payload import ciphertext_sha256, seal, unseal
from dreamloom.vocabulary.errors import RecordError

KEY = bytes(range(32))
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_the_derived_keys_never_change():
    night = record_key(KEY, "house/night-1")
    assert night.hex() == "8030938ba8d613b7cd7f69ee2e0d24527bae5ca51bef1e306880def5cb48dded"
    assert event_key(night, "p1.0.17").hex() == "a42a8473acc04185e42a12eac07499978c8d9dfe67225402576e69044676da02"
    assert payload_key(night, "p1.0.17").hex() == "a108d80ec518ed5decaea6198167150c701e12f4a5b41cacf694960a53cd182c"


def test_the_sealed_bytes_never_change():
    sealed = seal(KEY, "p1.0.17", b"arm B")
    assert sealed.ciphertext[:24].hex() == "11ddeb15325b48745de627e3b43d910dd68312a762eb5b1c"
    assert sealed.sha256 == "847585d77adb7eecdb7cad2dbd9aba53ed03c4fc3f5c708cb5026351d488ac77"


@given(one=names, two=names)
def test_no_two_names_or_purposes_share_a_key(one, two):
    assert (event_key(KEY, one) == event_key(KEY, two)) is (one == two)
    assert (record_key(KEY, one) == record_key(KEY, two)) is (one == two)
    assert len({event_key(KEY, one), payload_key(KEY, one), record_key(KEY, one)}) == 3


@given(text=st.binary(max_size=200), event_id=names)
def test_a_sealed_payload_opens_under_its_key_and_event(text, event_id):
    sealed = seal(KEY, event_id, text)
    assert unseal(KEY, event_id, sealed.ciphertext) == text
    assert sealed == seal(KEY, event_id, text)
    assert sealed.sha256 == ciphertext_sha256(sealed.ciphertext)


def test_the_length_of_a_sealed_payload_tells_nothing_of_a_short_text():
    assert {len(seal(KEY, "p1.0.1", bytes(n)).ciphertext) for n in range(256)} == {12 + 256 + 16}
    assert len(seal(KEY, "p1.0.1", bytes(256)).ciphertext) == 12 + 512 + 16


@given(text=st.binary(min_size=1, max_size=50), bit=st.integers(0, 10_000))
def test_no_flipped_bit_opens(text, bit):
    sealed = bytearray(seal(KEY, "p1.0.1", text).ciphertext)
    sealed[bit // 8 % len(sealed)] ^= 1 << bit % 8
    with pytest.raises(RecordError, match="does not open"):
        unseal(KEY, "p1.0.1", bytes(sealed))


@pytest.mark.parametrize(
    ("key", "event_id", "cut"), [(b"x" * 32, "p1.0.1", 999), (KEY, "p1.0.2", 999), (KEY, "p1.0.1", 5)]
)
def test_another_key_another_event_or_a_cut_text_does_not_open(key, event_id, cut):
    with pytest.raises(RecordError) as refusal:
        unseal(key, event_id, seal(KEY, "p1.0.1", b"arm B").ciphertext[:cut])
    assert refusal.value.code == "DL-E409"


@given(one=st.binary(max_size=20), two=st.binary(max_size=20))
def test_two_texts_for_one_event_never_share_a_nonce(one, two):
    nonces = {seal(KEY, "p1.0.1", text).ciphertext[:12] for text in (one, two)}
    assert len(nonces) == len({one, two})
