"""When does each record of an EDF file start, and where are its gaps?"""

from itertools import pairwise
from typing import NamedTuple, NoReturn

from dreamloom.adapters.edf_annotations import decode_record_onset
from dreamloom.adapters.edf_file import Layout, parts
from dreamloom.vocabulary.errors import StreamError

LONGEST_GAP_S = 24 * 3600.0
"""A jump of more than a day inside one recording is a broken clock, not a gap. Ours."""
TOLERANCE_RECORDS = 1e-3
"""Records whose onsets differ from the expected by less than this share of a record are continuous. Ours."""


class Run(NamedTuple):
    """Records that follow each other without a gap; onset_s is that of the first sample, on the file's clock."""

    first_record: int
    records: int
    onset_s: float


def runs_of(layout: Layout) -> list[Run]:
    """The uninterrupted stretches of a recording, in order; one, unless the file is EDF+D or BDF+D.

    Raises:
        StreamError: when there is no whole record, or the records' own times are missing, run back or leap.
    """
    if layout.records == 0:
        _refuse(layout, "it holds no whole record", "It is empty or was cut off.")
    if not (layout.has_gaps and layout.annotations):
        return [Run(0, layout.records, float(layout.onset_file_s))]
    onsets_s = _onsets_s(layout)
    steps_s = [following - onset for onset, following in pairwise(onsets_s)]
    tolerance_s = TOLERANCE_RECORDS * layout.record_s
    for record, step_s in enumerate(steps_s, start=1):
        if not layout.record_s - tolerance_s <= step_s <= LONGEST_GAP_S:
            _refuse(layout, f"record {record} starts {step_s:g} s after the one before", "Its clock cannot be right.")
    starts = [0, *(n for n, step_s in enumerate(steps_s, start=1) if step_s > layout.record_s + tolerance_s)]
    return [
        Run(first, after - first, onsets_s[first] - onsets_s[0] + layout.onset_file_s)
        for first, after in pairwise([*starts, len(onsets_s)])
    ]


def _onsets_s(layout: Layout) -> list[float]:
    first_byte, length = layout.annotations[0]
    onsets_s = [decode_record_onset(raw) for raw in parts(layout, first_byte, min(length, 64))]
    if None in onsets_s:
        _refuse(layout, f"record {onsets_s.index(None)} does not say when it starts", "A file with gaps (EDF+D) must.")
    return [onset_s for onset_s in onsets_s if onset_s is not None]


def _refuse(layout: Layout, what: str, why: str) -> NoReturn:
    raise StreamError(
        "DL-E204",
        f"The recording {layout.path} is damaged: {what}.",
        why=why,
        do="Fetch or export the file again; a cut-off night of Dreamloom's own is mended when the night is recovered.",
    )
