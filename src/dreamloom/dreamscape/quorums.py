"""On how many others does anything in this dreamscape wait? Every quorum once, in the order of the file."""

from dreamloom.dreamscape.findings import gates_of
from dreamloom.dreamscape.gate import Quorum
from dreamloom.dreamscape.model import Dreamscape


def quorums_of(dreamscape: Dreamscape) -> tuple[Quorum, ...]:
    """The quorums that gates name; their places here are their numbers in a record."""
    return tuple(dict.fromkeys(gate.quorum for _, gate in gates_of(dreamscape) if gate.quorum is not None))
