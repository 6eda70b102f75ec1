"""How does another house vouch for a night of ours, and ours for one of theirs? Files that go back and forth.

A second house on another machine is the outside witness: it sees a number and a hash, no name and no dream, and it
remembers them where we cannot reach.
"""

import hashlib
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.pod_keys import pod_seed
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.witnessing import read_note
from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.witness import Refused, Seen, claim_of, weighed
from dreamloom.seals import witness_requests
from dreamloom.seals.cosignatures import cosign, witness_key
from dreamloom.seals.notes import Checkpoint, is_key_name, key_id, public_key, signatures_of
from dreamloom.vocabulary.errors import RecordError, RefusedError, UsageError


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a house vouches for: whose record, how far, and its own signature beneath the other's."""

    origin: str
    size: int
    root: str
    note: str
    path: Path


def newest_checkpoint(folder: NightFolder) -> str:
    """The newest signed checkpoint of a night, as it may be printed or handed on.

    Raises:
        RecordError: DL-E418 when nothing was signed yet.
    """
    with read_only(folder.record) as record:
        newest = next(reversed(record.checkpoints()), None)
    if newest is None:
        raise RecordError("DL-E418", f"Nothing of {folder.name!r} was signed yet.", do="Run the night first.")
    return newest.note


def request_for(folder: NightFolder, *, since: int) -> str:
    """What another house needs to vouch for this night, that saw `since` events of it before; 0 for none.

    Raises:
        UsageError: DL-E170 for more than were ever signed.
        RecordError: DL-E418 when nothing was signed yet.
    """
    note = newest_checkpoint(folder)
    size = int(note.split("\n")[1])
    if not 0 <= since <= size:
        raise UsageError(
            "DL-E170",
            f"The newest checkpoint of {folder.name!r} has {size} events, not {since} or more.",
            do="Give the number that the other house told when it vouched last; 0 if it never did.",
        )
    tree = GrowingTree()
    with read_only(folder.record) as record:
        tree.extend(row.leaf for row in record.rows())
    return witness_requests.written(since, tree.consistency_proof(since, size) if since else [], note)


def vouch(house: House, text: str, *, key: bytes) -> Vouched:
    """Signs what another house asks for, if it continues what this one signed before, and remembers it.

    Args:
        house: ours.
        text: their request.
        key: their Ed25519 key, from where nobody else could have put it.

    Raises:
        UsageError: DL-E171 for a text that is no such request.
        RefusedError: DL-E592 when it is not signed by that key, or is another history than was vouched for.
    """
    request = witness_requests.read(text)
    claim = _claimed(request.note) if request else None
    if request is None or claim is None:
        raise UsageError(
            "DL-E171",
            "This is no request to vouch for a record.",
            do="The other house writes one: dreamloom witness ask NIGHT > request.txt",
        )
    path = house.vouched / f"{hashlib.sha256(claim.origin.encode() + key).hexdigest()[:24]}.note"
    found = weighed(_seen(path, claim.origin, key), request.note, request.proof, origin=claim.origin, public=key)
    if isinstance(found, Refused):
        raise RefusedError(
            "DL-E592",
            f"This house does not vouch for the record {claim.origin}.",
            why=f"{found.why}.".capitalize(),
            still=f"What was vouched for before stays in {path}." if path.exists() else "Nothing was signed.",
            do="Keep both texts: together they show that the record has two histories."
            if found.forked
            else "Ask that house for its key line: dreamloom witness show.",
        )
    house.vouched.mkdir(parents=True, exist_ok=True)
    signed = cosign(request.note, name=_name(house), seed=_seed(house), at_s=int(utc_now().timestamp()))
    write_durably(path, signed.encode())
    return Vouched(claim.origin, claim.size, claim.root.hex(), signed, path)


def own_key(house: House) -> str:
    """The line by which others check this house's signature as a witness."""
    return witness_key(_name(house), public_key(_seed(house)))


def house_public_key(line: str) -> bytes:
    """The key in a house's line, as `dreamloom witness show` prints it: name+id+base64.

    Raises:
        UsageError: DL-E172 for another line.
    """
    name, _, rest = line.strip().partition("+")
    stated, _, blob = rest.partition("+")
    try:
        raw = b64decode(blob, validate=True)
    except ValueError:
        raw = b""
    public = raw[1:]
    if len(raw) == 33 and raw[:1] == b"\x01" and is_key_name(name) and key_id(name, public).hex() == stated:
        return public
    raise UsageError(
        "DL-E172",
        f"{line.strip()!r} is no key of a house.",
        why="Such a line has a name, a plus sign, eight digits of its hash, a plus sign and the key.",
        do="Take the first line of what that house prints: dreamloom witness show NIGHT",
    )


def _claimed(note: str) -> Checkpoint | None:
    return Checkpoint.parse(note.rpartition("\n\n")[0] + "\n") if signatures_of(note) else None


def _seen(path: Path, origin: str, key: bytes) -> Seen | None:
    note = read_note(path)
    claim = claim_of(note, origin=origin, public=key) if note else None
    return None if claim is None else Seen(*claim)


def _name(house: House) -> str:
    """Told apart by its key: houses have no names of their own."""
    return f"dreamloom/house/{public_key(_seed(house)).hex()[:8]}"


def _seed(house: House) -> bytes:
    house.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    return pod_seed(house.keys / "witness.key")
