"""Is every rule of the guardian fed by what a running night really tells, and does it go back by itself?"""

from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.engine.lateness import AGAIN_S, FOR_S, LATE_S, Lateness
from dreamloom.guardian import rest
from dreamloom.guardian.page import page
from dreamloom.guardian.rule import SIGNS
from dreamloom.guardian.rules import RULES
from dreamloom.house import making
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.pod.sounded import NEAR_DOSE
from dreamloom.record.events import DoseSeen, GuardianStepped, OwnNightsTold, StageScored
from dreamloom.testing import watched_night
from dreamloom.testing.company import ToldBed, always, told_night
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

DOCS = Path(__file__).resolve().parents[2] / "docs"
ALL_NIGHT = {"cues-wake", "dose-near-cap", "disk", "memory", "memory-short"}
"""What is over only with the night, or when it is opened again."""


def test_the_page_of_the_guardian_says_what_its_rules_say() -> None:
    assert (DOCS / "guardian.md").read_text(encoding="utf-8") == page()
    assert all(f"| `{rule.id}` |" in page() for rule in RULES)


def test_every_sign_is_read_by_a_rule() -> None:
    assert {rule.sign for rule in RULES} == set(SIGNS)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_rule_is_raised_by_a_night_has_a_cause_is_heeded_and_goes_back_by_itself() -> None:
    lived = watched_night.live_through()
    assert lived.raised.keys() == {rule.id for rule in RULES}
    assert lived.cleared.keys() == {rule.id for rule in RULES} - ALL_NIGHT
    assert (lived.uncaused, lived.unheeded) == ((), ())
    assert all(lived.cleared[rule] > lived.raised[rule] for rule in lived.cleared)


def test_a_night_is_late_when_it_stays_behind_its_clock_and_that_is_told_again_while_it_does() -> None:
    lateness = Lateness()
    assert lateness.look(NightTime(50.0), 48) == []
    behind_s = [NightTime(100.0 + second) for second in range(30)]
    told = [word.onset_s for now_s in behind_s for word in lateness.look(now_s, 80)]
    assert told == [100.0 + FOR_S, 100.0 + FOR_S + AGAIN_S, 100.0 + FOR_S + 2 * AGAIN_S]
    assert lateness.look(NightTime(140.0), int(140.0 - LATE_S)) == []


def test_a_night_that_jumps_and_catches_up_was_not_late() -> None:
    lateness = Lateness()
    caught_up = [(NightTime(500.0), 10), (NightTime(500.5), 400), (NightTime(501.0), 499), (NightTime(520.0), 519)]
    assert [word for now_s, tick in caught_up for word in lateness.look(now_s, tick)] == []


def test_a_night_that_cannot_keep_up_fades_at_every_bed() -> None:
    beds = [ToldBed(stage_at=always(Stage.R)), ToldBed(stage_at=always(Stage.R))]
    clock = watched_night.Hurried(40.0)
    events, _ = told_night(watched_night.LOUD, beds, duration_s=120, clock=clock, speed_x=1.0)
    steps = [(event.pod, event.rung) for event in events if isinstance(event, GuardianStepped)]
    assert {("p1", "FADE"), ("p2", "FADE")} <= set(steps)


def test_a_night_that_nears_its_dose_says_so_once_before_cues_end() -> None:
    text = watched_night.LOUD.replace("30 s, because", "60 s, because").replace("every: 34 s", "every: 64 s")
    events, _ = told_night(text, [ToldBed(stage_at=always(Stage.R))], duration_s=1100)
    (told,) = [event for event in events if isinstance(event, DoseSeen)]
    assert NEAR_DOSE <= told.share < 1.0
    (step,) = [event for event in events if isinstance(event, GuardianStepped) and event.rule == "dose-near-cap"]
    assert step.cause == told.id


def test_the_freest_hour_of_a_night_is_what_its_others_are_compared_with() -> None:
    chance = stream(3, "hours")
    calm, wild = ["N2"] * 240, [str(chance.choice(["W", "N1", "N2"])) for _ in range(60)]
    freest = rest.freest_bits([*calm, *wild, *calm])
    assert freest is not None
    assert freest > 0.5
    assert rest.freest_bits(calm) == 0.0
    assert rest.freest_bits(["N2"] * 20) is None


def _slept(house: House, name: str, stages: list[str], sleeper: str = "S01") -> None:
    """A night of this house in which one sleeper slept so."""
    folder = house.night(name)
    folder.root.mkdir(parents=True)
    ledger = open_ledger(
        folder.record, origin=folder.origin, vault=FolderVault(house.keys), subject_of=lambda _: sleeper
    )
    ledger.append(
        [
            StageScored(
                id=f"p1.0.{n}",
                pod="p1",
                tick=30 * n + 29,
                kind="derived",
                onset_s=30.0 * (n + 1),
                stage=stage,
                confidence=0.9,
                probabilities={},
                window_s=30.0,
                decided_at_s=30.0 * (n + 1),
                quality=1.0,
                method="told",
            )
            for n, stage in enumerate(stages)
        ]
    )
    ledger.checkpoint()
    ledger.close()


def test_a_night_is_told_how_restless_the_same_sleepers_other_nights_were_and_a_replay_finds_the_same(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "house")
    _slept(house, "monday", ["N2", "N3"] * 60)
    _slept(house, "tuesday", ["N2"] * 120)
    _slept(house, "wednesday", ["N2"] * 120, sleeper="S02")
    (house.night("torn").root).mkdir()
    house.night("torn").record.write_bytes(b"no record")
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.01")]
    night = making.write_night(house, "tonight", pods, "nightmare_rem_tmr", seed=1)
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        (told,) = [event for event in record.events() if isinstance(event, OwnNightsTold)]
    assert sorted(told.entropies_bits) == [0.0, 0.0]
    assert replay_night(night).first_difference is None
