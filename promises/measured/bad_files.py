"""Does a bad file ever fail in a way nobody named?"""

from collections.abc import Mapping

from promises.registry import Measured, promise

CASES = 10_000
SEED = 20261120


@promise("bent recordings", f"{CASES:,} read or refused by name, 0 uncaught", slice="ci")
def bent_recordings() -> Measured:
    """EDF files with bent headers and bodies."""
    from dreamloom.testing.edf_fuzz import run

    return _judged(run(CASES, SEED))


@promise("bent dreamscapes", f"{CASES:,} read or refused with a place and a remedy, 0 uncaught", slice="full")
def bent_dreamscapes() -> Measured:
    """Built-in dreamscapes after one to four bends."""
    from dreamloom.testing.dreamscape_fuzz import run

    return _judged(run(CASES, SEED))


def _judged(found: Mapping[str, object]) -> Measured:
    is_kept = found["uncaught"] == 0 and found["cases"] == CASES
    return Measured(
        f"{found['uncaught']} uncaught of {found['cases']}",
        is_kept,
        f"{found['read']} read, {found['refused']} refused. {found.get('first_uncaught', '')}".strip(),
    )
