"""What can happen when a machine takes part in a story? It is let in by its name, words passages, and is taken out.

All of it stands in the house's record. A machine has no voice in what is told: no thread counts it.
"""

from dreamloom.record.envelope import Event, Sealed, Sha256Hex


class MachineJoined(Event, frozen=True):
    """In the house's record: somebody let a language model word passages of a night's story.

    Attributes:
        contributor: the name under which it takes part, which says that it is a machine.
        by: who let it in.
    """

    night: str
    contributor: str
    by: str


class PassageWorded(Event, frozen=True):
    """In the house's record: a machine was asked to word one passage; what passed the gate is shown beside it.

    Attributes:
        sleeper: whose words the passage is; under their key the wording lies.
        place: by which the passage is known in its story.
        passage_sha256: of the words it was asked about; a wording of others is none.
        gate: by which version it was judged.
        why_not: what the gate found amiss, or SILENT where no answer came; nothing where it may be shown.
        wording: sealed; None where there is none to be shown.
    """

    night: str
    sleeper: str
    contributor: str
    place: Sha256Hex
    passage_sha256: Sha256Hex
    gate: str
    why_not: tuple[str, ...]
    tokens: int
    seconds: float
    wording: Sealed | None


class MachineRemoved(Event, frozen=True):
    """In the house's record: one of those who dreamt took a machine out of their night's story, with all it worded.

    Who it was is not told: any of them may, and it stays out.
    """

    night: str
    contributor: str
