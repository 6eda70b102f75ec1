"""How is a key read aloud? As six words that can be spoken: 96 bits of its hash as proquints (arXiv:0901.4016)."""

import hashlib

DOMAIN = b"dreamloom pod key v1\n"
WORDS = 6
CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"


def key_sha256(public: bytes) -> str:
    """By which hash a record names a bed's public key, 32 bytes."""
    return hashlib.sha256(DOMAIN + public).hexdigest()


def spoken(sha256: str) -> str:
    """The six words of a key, given the hash by which it is named."""
    head = bytes.fromhex(sha256)[: 2 * WORDS]
    return " ".join(_word(int.from_bytes(head[at : at + 2], "big")) for at in range(0, 2 * WORDS, 2))


def _word(bits: int) -> str:
    """Sixteen bits, four as a consonant and two as a vowel in turn."""
    return (
        CONSONANTS[bits >> 12]
        + VOWELS[bits >> 10 & 3]
        + CONSONANTS[bits >> 6 & 15]
        + VOWELS[bits >> 4 & 3]
        + CONSONANTS[bits & 15]
    )
