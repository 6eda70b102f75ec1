"""Is nobody cued outside what stands agreed in random histories of consent, and would the judge of them know?"""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from dreamloom.house import standing_consent
from dreamloom.record.events import (
    AnyEvent,
    ConsentChanged,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    IntakeAnswered,
    TeachBackPassed,
)
from dreamloom.testing.consent_histories import histories
from dreamloom.testing.consent_oracle import Agreed, Judged, Opening, judged

OPENED = datetime(2026, 1, 15, 22, tzinfo=UTC)
SHA256 = "a" * 64
STANDS = Agreed(frozenset({"chord"}), frozenset({"chord"}), 40.0, 2, "home 1", OPENED + timedelta(days=7))
INTAKE = IntakeAnswered(onset_s=1.0, sleeper="S01", care="none", clinician="", protocol="", answers=None)
TAUGHT = TeachBackPassed(onset_s=2.0, sleeper="S01", sheet="home 1")


def changed(change: str, *, about: str = "", sleeper: str = "S01") -> ConsentChanged:
    return ConsentChanged(onset_s=3.0, sleeper=sleeper, change=change, about=about, sheet="", content_sha256=SHA256)


GIVEN = changed("given", about="n1")
LAWFUL: tuple[AnyEvent, ...] = (INTAKE, TAUGHT, GIVEN)


def sounded(*at_s: float, cue: str = "chord", level_db: float = 40.0) -> list[AnyEvent]:
    found: list[AnyEvent] = []
    for number, moment_s in enumerate(at_s):
        due = CueDue(
            id=f"p1.0.{number}", onset_s=moment_s, cue=cue, cue_sha256=SHA256, part=0, sound_class="sleep",
            level_db=level_db, play_at_s=moment_s, expires_s=moment_s + 1, lease="L",
        )  # fmt: skip
        played = CuePlayed(
            onset_s=moment_s, cause=due.id, cue=cue, planned_s=moment_s, actual_s=moment_s, verified="render clock"
        )
        found += [due, played]
    return found


def one_night(events: list[AnyEvent], told: tuple[AnyEvent, ...] = LAWFUL, **changes: object) -> Judged:
    evening = Opening("n1", len(told), OPENED, 1, kept_out=False, silenced=False, events=events)
    return judged(evening._replace(**changes), told, {SHA256: STANDS}, sleeper="S01")


def test_what_was_agreed_to_is_lawful() -> None:
    assert one_night(sounded(10.0, 20.0)) == Judged(lawful=True, played=2, unlawful=())


@pytest.mark.parametrize(
    "told",
    [
        (),
        (INTAKE, TAUGHT),
        (TAUGHT, GIVEN),
        (INTAKE, GIVEN),
        (*LAWFUL, changed("withdrawn")),
        (*LAWFUL, msgspec.structs.replace(INTAKE, care="unanswered")),
        (INTAKE, TAUGHT, changed("given", about="n2")),
        (INTAKE, TAUGHT, changed("given", about="n1", sleeper="S02")),
        (INTAKE, msgspec.structs.replace(TAUGHT, sheet="home 2"), GIVEN),
    ],
)
def test_what_does_not_stand_is_unlawful(told: tuple[AnyEvent, ...]) -> None:
    found = one_night(sounded(10.0), told)
    assert not found.lawful
    assert len(found.unlawful) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kept_out": True},
        {"silenced": True},
        {"sheet": 2},
        {"opened": OPENED + timedelta(days=8)},
        {"opened": OPENED - timedelta(days=24)},
    ],
)
def test_what_no_longer_holds_is_unlawful(changes: dict[str, object]) -> None:
    assert len(one_night(sounded(10.0), **changes).unlawful) == 1


def test_a_no_for_another_night_and_a_yes_after_a_no_count_as_what_they_are() -> None:
    assert one_night(sounded(10.0), (*LAWFUL, changed("withdrawn", about="n0"))).unlawful == ()
    assert one_night(sounded(10.0), (*LAWFUL, changed("withdrawn"), GIVEN)).unlawful == ()


def test_another_cue_a_louder_one_one_too_many_and_one_after_the_no_are_each_found() -> None:
    assert len(one_night(sounded(10.0, cue="bell")).unlawful) == 1
    assert len(one_night(sounded(10.0, level_db=40.5)).unlawful) == 1
    assert len(one_night(sounded(10.0, 20.0, 30.0)).unlawful) == 1
    assert one_night(sounded(10.0, 20.0, 3700.0)).unlawful == ()
    no = ConsentWithdrawn(onset_s=15.0, sleeper="S01", channel="test")
    assert len(one_night([*sounded(10.0, 20.0), no]).unlawful) == 1


def test_random_histories_hold_no_cue_that_was_not_agreed_to_and_every_change_has_its_receipt() -> None:
    told = histories(7, 0, 5)
    assert [wrong for each in told for night in each.nights for wrong in night.unlawful] == []
    assert [each.missed for each in told] == [0] * len(told)
    assert [each.changes - each.receipts for each in told] == [0] * len(told)
    assert sum(night.played for each in told for night in each.nights) > 0


@pytest.mark.slow
def test_a_house_that_forgets_a_no_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_consent, "is_taken_back", lambda *_: False)
    assert any(night.unlawful for each in histories(7, 0, 20) for night in each.nights)
