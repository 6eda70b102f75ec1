"""What is a sleeper given for each change of their consent? A receipt, signed, with the record's checkpoint in it."""

import hashlib
import os
from base64 import b32encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.house_record import ORIGIN, append_to_house
from dreamloom.house.layout import House
from dreamloom.record.codec import canonical
from dreamloom.record.events import ConsentChanged, SlipIssued
from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.merkle import inclusion_proof
from dreamloom.record.receipt import DPV, STATUS, Judged, Standing, content_sha256, issue, judge
from dreamloom.seals.keys import event_key, record_key
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import ConfigError

Change = Literal["given", "withdrawn", "intake", "questions", "limits", "slip", "kept anonymised"]
SLIP_BYTES = 10
"""80 bits: nobody guesses a code, however often they try."""
WITHDRAWAL = "dreamloom withdraw, by name or by slip; no password"


def receipt_for(
    house: House,
    sleeper: str,
    change: Change,
    *,
    about: str = "",
    sheet: str = "",
    more: Mapping[str, Any] | None = None,
) -> Path:
    """Tells the house's record of a change, and writes the sleeper's receipt of it; returns where it lies.

    Raises:
        RefusedError, RecordError, OSError: when it cannot be written; the change itself stands all the same.
    """
    content: dict[str, Any] = {
        "sleeper": sleeper,
        "change": change,
        "status": STATUS.get(change, f"{DPV}ConsentStatus"),
        "about": about or "every night of this house",
        "notice": sheet,
        "withdrawal": WITHDRAWAL,
        "at": utc_now().isoformat(timespec="microseconds"),
        **(more or {}),
    }
    sha256 = content_sha256(content)
    append_to_house(
        house,
        ConsentChanged(onset_s=0.0, sleeper=sleeper, change=change, about=about, sheet=sheet, content_sha256=sha256),
    )
    vault = FolderVault(house.keys)
    data = issue(content, _standing(house, vault, sleeper, sha256), seed=vault.signing_key())
    path = house.receipts / f"{hashlib.sha256(data).hexdigest()}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(path, data)
    return path


def _standing(house: House, vault: FolderVault, sleeper: str, sha256: str) -> Standing:
    with read_only(house.record) as record:
        told = [each for each in record.of_type("ConsentChanged", sleeper) if isinstance(each, ConsentChanged)]
        event = next(each for each in reversed(told) if each.content_sha256 == sha256)
        newest = record.checkpoints()[-1]
        ids, leaves = record.ids_and_leaves()
    index = ids.index(event.id)
    key = event_key(record_key(vault.subject_key(sleeper), ORIGIN), event.id)
    path = inclusion_proof(leaves[: newest.size], index)
    return Standing(canonical(event), key, index, path, newest.note)


def judge_receipt(data: bytes, house: House | None) -> Judged:
    """What a receipt is worth; where the house is at hand, by its key and its record, which must go on from there."""
    if house is None or not house.keys.is_dir():
        return judge(data, origin=ORIGIN)
    trusted = public_key(FolderVault(house.keys, may_make_keys=False).signing_key())
    judged = judge(data, origin=ORIGIN, trusted=trusted)
    if judged.ok and judged.checkpoint is not None and house.record.is_file():
        tree = GrowingTree()
        with read_only(house.record) as record:
            tree.extend(row.leaf for row in record.rows())
        size, root = judged.checkpoint.size, judged.checkpoint.root
        if size > tree.size or tree.root(size) != root:
            return judged._replace(why=f"the house's record does not hold the {size} events that it signed here")
    return judged


def new_slip(house: House, sleeper: str, *, entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A code with which whoever holds it silences this sleeper's beds; the house keeps its hash alone."""
    text = b32encode(entropy(SLIP_BYTES)).decode()
    code = "-".join(text[at : at + 4] for at in range(0, len(text), 4))
    append_to_house(house, SlipIssued(onset_s=0.0, sleeper=sleeper, code_sha256=_hashed(code)))
    return code


def sleeper_of_slip(house: House, code: str) -> str:
    """Whose slip this is; spaces, dashes and case do not count.

    Raises:
        ConfigError: when this house gave out no such slip.
        RecordError: when the house's record cannot be read.
    """
    if not house.record.is_file():
        raise _unknown(house)
    with read_only(house.record) as record:
        slips = [each for each in record.of_type("SlipIssued") if isinstance(each, SlipIssued)]
    for slip in slips:
        if slip.code_sha256 == _hashed(code):
            return slip.sleeper
    raise _unknown(house)


def _hashed(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(str.maketrans("018", "OIB"))
    return hashlib.sha256(b"dreamloom slip v1\0" + plain.encode()).hexdigest()


def _unknown(house: House) -> ConfigError:
    return ConfigError(
        "DL-E634",
        f"The house at {house.root} gave out no slip with this code.",
        still="Nothing was changed.",
        do="Type it again as it is printed, or name the night and the bed: dreamloom withdraw NIGHT BED",
    )
