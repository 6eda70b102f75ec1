"""The compared root: shared by honest runs, unlike for every other night."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.record.codec import canonical, decode
from dreamloom.record.events import CueAudited, HostDescribed, LightsOff, Sealed
from dreamloom.record.fold import fold
from dreamloom.record.roots import RecordRoot, record_root
from dreamloom.testing.events import any_event

HOST = HostDescribed(
    onset_s=0.0,
    night="n1",
    night_toml_sha256="0" * 64,
    utc="2026-11-20T22:00:00Z",
    speed_x=1.0,
    versions={},
    platform="x",
)
NIGHT = [LightsOff(id="p1.0.0", tick=1, onset_s=1.0, by="sleeper"), LightsOff(id="p1.0.1", tick=2, onset_s=2.0, by="x")]


def sealed_by(digit: str) -> CueAudited:
    return CueAudited(onset_s=3.0, payload=Sealed(subject="S01", ciphertext_sha256=digit * 64))


def test_an_empty_night_has_the_hash_of_nothing():
    assert record_root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_root_of_a_known_night_never_changes():
    assert record_root(NIGHT) == "f9ba4d32b9b169b62a64d2887c911be5221f0fb9a30b0020fa126e6381ed7adf"


def test_host_and_keys_do_not_reach_the_root():
    assert record_root([HOST, *NIGHT, sealed_by("a")]) == record_root([*NIGHT, sealed_by("b")])


def test_order_and_content_reach_the_root():
    assert record_root(NIGHT) != record_root(NIGHT[::-1])
    assert record_root(NIGHT) != record_root(NIGHT[:1])


@settings(max_examples=40)
@given(events=st.lists(any_event(), max_size=4))
def test_the_root_grown_event_by_event_and_from_stored_bytes_is_the_same(events):
    grown = RecordRoot()
    for event in events:
        grown = grown.after(event)
    assert grown.hex == record_root(events) == record_root([decode(canonical(event)) for event in events])


@pytest.mark.parametrize(("numbers", "total"), [([], 0), ([1, 2, 3], 6)])
def test_fold_starts_from_the_given_state_and_keeps_order(numbers, total):
    assert fold(lambda state, number: (state[0] + number, [*state[1], number]), (0, []), numbers) == (total, numbers)
