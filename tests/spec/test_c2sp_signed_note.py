"""C2SP signed-note and tlog-checkpoint: a public note verifies and is made again byte for byte; no other one does."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.seals.notes import (
    MOST_SIGNATURES,
    Checkpoint,
    key_id,
    open_note,
    public_key,
    sign_note,
    verifier_key,
)

# The example in the documentation of golang.org/x/mod/sumdb/note, from which the specification grew.
NAME = "PeterNeumann"
VERIFIER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER_KEY = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BLOB = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NOTE = f"{TEXT}\n— PeterNeumann {BLOB}\n"
PUBLIC = b64decode(VERIFIER_KEY.split("+", 2)[2])[1:]
SEED = b64decode(SIGNER_KEY)[1:]

# The example of c2sp.org/tlog-checkpoint.
CHECKPOINT_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_public_example_verifies():
    assert open_note(NOTE, name=NAME, public=PUBLIC) == TEXT


def test_the_public_example_is_made_again_byte_for_byte():
    assert sign_note(TEXT, name=NAME, seed=SEED) == NOTE
    assert public_key(SEED) == PUBLIC


def test_the_public_key_line_is_written_as_published():
    assert key_id(NAME, PUBLIC).hex() == "c74f20a3"
    assert verifier_key(NAME, PUBLIC) == VERIFIER_KEY


@given(position=st.integers(0, 10_000), sign=st.characters(codec="ascii"))
def test_no_changed_character_verifies(position, sign):
    position %= len(NOTE)
    if NOTE[position] != sign:
        changed = NOTE[:position] + sign + NOTE[position + 1 :]
        assert open_note(changed, name=NAME, public=PUBLIC) is None


def test_a_signature_has_one_spelling():
    assert b64decode(BLOB.replace("nAM=", "nAN=")) == b64decode(BLOB)
    assert open_note(NOTE.replace("nAM=", "nAN="), name=NAME, public=PUBLIC) is None


def test_a_note_by_another_key_or_name_is_not_ours():
    other = b"\x07" * 32
    assert open_note(sign_note(TEXT, name=NAME, seed=other), name=NAME, public=PUBLIC) is None
    assert open_note(NOTE, name="PeterNewman", public=PUBLIC) is None
    assert open_note(NOTE, name=NAME, public=public_key(other)) is None


def test_signatures_of_unknown_witnesses_are_passed_over():
    witness = sign_note(TEXT, name="witness.example", seed=b"\x07" * 32).removeprefix(f"{TEXT}\n")
    assert open_note(NOTE + witness, name=NAME, public=PUBLIC) == TEXT
    assert open_note(NOTE.replace("\n— ", f"\n{witness}— "), name=NAME, public=PUBLIC) == TEXT


def test_a_second_signature_by_our_key_must_fit_as_well():
    raw = b64decode(BLOB)
    wrong = b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    assert open_note(f"{NOTE}— {NAME} {wrong}\n", name=NAME, public=PUBLIC) is None


def test_a_note_with_too_many_signatures_is_not_read():
    line = f"— {NAME} {BLOB}\n"
    assert open_note(NOTE + line * 15, name=NAME, public=PUBLIC) == TEXT
    assert open_note(NOTE + line * MOST_SIGNATURES, name=NAME, public=PUBLIC) is None


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        TEXT,
        f"{TEXT}\n",
        NOTE[:-1],
        f"{NOTE}\n",
        NOTE.replace("— ", "- "),
        NOTE.replace(" x08", "  x08"),
        f"\t{NOTE}",
    ],
)
def test_a_malformed_note_is_not_read(note):
    assert open_note(note, name=NAME, public=PUBLIC) is None


@pytest.mark.parametrize(
    ("text", "name"), [("no newline", NAME), ("a\tb\n", NAME), (TEXT, ""), (TEXT, "a b"), (TEXT, "a+b")]
)
def test_what_cannot_be_a_note_is_not_signed(text, name):
    with pytest.raises(ValueError, match=r"a note|a key name"):
        sign_note(text, name=name, seed=SEED)


def test_the_public_checkpoint_text_is_read_and_written():
    found = Checkpoint.parse(CHECKPOINT_TEXT)
    assert found.origin == "example.com/behind-the-sofa"
    assert found.size == 20852163
    assert found.text == CHECKPOINT_TEXT


def test_extension_lines_are_passed_over():
    assert Checkpoint.parse(CHECKPOINT_TEXT + "more\n") == Checkpoint.parse(CHECKPOINT_TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20852163", "020852163"),
        ("20852163", "-1"),
        ("20852163", "²"),
        ("20852163", "0x10"),
        ("20852163", ""),
        ("2I=\n", "2I=\n\n"),
        ("2I=\n", "2I="),
        ("2I=\n", "2I\n"),
        ("CsUY", "CsU!"),
        ("CsUY", ""),
        ("example.com/behind-the-sofa", ""),
    ],
)
def test_a_malformed_checkpoint_is_not_read(old, new):
    assert Checkpoint.parse(CHECKPOINT_TEXT.replace(old, new)) is None


@given(size=st.integers(0, 2**63), root=st.binary(min_size=32, max_size=32))
def test_every_checkpoint_comes_back_under_its_signature(size, root):
    checkpoint = Checkpoint("dreamloom.example/night-1", size, root)
    note = sign_note(checkpoint.text, name=checkpoint.origin, seed=SEED)
    assert Checkpoint.parse(open_note(note, name=checkpoint.origin, public=PUBLIC)) == checkpoint
