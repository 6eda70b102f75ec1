"""Can anybody have a bed sound something without right, and does that keep the rightful from being heard?"""

from dreamloom.testing.forged_orders import AT_OPEN_BEDS, KINDS, try_forgeries
from promises.registry import Measured, promise

OF_EACH = 10_000
LAWFUL = 10_000
SEED = 20261121


@promise(
    "unauthorised cues",
    f"{OF_EACH * len(KINDS):,} of {OF_EACH * len(KINDS):,} attempts silent, and {LAWFUL:,} of {LAWFUL:,} lawful cues "
    "played between them",
)
def unauthorised_cues_are_silent() -> Measured:
    """At real beds with their gatekeeper, pod loop, vetoes, house rules, sounds on a disk and a rendering speaker."""
    share = LAWFUL // len(AT_OPEN_BEDS)
    lawful = dict.fromkeys(AT_OPEN_BEDS, share)
    lawful[next(iter(AT_OPEN_BEDS))] += LAWFUL - share * len(AT_OPEN_BEDS)
    tried = {kind: try_forgeries(kind, OF_EACH, seed=SEED, lawful=lawful.get(kind, 0)) for kind in KINDS}
    attempts = sum(each.attempts for each in tried.values())
    silent = attempts - sum(each.played for each in tried.values())
    asked = sum(each.lawful for each in tried.values())
    heard = sum(each.lawful_played for each in tried.values())
    missed = ", ".join(f"{kind}: {each.played}" for kind, each in tried.items() if each.played)
    return Measured(
        f"{silent:,} of {attempts:,} silent, {heard:,} of {asked:,} played",
        silent == attempts == OF_EACH * len(KINDS) and heard == asked == LAWFUL,
        f"Each attempt is another one: {', '.join(KINDS)}. {'Sounded: ' + missed if missed else ''}".strip(),
    )
