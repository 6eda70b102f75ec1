"""Do the pages' addresses answer as their OpenAPI document says? Thousands of requests that fit it, and that do not."""

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

CASES = 1_500
"""At each of the four servers."""


@promise("requests made from the OpenAPI documents", "0 answers of 500 or above, 0 otherwise than described, >= 5,000")
def described() -> Measured:
    """A night that is over, one that takes words, a bed's page and an author's, through their real servers."""
    load = Load()
    told = ran("dreamloom.testing.asked_by_schema", scratch("described"), str(CASES), timeout_s=3600.0)
    cases = sum(each["cases"] for each in told.values())
    crashed = sum(each["crashed"] for each in told.values())
    wrong = [f"{name}: {line}" for name, each in told.items() for line in each["wrong"]]
    statuses = "; ".join(f"{name}: {each['statuses']}" for name, each in told.items())
    return Measured(
        f"{cases:,} requests, {crashed} crashes, {len(wrong)} kinds of mismatch",
        cases >= 5_000 and crashed == 0 and not wrong,
        f"Statuses by server: {statuses}. {' | '.join(wrong[:3])} Measured under {load}.".replace("  ", " "),
    )
