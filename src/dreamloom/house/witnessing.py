"""Who else remembers a record? Its beds: each signs the checkpoints it saw, and none that does not continue the last.

On one machine all keys share one disk: this finds whoever rewrites a record and forgets a bed. What nobody can rewrite
is a copy kept elsewhere: printed, on another machine, or signed by another house.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.pod_keys import pod_seed
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import boot_s, utc_now
from dreamloom.house import house_record
from dreamloom.house.layout import NightFolder, PodFolder
from dreamloom.record.events import AnyEvent, ConsentWithdrawn
from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.witness import Refused, Seen, claim_of, weighed
from dreamloom.seals.cosignatures import cosign, seen_at_s, witness_key
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import DreamloomError, RecordError

LOOK_EVERY_S = 10.0
"""As often as checkpoints are signed; one bed in turn, all of them at a withdrawal and at the end."""
LAST_LOOK_S = 10.0

Warn = Callable[[str], None]


class Kept(NamedTuple):
    """A cosigned checkpoint as it lies at a bed."""

    path: Path
    note: str


class Witness:
    """One bed as a witness: its key, and the newest checkpoint of each record that it signed."""

    def __init__(self, folder: PodFolder) -> None:
        """Raises RefusedError, RecordError for a key that cannot be used."""
        folder.root.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name = witness_name(folder)
        self._seed = pod_seed(folder.key)

    @property
    def key(self) -> str:
        """Its public key as one line, for whoever checks."""
        return witness_key(self.name, public_key(self._seed))

    def newest(self, path: Path, *, origin: str, public: bytes) -> Seen | None:
        """What it signed last of this record; None where nothing lies there that bears its own signature."""
        note = read_note(path)
        if note is None or seen_at_s(note, name=self.name, public=public_key(self._seed)) is None:
            return None
        claim = claim_of(note, origin=origin, public=public)
        return None if claim is None else Seen(*claim)

    def see(self, path: Path, note: str, tree: GrowingTree, *, origin: str, public: bytes) -> Refused | None:
        """Signs and keeps this checkpoint if it continues the last one; else says why not, and keeps the last one."""
        seen = self.newest(path, origin=origin, public=public)
        claim = claim_of(note, origin=origin, public=public)
        has_proof = seen is not None and claim is not None and 0 < seen.size <= claim.size <= tree.size
        proof = tree.consistency_proof(seen.size, claim.size) if has_proof and seen and claim else []
        found = weighed(seen, note, proof, origin=origin, public=public)
        if isinstance(found, Refused):
            return found
        if seen is None or found.size > seen.size:
            path.parent.mkdir(parents=True, exist_ok=True)
            at_s = int(utc_now().timestamp())
            write_durably(path, cosign(note, name=self.name, seed=self._seed, at_s=at_s).encode())
        return None


class WitnessClerk:
    """Shows a night's checkpoints and the house's to the beds while the night runs; never holds it up or ends it."""

    def __init__(self, folder: NightFolder, pods: Iterable[str], *, public: bytes, warn: Warn) -> None:
        self._folder, self._public, self._warn = folder, public, warn
        self._witnesses = [witness for pod in pods if (witness := self._witness(pod)) is not None]
        self._trees: dict[str, GrowingTree] = {}
        self._turn = 0
        self._next_s = boot_s() + LOOK_EVERY_S
        self._refused: set[str] = set()
        self._asked: SimpleQueue[bool | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="witnesses", daemon=True)
        self._thread.start()

    def hear(self, events: Sequence[AnyEvent]) -> None:
        """Looks when it is time, or somebody withdrew; returns at once."""
        is_urgent = any(isinstance(event, ConsentWithdrawn) for event in events)
        if is_urgent or boot_s() >= self._next_s:
            self._next_s = boot_s() + LOOK_EVERY_S
            self._asked.put(is_urgent)

    def close(self) -> None:
        """All of them see the last checkpoint; waits a moment for that."""
        self._asked.put(None)
        self._thread.join(LAST_LOOK_S)

    def _run(self) -> None:
        while (is_urgent := self._asked.get()) is not None:
            self._look(self._witnesses if is_urgent else self._in_turn())
        self._look(self._witnesses)

    def _in_turn(self) -> list[Witness]:
        self._turn += 1
        return self._witnesses[self._turn % len(self._witnesses) :][:1] if self._witnesses else []

    def _look(self, witnesses: Sequence[Witness]) -> None:
        night, house = self._folder, self._folder.house
        self._show(witnesses, night.record, night.origin, lambda pod: pod.witnessed(night.name))
        self._show(witnesses, house.record, house_record.ORIGIN, lambda pod: pod.witnessed_house)

    def _show(
        self, witnesses: Sequence[Witness], record: Path, origin: str, place: Callable[[PodFolder], Path]
    ) -> None:
        if not witnesses or not record.exists():
            return
        try:
            note, tree = self._newest(record, origin)
            for witness in witnesses if note else ():
                self._tell(witness, witness.see(place(witness._folder), note, tree, origin=origin, public=self._public))  # noqa: SLF001 - its own module
        except (DreamloomError, OSError) as error:
            self._tell_once(f"The beds could not witness the record of {origin}: {error}")

    def _newest(self, record: Path, origin: str) -> tuple[str, GrowingTree]:
        """The newest checkpoint, "" before the first, and the tree with its leaves at least."""
        tree = self._trees.setdefault(origin, GrowingTree())
        with read_only(record) as reader:
            newest = next(reversed(reader.checkpoints()), None)
            tree.extend(row.leaf for row in reader.rows(tree.size))
        return (newest.note if newest else ""), tree

    def _tell(self, witness: Witness, refused: Refused | None) -> None:
        if refused is not None:
            self._tell_once(f"{witness.name} does not vouch for the newest checkpoint: {refused.why}.")

    def _tell_once(self, why: str) -> None:
        if why not in self._refused:
            self._refused.add(why)
            self._warn(why)

    def _witness(self, pod: str) -> Witness | None:
        try:
            return Witness(self._folder.house.pod(pod))
        except (DreamloomError, OSError) as error:
            self._warn(f"{pod} vouches for nothing tonight: {error}")
            return None


def witness_name(folder: PodFolder) -> str:
    """How a bed signs."""
    return f"dreamloom/pod/{folder.root.name}"


def read_note(path: Path) -> str | None:
    """The note in this file; None where there is none or it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def kept_at_beds(folder: NightFolder) -> Iterator[Kept]:
    """What the beds of this house keep of a night."""
    pods = folder.house.pods
    for bed in sorted(pods.iterdir()) if pods.is_dir() else ():
        path = PodFolder(bed).witnessed(folder.name)
        note = read_note(path)
        if note is not None:
            yield Kept(path, note)


