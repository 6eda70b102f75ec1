"""Broken recordings are read or refused in one shape, never anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.testing import edf_fuzz
from dreamloom.vocabulary.chance import stream

header_fields = st.one_of(
    st.binary(max_size=8), st.integers().map(lambda n: b"%d" % n), st.floats().map(lambda x: repr(x).encode())
)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 40), changes=st.lists(st.tuples(st.integers(0, 1300), header_fields), max_size=5))
def test_no_change_of_a_header_raises_anything_but_one_refusal(tmp_path_factory, seed, changes):
    data = bytearray(edf_fuzz.good_recording(stream(seed, "good")))
    for at, text in changes:
        data[at : at + len(text)] = text
    path = tmp_path_factory.getbasetemp() / "changed.edf"
    path.write_bytes(data)
    assert edf_fuzz.outcome(path) != "uncaught"


def test_the_good_recordings_that_are_broken_can_be_read(tmp_path):
    outcomes = []
    for number in range(40):
        path = tmp_path / "good.edf"
        path.write_bytes(edf_fuzz.good_recording(stream(number, "good")))
        outcomes.append(edf_fuzz.outcome(path))
    assert outcomes.count("read") >= 20
    assert "uncaught" not in outcomes


def test_three_hundred_broken_recordings_are_read_or_refused():
    counts = edf_fuzz.run(300, seed=1)
    assert counts["uncaught"] == 0
    assert counts["read"] > 20
    assert counts["refused"] > 100


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_broken_recordings_are_read_or_refused():
    assert edf_fuzz.run(10_000, seed=2)["uncaught"] == 0
