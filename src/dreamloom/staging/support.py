"""Can these channels tell a stage at all? If not, why, and what is known of beds that tried."""

from collections.abc import Collection

from dreamloom.staging.prepare import SLOWEST_GRID_HZ

EVIDENCE_WITHOUT_EEG = (
    "of what a phone called REM in the one public record that can be counted (9 nights of one person), 21 % was REM"
)
"""dream-stream's own figures: sensitivity 85.7 %, specificity 41.2 % over 3,223 samples; 432 of 2,031 were right."""


def why_not(kinds: Collection[str], grid_hz: int) -> str | None:
    """Why channels of these kinds tell no stage; None where they do, as far as a montage can say."""
    if "EEG" not in kinds:
        return "it has no EEG"
    return (
        f"its {grid_hz} Hz are too slow to stage, {SLOWEST_GRID_HZ} are needed" if grid_hz < SLOWEST_GRID_HZ else None
    )
