"""Do the pages' addresses answer whatever they are asked? Thousands of requests and forms that fit, and that do not."""

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

CASES = 1_200
"""At each of the five servers."""
FORMS = 5_000


@promise("requests made from the OpenAPI documents", "0 answers of 500 or above, 0 otherwise than described, >= 5,000")
def described() -> Measured:
    """A night that is over, one that takes words, a bed of it, a demo, an author's page, through real servers."""
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


@promise("forms of pages filled in wrongly", f"0 answers of 500 or above, >= {FORMS:,} sent or opened")
def filled() -> Measured:
    """By beds, a sleeper, a host, a clinician and an author; also out of turn, and with what no form holds."""
    load = Load()
    told = ran("dreamloom.testing.filled_forms", scratch("forms"), str(FORMS), timeout_s=3600.0)
    return Measured(
        f"{told['cases']:,} requests, {told['crashed']} crashes",
        told["cases"] >= FORMS and told["crashed"] == 0,
        f"Statuses: {told['statuses']}; forms of {len(told['forms'])} addresses. {' | '.join(told['wrong'][:3])} "
        f"Measured under {load}.".replace("  ", " "),
    )
