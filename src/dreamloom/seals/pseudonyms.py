"""What is somebody called in one night? A name that only who holds their key can tell from that of any other night."""

import hmac

from dreamloom.seals.fingerprints import spoken
from dreamloom.seals.keys import record_key

DOMAIN = b"dreamloom pseudonym v1"


def night_pseudonym(subject_key: bytes, origin: str) -> str:
    """Six words that can be spoken, 96 bits, for this subject in the record of this origin.

    With the key destroyed nobody can find again which two names of two nights are one person's.
    """
    digest = hmac.digest(record_key(subject_key, origin), DOMAIN, "sha256")
    return spoken(digest.hex()).replace(" ", "-")
