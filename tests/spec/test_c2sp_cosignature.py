"""C2SP tlog-cosignature: published keys are read, what is signed is the published text, and nothing else verifies."""

from base64 import b64decode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dreamloom.seals.cosignatures import cosign, read_witness_key, seen_at_s, witness_key, witness_key_id
from dreamloom.seals.notes import open_note, public_key, sign_note

# A witness that is in use, as transparency-dev/formats holds its own reader to it.
WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
# The example of c2sp.org/tlog-cosignature: a checkpoint, and the message that a witness signs of it.
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
MESSAGE = f"cosignature/v1\ntime 1679315147\n{TEXT}"
HOUSE, BED = bytes(range(32)), bytes(range(32, 64))
NOTE = sign_note(TEXT, name="example.com/behind-the-sofa", seed=HOUSE)
SIGNED = cosign(NOTE, name="witness.example.com/w1", seed=BED, at_s=1679315147)


def test_a_published_key_is_read_and_written_again() -> None:
    read = read_witness_key(WITNESS_KEY)
    assert read is not None
    name, public = read
    assert (name, witness_key_id(name, public).hex()) == ("remora.n621.de", "da77ade7")
    assert witness_key(name, public) == WITNESS_KEY


@pytest.mark.parametrize(
    "line",
    ["", "x", "x+da77ade7", WITNESS_KEY.replace("da77", "da78"), WITNESS_KEY.replace("BOvN", "AOvN"), "a b+0+AA=="],
)
def test_another_line_is_no_key(line: str) -> None:
    assert read_witness_key(line) is None


def test_what_is_signed_is_the_published_message() -> None:
    blob = b64decode(SIGNED.splitlines()[-1].split(" ")[2])
    assert blob[:4] == witness_key_id("witness.example.com/w1", public_key(BED))
    assert int.from_bytes(blob[4:12], "big") == 1679315147
    Ed25519PublicKey.from_public_bytes(public_key(BED)).verify(blob[12:], MESSAGE.encode())
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public_key(BED)).verify(blob[12:], TEXT.encode())


def test_a_witnessed_checkpoint_is_still_the_houses() -> None:
    assert open_note(SIGNED, name="example.com/behind-the-sofa", public=public_key(HOUSE)) == TEXT
    assert seen_at_s(SIGNED, name="witness.example.com/w1", public=public_key(BED)) == 1679315147


def test_nobody_elses_signature_and_no_changed_text_counts() -> None:
    name = "witness.example.com/w1"
    assert seen_at_s(NOTE, name=name, public=public_key(BED)) is None
    assert seen_at_s(SIGNED, name=name, public=public_key(HOUSE)) is None
    assert seen_at_s(SIGNED, name="another", public=public_key(BED)) is None
    assert seen_at_s(SIGNED.replace("20852163", "20852164"), name=name, public=public_key(BED)) is None
    assert seen_at_s("no note", name=name, public=public_key(BED)) is None


@pytest.mark.parametrize(("name", "at_s"), [("a b", 0), ("", 0), ("w", -1), ("w", 2**63)])
def test_what_no_line_can_carry_is_not_signed(name: str, at_s: int) -> None:
    with pytest.raises(ValueError, match="a witness needs"):
        cosign(NOTE, name=name, seed=BED, at_s=at_s)
    with pytest.raises(ValueError, match="only a signed note"):
        cosign(TEXT, name="w", seed=BED, at_s=1)
