"""What of a machine's wordings stands in a night's story? What passed the gate for just these words; out in one step.

Any of those who dreamt takes a machine out, with all it worded. It is counted nowhere: threads, ratifying and what is
public are made without it.
"""

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guide import passages
from dreamloom.guide.passages import Wording
from dreamloom.house import circles, mornings
from dreamloom.house.house_record import append_to_house
from dreamloom.house.house_seals import opened
from dreamloom.house.layout import NightFolder
from dreamloom.house.weaving import Standing
from dreamloom.record.machine_events import MachineJoined, MachineRemoved, PassageWorded


def wordings(folder: NightFolder, found: Standing) -> dict[str, Wording]:
    """By the place of its passage, what a machine's wording of it is, where one stands for just these words."""
    out = removed(folder)
    own = {circles.key(piece): piece.text for piece in found.weave.pieces if piece.source is not None}
    fitting = passages.fitting(own, _kept(folder))
    return {place: each for place, each in fitting.items() if each.contributor not in out}


def removed(folder: NightFolder) -> frozenset[str]:
    """The machines that dreamers took out of this night."""
    events = mornings.events_of(folder.house)
    return frozenset(e.contributor for e in events if isinstance(e, MachineRemoved) and e.night == folder.name)


def remove(folder: NightFolder, sleeper: str) -> tuple[str, ...]:
    """Takes every machine out of this night's story, for good; which ones these were.

    Raises:
        RefusedError: DL-E761 for somebody who told nothing of it.
    """
    circles.refuse_stranger(folder, sleeper)
    events = mornings.events_of(folder.house)
    joined = {each.contributor for each in events if isinstance(each, MachineJoined) and each.night == folder.name}
    taking = sorted(joined - removed(folder))
    for contributor in taking:
        append_to_house(folder.house, MachineRemoved(onset_s=0.0, night=folder.name, contributor=contributor))
    return tuple(taking)


def _kept(folder: NightFolder) -> list[Wording]:
    """What passed the gate and can still be opened, newest last."""
    if not folder.house.record.is_file():
        return []
    vault, found = FolderVault(folder.house.keys, may_make_keys=False), []
    with read_only(folder.house.record) as record:
        for event in record.of_type("PassageWorded"):
            if not isinstance(event, PassageWorded) or event.night != folder.name:
                continue
            ciphertext = record.payload(event.id)
            if event.wording is None or ciphertext is None or not vault.has(event.sleeper):
                continue
            found.append(
                Wording(
                    passage=event.place,
                    passage_sha256=event.passage_sha256,
                    text=opened(event.wording, ciphertext, vault, event.id).decode(),
                    contributor=event.contributor,
                    gate=event.gate,
                )
            )
    return found
