import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.speaker import BitsFile, MemoryBits
from dreamloom.adapters.speaker.bits_file import silencing_names
from dreamloom.vetoes.bits import BITS_SIZE, Bit
from dreamloom.vocabulary.errors import StreamError

EXAMPLES = settings(max_examples=40, deadline=None)


def test_a_new_file_silences_for_every_reason_and_leaves_unused_places_zero(tmp_path):
    bits = BitsFile(tmp_path / "bits")
    assert bits.silencing() == tuple(Bit)
    table = (tmp_path / "bits").read_bytes()
    assert len(table) == BITS_SIZE
    assert not any(table[len(Bit) :])


def test_a_file_is_taken_as_it_is_found(tmp_path):
    first = BitsFile(tmp_path / "bits")
    for bit in Bit:
        first.clear(bit)
    first.set(Bit.REVOKED)
    assert BitsFile(tmp_path / "bits").silencing() == (Bit.REVOKED,)


def test_many_who_open_a_new_file_at_once_share_one(tmp_path):
    opened = []
    openers = [threading.Thread(target=lambda: opened.append(BitsFile(tmp_path / "bits"))) for _ in range(8)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    opened[0].clear(Bit.HALTED)
    assert {bits.read() for bits in opened} == {opened[0].read()}
    assert [path.name for path in tmp_path.iterdir()] == ["bits"]


@EXAMPLES
@given(st.lists(st.tuples(st.sampled_from(Bit), st.booleans())))
def test_a_bit_is_what_was_last_written_and_no_other_bit_changes(changes):
    bits, expected = MemoryBits(), dict.fromkeys(Bit, True)
    for bit, on in changes:
        (bits.set if on else bits.clear)(bit)
        expected[bit] = on
    assert silencing_names(bits) == tuple(bit.name for bit in Bit if expected[bit])


def test_another_process_is_heard_at_once(tmp_path):
    bits = BitsFile(tmp_path / "bits")
    for bit in Bit:
        bits.clear(bit)
    program = (
        "import sys, pathlib; from dreamloom.adapters.speaker.bits_file import BitsFile; "
        "from dreamloom.vetoes.bits import Bit; BitsFile(pathlib.Path(sys.argv[1])).set(Bit.REVOKED)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "bits")], check=True)
    assert bits.silencing() == (Bit.REVOKED,)


@pytest.mark.parametrize("spoil", ["remove", "replace", "truncate", "grow"])
def test_a_file_that_is_no_longer_the_one_that_was_opened_silences(tmp_path, spoil):
    path = tmp_path / "bits"
    bits = BitsFile(path)
    for bit in Bit:
        bits.clear(bit)
    assert bits.silencing() == ()
    if spoil in {"remove", "replace"}:
        path.rename(tmp_path / "elsewhere")
    if spoil == "replace":
        path.write_bytes(bytes(BITS_SIZE))
    if spoil == "truncate":
        path.write_bytes(b"")
    if spoil == "grow":
        path.write_bytes(bytes(BITS_SIZE + 1))
    assert bits.silencing() == (Bit.HALTED,)


def test_a_file_of_another_size_is_refused(tmp_path):
    (tmp_path / "bits").write_bytes(b"12")
    with pytest.raises(StreamError, match="DL-E261") as refusal:
        BitsFile(tmp_path / "bits")
    assert "2 bytes long, not 64" in str(refusal.value)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StreamError, match="DL-E260"):
        BitsFile(tmp_path / "nowhere" / "bits")
