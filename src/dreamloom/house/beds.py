"""Who may use this bed? One running night at a time: a bed has one set of silencing bits and one consent beside it."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from dreamloom.adapters.one_writer import WriterLock
from dreamloom.house.layout import House, PodFolder
from dreamloom.vocabulary.errors import RefusedError


@contextmanager
def beds_taken(house: House, pods: Iterable[str]) -> Iterator[None]:
    """Holds these beds for one night; they are free again when it ends, however it ends.

    Raises:
        RefusedError: while another night uses one of them.
    """
    with ExitStack() as held:
        for pod in pods:
            held.callback(_taken(house.pod(pod)).release)
        yield


def _taken(bed: PodFolder) -> WriterLock:
    bed.root.mkdir(parents=True, exist_ok=True)
    try:
        return WriterLock(bed.in_use)
    except RefusedError:
        raise RefusedError(
            "DL-E516",
            f"Bed {bed.root.name} of this house is in use by another night that is running.",
            why=f"What silences a bed belongs to one night at a time, and {bed.in_use}.lock is held.",
            still="The running night goes on; nothing was recorded or played by this one.",
            do="Wait for it to close, use another pod id, or keep this night in another house.",
        ) from None
