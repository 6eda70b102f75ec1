"""Is a phone graded by its worst figure, each with its reason, and is it told what it may still do?"""

import msgspec
import pytest

from dreamloom.jukebox.phone_grades import BOUNDS, MAY, Rehearsed, graded, told

GOOD = Rehearsed(
    cues=60, missed_share=0.0, error_ms=4.0, absent_s=1.2, seen_share=0.1, lock_lost_share=0.0, battery_per_h=None
)


def but(**changes: float | None) -> Rehearsed:
    return Rehearsed(**{**{name: getattr(GOOD, name) for name in Rehearsed.__slots__}, **changes})  # type: ignore[arg-type]


def test_a_phone_without_a_fault_is_an_a_and_may_do_all() -> None:
    assert graded(GOOD) == ("A", ())
    assert told(GOOD) == f"Rehearsed: A. {MAY['A']}"


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.reason)
def test_each_figure_alone_decides_and_is_named(bound) -> None:
    for grade, most, beyond in (("A", bound.a, bound.b), ("B", bound.b, bound.c)):
        assert graded(but(**{bound.reason: most}))[0] == grade
        if beyond > most:
            assert graded(but(**{bound.reason: most + (beyond - most) / 2})) == (
                "ABC"["ABC".index(grade) + 1],
                (bound.reason,),
            )
    assert graded(but(**{bound.reason: bound.c * 1.5 + 0.1})) == ("below C", (bound.reason,))
    assert bound.why


def test_the_worst_counts_and_every_reason_is_told() -> None:
    found = but(error_ms=37.0, battery_per_h=0.11, seen_share=0.6)
    assert graded(found) == ("C", ("error_ms", "seen_share", "battery_per_h"))
    assert told(found) == (
        "Rehearsed: C. Cues came up to 37 ms beside their time. It was in front for 60% of the time, so little is "
        f"known of it locked. An hour took 11% of its battery. {MAY['C']}"
    )


def test_a_phone_that_was_given_nothing_is_no_loudspeaker() -> None:
    assert graded(but(cues=0))[0] == "below C"


def test_the_figures_survive_the_file() -> None:
    assert msgspec.json.decode(msgspec.json.encode(GOOD), type=Rehearsed) == GOOD