def set_aside(folder: NightFolder, *, warn: Warn) -> None:
    """Before a night opens for the first time: what beds remember of an earlier one by this name stays, apart."""
    for kept in list(kept_at_beds(folder)):
        number = 1
        while (aside := kept.path.with_suffix(f".{number}.note")).exists():
            number += 1
        kept.path.rename(aside)
        warn(f"A night of this name was vouched for before; what the bed remembers of it lies in {aside}.")


def refuse_other_history(folder: NightFolder) -> None:
    """Returns when the record of a night that goes on still begins with what its beds vouched for.

    Raises:
        RecordError: DL-E417 naming the bed.
    """
    notes = list(kept_at_beds(folder))
    if not notes or not folder.record.exists():
        return
    tree, public = GrowingTree(), public_key(FolderVault(folder.house.keys).signing_key())
    with read_only(folder.record) as reader:
        tree.extend(row.leaf for row in reader.rows())
    for kept in notes:
        claim = claim_of(kept.note, origin=folder.origin, public=public)
        if claim is not None and (claim.size > tree.size or tree.root(claim.size) != claim.root):
            raise RecordError(
                "DL-E417",
                f"The record of {folder.name!r} is not the one that {kept.path.parents[2].name} vouched for.",
                why=f"The bed signed {claim.size} events that the house had signed; of those not all are here.",
                still="Nothing was written.",
                do="Put the record back from its backup; dreamloom verify says from which event on it differs.",
            )
