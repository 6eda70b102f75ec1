"""Can these channels tell a stage at all? If not, why, and what is known of beds that tried."""

from collections.abc import Collection
from dataclasses import dataclass

from dreamloom.staging.prepare import SLOWEST_GRID_HZ
from dreamloom.staging.track import CONTEXT_S, WINDOW_S

EVIDENCE_WITHOUT_EEG = (
    "of what a phone called REM in the one public record that can be counted (9 nights of one person), 21 % was REM"
)
"""dream-stream's own figures: sensitivity 85.7 %, specificity 41.2 % over 3,223 samples; 432 of 2,031 were right."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What the shipped stager of one montage needs.

    Attributes:
        min_channels: kinds it reads; whichever is missing, the next smaller montage takes over, down to the EEG.
        warmup_s: from the first sample to the first estimate.
        context_s: how far back what it remembers still counts; so much is fed to it when a broken night goes on.
    """

    montage: str
    min_channels: tuple[str, ...]
    warmup_s: float
    context_s: float


MONTAGES = ("eeg", "eeg+emg", "eeg+eog", "eeg+eog+emg")
NEEDS: dict[str, Needs] = {
    kind: Needs(kind, tuple(kind.upper().split("+")), float(WINDOW_S), float(CONTEXT_S)) for kind in MONTAGES
}
TOLD = (
    "Stages are read from an EEG, with an EOG and a chin where there are any, at "
    f"{SLOWEST_GRID_HZ} Hz or more: the first after {WINDOW_S} s, then every 5 s, from {CONTEXT_S / 60:g} min before."
)
"""For a person, in one line."""


def why_not(kinds: Collection[str], grid_hz: int) -> str | None:
    """Why channels of these kinds tell no stage; None where they do, as far as a montage can say."""
    if "EEG" not in kinds:
        return "it has no EEG"
    return (
        f"its {grid_hz} Hz are too slow to stage, {SLOWEST_GRID_HZ} are needed" if grid_hz < SLOWEST_GRID_HZ else None
    )
