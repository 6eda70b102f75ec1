"""The rules of a house in a night: asked about every cue, lying beside it, never older, never quietly changed."""

import dataclasses
from functools import partial

import msgspec
import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.bedside import Bedside
from dreamloom.governance.policy.bundle import Bundle, Example, canonical, sha256
from dreamloom.governance.policy.request import UNASKED, undecided
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house import house_rules, opening
from dreamloom.house.asked import BEFORE_BUNDLES
from dreamloom.house.house_rules import adopt, in_force
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.texts import text_sha256
from dreamloom.house.verifying import verify_files
from dreamloom.record.events import CueDue, CueFailed, CueForbidden, CuePlayed, CueWithheld, LeaseGranted, PolicyAdopted
from dreamloom.testing import nights
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import ConfigError, RecordError, RefusedError

SOFT = '\n@id("ours.soft")\n@reason("Our house is softer.")\nforbid (principal, action, resource) when {{ {when} }};\n'
REM = 'stage: R, confidence: ">= 0.8", stable_for: 10 s'
QUIET = SOFT.format(when="context.level_ddb > -500")


def stricter(version: int = 2, text: str = QUIET) -> Bundle:
    base = shipped()
    mine = (
        Example("ours.soft", "allow", ("C1.consent",), {"level_ddb": -600}),
        Example("ours.soft", "deny", ("ours.soft",), {}),
    )
    return msgspec.structs.replace(
        base, name="our rules", version=version, policies=base.policies + text, examples=(*base.examples, *mine)
    )


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "house")


def night_in(house, tmp_path, name="tonight"):
    (tmp_path / "eager.yaml").write_text(EAGER.replace(REM, "stage: [N1, N2, N3, R]"), encoding="utf-8")
    bed = PodAsked(id="p1", sleeper="S01", source="sim:deep,start=195min,hours=0.03")
    return write_night(house, name, [bed], str(tmp_path / "eager.yaml"), seed=1)


def lived(night):
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        return list(record.events())


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def saved(bundle, folder):
    path = folder / "rules.json"
    path.write_bytes(canonical(bundle))
    return path


def test_a_night_lies_beside_the_rules_it_names_and_replays_by_them(house, tmp_path):
    night = night_in(house, tmp_path)
    events = lived(night)
    (word,) = of(PolicyAdopted, events)
    assert (word.policy_sha256, word.version, word.by) == (sha256(shipped()), shipped().version, "shipped")
    assert {lease.policy_sha256 for lease in of(LeaseGranted, events)} == {word.policy_sha256}
    assert night.policy.read_bytes() == canonical(shipped())
    assert of(CueDue, events)
    assert replay_night(night).first_difference is None
    assert verify_files(night).first_bad is None
    night.policy.write_bytes(canonical(stricter()))
    assert verify_files(night).first_bad == "policy.json"
    with pytest.raises(RecordError, match=r"policy\.json"):
        replay_night(night)


def test_what_a_house_adopted_forbids_is_told_with_the_rule_and_decided_again(house, tmp_path):
    word = adopt(house, saved(stricter(), tmp_path), by="Mara")
    night = night_in(house, tmp_path)
    events = lived(night)
    assert not of(CueDue, events)
    told = of(CueForbidden, events)
    assert {each.policies for each in told} == {("ours.soft",)}
    assert {each.policy_sha256 for each in told} == {word.policy_sha256}
    withheld = [(each.part, each.onset_s) for each in of(CueWithheld, events) if each.reason == "POLICY"]
    assert withheld == [(each.part, each.onset_s) for each in told]
    assert replay_night(night).first_difference is None


def test_rules_are_adopted_once_told_in_the_house_and_never_older(house, tmp_path):
    adopt(house, saved(stricter(3), tmp_path), by="Mara")
    with read_only(house.record) as record:
        (word,) = record.events()
    assert isinstance(word, PolicyAdopted)
    assert (word.version, word.by, in_force(house).version) == (3, "Mara", 3)
    for older in (stricter(2), shipped()):
        with pytest.raises(RefusedError, match="version"):
            adopt(house, saved(older, tmp_path), by="Mara")
    other = stricter(3, QUIET + "// other words\n")
    with pytest.raises(RefusedError, match="other rules under version 3"):
        adopt(house, saved(other, tmp_path), by="Mara")
    assert in_force(house) == stricter(3)


def test_taking_the_adopted_file_away_opens_no_night_under_older_rules(house, tmp_path):
    adopt(house, saved(stricter(), tmp_path), by="Mara")
    house.policy.unlink()
    night = night_in(house, tmp_path)
    with pytest.raises(RefusedError, match="seen version 2"):
        run_night(night, RunOptions(speed_x=None))
    assert not night.record.exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"{", ConfigError), (canonical(msgspec.structs.replace(stricter(), allowed_tags=("brand",))), RefusedError)],
)
def test_a_house_with_damaged_or_loosened_rules_opens_no_night(house, tmp_path, content, error):
    night = night_in(house, tmp_path)
    house.policy.parent.mkdir(parents=True)
    house.policy.write_bytes(content)
    with pytest.raises(error):
        run_night(night, RunOptions(speed_x=None))


def tiny(monkeypatch, **changes):
    """A night of one bed in REM, its plan changed, and with a watch that says the rules took too long."""
    plain, slow = nights.plan_of, changes.pop("slow", False)

    def plan_of(*words):
        plan, sounds = plain(*words)
        return dataclasses.replace(plan, **changes), sounds

    monkeypatch.setattr(nights, "plan_of", plan_of)
    monkeypatch.setattr(nights, "Bedside", partial(Bedside, was_slow=lambda: slow))
    return nights.run_tiny_night({"p1": nights.TinyBed(source=nights.rem_source(seconds=100.0))})


def test_nobody_is_cued_of_whom_nobody_knows_whether_it_is_safe(monkeypatch):
    night = tiny(monkeypatch, eligibility=UNASKED)
    assert not night.of(CueDue)
    assert {each.policies for each in night.of(CueForbidden)} == {("C9.care", "C9.unasked")}


def test_where_no_rules_are_in_force_nothing_sounds(monkeypatch):
    night = tiny(monkeypatch, decide=undecided)
    assert not night.of(CueDue)
    assert {each.policies for each in night.of(CueForbidden)} == {("undecided",)}


def test_a_cue_over_which_the_rules_took_too_long_is_dropped_as_an_outcome(monkeypatch):
    night = tiny(monkeypatch, slow=True)
    due, failed = night.of(CueDue), night.of(CueFailed)
    assert due
    assert not night.of(CuePlayed)
    assert {each.reason for each in failed} == {"POLICY"}
    assert [each.cause for each in failed] == [each.id for each in due]
    assert all(each.kind == "input" for each in failed)


def test_with_the_rules_in_force_the_same_bed_is_cued(monkeypatch):
    assert tiny(monkeypatch).of(CuePlayed)


def test_a_night_from_before_there_were_bundles_is_held_by_the_vetoes_alone(house, tmp_path):
    asked = dataclasses.replace(opening.read_asked(night_in(house, tmp_path)), policy=None)
    assert asked.policy_sha256 == text_sha256(BEFORE_BUNDLES)
    assert asked.plan.policy_sha256 == asked.offer.policy_sha256 == asked.policy_sha256
    assert house_rules.in_force(house) == shipped()
