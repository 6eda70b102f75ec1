"""Does a model take part in an evening before that sleeper's lights-off alone, and do the fixed steps go on else?"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guide.drift import golden_sha256
from dreamloom.guide.languages import wording
from dreamloom.guide.turns import Turn
from dreamloom.house import registering, spoken_to, talks, tonights_theme
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.talks import Talker
from dreamloom.record.events import AnyEvent, AwakeningMade, LightsOff, NightClosed, NightOpened
from dreamloom.record.guide_events import GuideRanAway, ModelChecked, ModelChose
from dreamloom.testing import live_nights
from dreamloom.testing.night_story import Story, payloads_of
from dreamloom.testing.obeying_model import COMMAND, ObeyingModel, served
from dreamloom.vocabulary.errors import RecordError, RefusedError, UsageError
from dreamloom.weave.chance.registration import Registration

EN = wording("en")
SAID = "the old orchard"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return live_nights.write(tmp_path / "house", "tide", source="sim:typical,start=1500s,hours=0.04")


@pytest.fixture
def model(night: NightFolder) -> Iterator[ObeyingModel]:
    """One that passed its check and answers on loopback."""
    obeying = ObeyingModel()
    with served(obeying) as url:
        let_in(night.house, url)
        yield obeying


def let_in(house: House, url: str, more: str = "") -> None:
    house.guide.parent.mkdir(parents=True, exist_ok=True)
    house.guide.write_text(f'[language_model]\nurl = "{url}"\nmodel = "m"\n{more}')
    passed = ModelChecked(
        onset_s=0.0, model="m", golden_sha256=golden_sha256(), agreed=1.0, need=1.0, distance=0.0, actions={},
        refused={}, verdict="passed",
    )  # fmt: skip
    append_to_house(house, passed)


def wish(action: dict[str, str], said: str = SAID) -> str:
    return f"{said} {COMMAND} {json.dumps(action)}"


def put(night: NightFolder, *answers: str, between: tuple[Turn, ...] = ()) -> Turn | None:
    talker = Talker(folder=night, pod="p1", sleeper="S01")
    return talks.put_between(talker, talks.evening_so_far(talker, answers, between), between, EN)


def tell(night: NightFolder, events: list[AnyEvent]) -> None:
    with open_ledger(
        night.record, origin=night.origin, vault=FolderVault(night.house.keys), subject_of=lambda _: "house",
        mounts=lambda: "",
    ) as ledger:  # fmt: skip
        ledger.append(events, payloads_of(events))


def evening_of(night: NightFolder, *more: AnyEvent) -> None:
    """The record of a night that opened, in whose beds nobody has put the light out, and what came after."""
    events = [event for event in Story("S01", "S02").events() if not isinstance(event, LightsOff)]
    tell(night, [*events, *more])


def dark(onset_s: float = 600.0) -> LightsOff:
    return LightsOff(id="p1.9.0", tick=int(onset_s), kind="input", onset_s=onset_s, pod="p1", by="S01")


def calls(night: NightFolder) -> list[ModelChose | GuideRanAway]:
    with read_only(night.house.record) as record:
        return [event for event in record.events() if isinstance(event, ModelChose | GuideRanAway)]


def test_before_the_night_opens_and_while_the_lights_are_on_it_puts_a_turn_between(
    night: NightFolder, model: ObeyingModel
) -> None:
    asked = wish({"action": "ask", "question": "hear_there", "about": SAID})
    turn = put(night, asked)
    assert turn is not None
    assert (turn.question, turn.about) == ("hear_there", SAID)
    assert turn.text == EN.asked["hear_there"].about.replace("{quote}", SAID)
    evening_of(night)
    assert put(night, asked) == turn
    assert model.calls == 2
    assert [(each.moment, each.action) for each in calls(night) if isinstance(each, ModelChose)] == [
        ("evening", "ask")
    ] * 2
    assert model.sent[0] == asked, "it was shown what they said, and nothing else"


def test_once_the_light_is_out_there_is_no_talk_and_no_call(night: NightFolder, model: ObeyingModel) -> None:
    evening_of(night, dark())
    with pytest.raises(RefusedError, match="DL-E713"):
        put(night, wish({"action": "end"}))
    assert model.calls == 0


def test_who_was_woken_or_got_up_has_the_fixed_steps_and_no_model(night: NightFolder, model: ObeyingModel) -> None:
    woken = AwakeningMade(
        id="p1.9.1", tick=700, kind="input", onset_s=700.0, pod="p1", awakening=0, manner="morning", how="STAGE",
        after_s=9.0, report_s=180.0,
    )  # fmt: skip
    evening_of(night, dark(), woken)
    assert put(night, wish({"action": "end"})) is None
    assert model.calls == 0


@pytest.mark.parametrize("what", ["closed", "unopened", "broken"])
def test_a_record_that_does_not_say_that_they_are_up_is_dark(
    night: NightFolder, model: ObeyingModel, what: str
) -> None:
    talker = Talker(folder=night, pod="p1", sleeper="S01")
    talk = talks.evening_so_far(talker, [wish({"action": "end"})])
    if what == "closed":
        closed = NightClosed(onset_s=900.0, status="interrupted", reason="", counts={}, id="night.9.0", tick=900)
        evening_of(night, closed)
    elif what == "unopened":
        events = Story("S01").events()
        tell(night, [event for event in events if not isinstance(event, LightsOff | NightOpened)])
    else:
        night.record.write_bytes(b"no record")
    with pytest.raises(RefusedError, match="DL-E844"):
        spoken_to.before_dark(night, "p1")
    if what == "broken":
        with pytest.raises(RecordError):
            talks.put_between(talker, talk, (), EN)
    else:
        assert talks.put_between(talker, talk, (), EN) is None
    assert model.calls == 0


def test_what_comes_back_after_the_light_went_out_is_not_said(night: NightFolder, model: ObeyingModel) -> None:
    evening_of(night)
    reply = model.reply

    def slow(asked: dict[str, object]) -> str:
        tell(night, [dark()])
        return reply(asked)

    model.reply = slow  # type: ignore[method-assign]
    with pytest.raises(RefusedError, match="DL-E713"):
        put(night, wish({"action": "reflect", "quote": SAID}))
    assert [(each.action, each.refused) for each in calls(night) if isinstance(each, ModelChose)] == [("", "NOT_NOW")]


def test_what_runs_away_is_off_with_a_glitch_and_the_steps_go_on(night: NightFolder, model: ObeyingModel) -> None:
    assert put(night, wish({"action": "play_cue"})) is None
    assert put(night, wish({"action": "reflect", "quote": SAID})) is None
    assert model.calls == 1
    told = calls(night)[-1]
    assert isinstance(told, GuideRanAway)
    assert told.why == "UNLISTED"


def test_tonights_theme_is_never_said_back_and_without_knowing_it_no_model_is_asked(
    night: NightFolder, model: ObeyingModel
) -> None:
    registering.register(night, Registration(themes={"": ("orchard", "apple")}), by="anna")
    assert "orchard" in tonights_theme.words_of(night, "de").named
    assert put(night, wish({"action": "propose_incubation_phrase", "words": SAID})) is None
    assert calls(night)[-1].refused == "NAMES_THEME"  # type: ignore[union-attr]
    assert model.calls == 1
    next(night.root.glob("*.yaml")).write_text("this is: [no dreamscape")
    assert put(night, wish({"action": "reflect", "quote": "the old"})) is None
    assert model.calls == 1


def test_a_model_elsewhere_is_asked_of_whoever_agreed_to_it_alone(night: NightFolder) -> None:
    let_in(night.house, "https://models.example/v1", 'hosts = ["models.example"]\n')
    assert "outside model" not in night.consent_toml.read_text()
    assert put(night, wish({"action": "end"})) is None
    assert calls(night) == []


def test_a_model_that_did_not_pass_and_settings_that_are_wrong_leave_the_fixed_steps(
    night: NightFolder, model: ObeyingModel
) -> None:
    night.house.guide.write_text(night.house.guide.read_text().replace('"m"', '"other"'))
    assert put(night, wish({"action": "end"})) is None
    night.house.guide.write_text("langauge = 1\n")
    assert put(night, wish({"action": "end"})) is None
    assert model.calls == 0


def test_a_sentence_that_a_page_made_up_is_not_kept(night: NightFolder) -> None:
    forged = Turn(action="propose_incubation_phrase", about="your doom", answer="yes")
    with pytest.raises(UsageError, match="DL-E845"):
        talks.evening_so_far(Talker(folder=night, pod="p1", sleeper="S01"), ["the sea"], [forged])
