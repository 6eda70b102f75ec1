"""Is there no guide, and no call of a model, for anybody between lights-off and waking? Asked of nights' records."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.language_model import Answer, Endpoint, LanguageModel
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine import clocks
from dreamloom.guide.languages import wording
from dreamloom.guide.saying import Situation
from dreamloom.house import spoken_to
from dreamloom.house.guide_settings import asked_of, open_model
from dreamloom.house.guiding import Guide, HouseLog
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.events import AnyEvent, AwakeningMade, HostDescribed, LightsOff, NightClosed
from dreamloom.record.guide_events import GuideRanAway, ModelChose
from dreamloom.testing.night_story import Story, course, payloads_of
from dreamloom.testing.obeying_model import ObeyingModel, served
from dreamloom.vocabulary.errors import ConfigError, RefusedError

SLEEPERS = {"p1": "S01", "p2": "S02"}
NIGHT_S = 26_000.0
PROBED_S = 9_000.0
SAID = Situation(moment="after the lock", own=("a stone kitchen",))


def whole_night(status: str = "complete") -> list[AnyEvent]:
    """Two sleepers; the first is woken once to tell, the second goes to bed two hours later."""
    story = Story("S01", "S02")
    story.lights_off("p1", 600.0)
    story.sleep("p1", course(), from_s=600.0)
    story.say(
        AwakeningMade(onset_s=PROBED_S, pod="p1", awakening=0, manner="probe", how="STAGE", after_s=9.0, report_s=180.0)
    )
    story.lights_off("p2", 7800.0)
    story.say(NightClosed(onset_s=NIGHT_S, status=status, reason="", counts={}))  # type: ignore[arg-type]
    return [e for e in story.events() if not (isinstance(e, LightsOff) and e.onset_s == 0.0)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def kept(house: House, events: Sequence[AnyEvent]) -> NightFolder:
    folder = house.night("tide")
    folder.root.mkdir(parents=True)
    with open_ledger(
        folder.record,
        origin=folder.origin,
        vault=FolderVault(house.keys),
        subject_of=lambda event: SLEEPERS.get(event.pod or "", "house"),
        mounts=lambda: "",
    ) as ledger:
        ledger.append(list(events), payloads_of(events))
    return folder


@pytest.fixture
def model() -> Iterator[tuple[ObeyingModel, LanguageModel]]:
    obeying = ObeyingModel()
    with served(obeying) as url:
        client = LanguageModel(Endpoint(url=url, model="m"))
        yield obeying, client
        client.close()


class Clock:
    """Moves the wall clock that the house looks at to a second of the night."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, events: Sequence[AnyEvent]) -> None:
        host = next(event for event in events if isinstance(event, HostDescribed))
        self._opened = clocks.datetime.fromisoformat(host.utc)
        self._at_s = 0.0
        monkeypatch.setattr(spoken_to, "utc_now", lambda: self._opened + timedelta(seconds=self._at_s))

    def at(self, at_s: float) -> None:
        self._at_s = at_s


def speaks(folder: NightFolder, pod: str, client: LanguageModel) -> bool:
    guide = Guide(
        sleeper=SLEEPERS[pod],
        night="tide",
        words=wording("en"),
        see=lambda: spoken_to.seen(folder, pod).awake(by_own_word=False),
        log=HouseLog(folder.house, "tide"),
        model=client,
        name="m",
    )
    try:
        return guide.next(SAID) is not None
    except RefusedError as refused:
        assert refused.code == "DL-E713"
        return False


def test_through_a_whole_night_no_sleeper_has_a_guide_and_no_call_is_made(
    house: House, model: tuple[ObeyingModel, LanguageModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    events, (obeying, client) = whole_night(), model
    folder, clock = kept(house, [e for e in events if not isinstance(e, NightClosed)]), Clock(monkeypatch, events)
    for at_s in range(9_200, int(NIGHT_S), 600):
        clock.at(at_s)
        assert not speaks(folder, "p1", client)
        assert not speaks(folder, "p2", client)
    assert obeying.calls == 0


@pytest.mark.parametrize("moment", [(300.0, True, True), (4000.0, False, True), (9100.0, True, False)])
def test_each_sleeper_has_their_own_evening_and_awakening(
    house: House,
    model: tuple[ObeyingModel, LanguageModel],
    monkeypatch: pytest.MonkeyPatch,
    moment: tuple[float, bool, bool],
) -> None:
    at_s, first, second = moment
    events = [event for event in whole_night() if event.onset_s <= at_s]
    folder, clock = kept(house, events), Clock(monkeypatch, events)
    clock.at(at_s)
    assert (speaks(folder, "p1", model[1]), speaks(folder, "p2", model[1])) == (first, second)
    assert model[0].calls == first + second


def test_the_morning_gives_it_back_and_a_broken_night_only_by_own_word(house: House) -> None:
    folder = kept(house, whole_night("interrupted"))
    for pod in SLEEPERS:
        with pytest.raises(RefusedError, match="DL-E713"):
            spoken_to.seen(folder, pod).awake(by_own_word=False)
        assert spoken_to.seen(folder, pod).awake(by_own_word=True)
    whole = kept(House(house.root / "other"), whole_night())
    assert spoken_to.seen(whole, "p2").awake(by_own_word=False)


def test_by_own_word_nobody_is_awake_in_a_night_that_runs(house: House) -> None:
    folder = kept(house, [e for e in whole_night() if not isinstance(e, NightClosed)])
    with pytest.raises(RefusedError, match="DL-E713"):
        spoken_to.seen(folder, "p2").awake(by_own_word=True)


def test_what_comes_back_after_the_lights_went_out_is_not_said(house: House) -> None:
    """The model is slow, and the sleeper puts out the light while it thinks."""
    events = [event for event in whole_night() if event.onset_s < 600.0]
    folder = kept(house, events)

    class Slow:
        def answer(self, *_: object, **__: object) -> Answer:
            with open_ledger(
                folder.record, origin=folder.origin, vault=FolderVault(house.keys), subject_of=lambda _: "S01",
                mounts=lambda: "",
            ) as ledger:  # fmt: skip
                ledger.append([LightsOff(id="p1.9.0", tick=700, kind="input", onset_s=700.0, pod="p1", by="S01")])
            return Answer('{"action":"end"}', 10, 5.0)

    log = HouseLog(house, "tide")
    guide = Guide(
        sleeper="S01", night="tide", words=wording("en"), log=log, model=Slow(), name="m",
        see=lambda: spoken_to.seen(folder, "p1").awake(by_own_word=False),
    )  # fmt: skip
    with pytest.raises(RefusedError, match="DL-E713"):
        guide.next(SAID)
    assert [(each.action, each.refused) for each in log.chosen()[0]] == [("", "NOT_NOW")]


def test_every_call_stands_in_the_houses_record_and_what_ran_away_is_off_for_that_night_alone(
    house: House, model: tuple[ObeyingModel, LanguageModel]
) -> None:
    obeying, client = model
    folder = kept(house, [event for event in whole_night() if event.onset_s < 600.0])
    assert speaks(folder, "p1", client)
    obeying.fixed = '{"action":"play_cue"}'
    assert not speaks(folder, "p1", client)
    obeying.fixed = None
    assert not speaks(folder, "p2", client)
    with read_only(house.record) as record:
        told = [event for event in record.events() if isinstance(event, ModelChose | GuideRanAway)]
    assert [type(event).__name__ for event in told] == ["ModelChose", "ModelChose", "GuideRanAway"]
    assert HouseLog(house, "ebb").chosen() == ([], False)


def write(house: House, text: str) -> None:
    house.guide.parent.mkdir(parents=True, exist_ok=True)
    house.guide.write_text(text)


def test_a_model_elsewhere_is_opened_for_whoever_agreed_to_it_alone(house: House) -> None:
    write(house, '[language_model]\nurl = "https://models.example/v1"\nmodel = "m"\nhosts = ["models.example"]\n')
    assert open_model(house, ("cue",)) is None
    found = open_model(house, ("cue", "outside model"))
    assert found is not None
    assert found.is_outside
    write(house, '[language_model]\nurl = "https://models.example/v1"\nmodel = "m"\n')
    with pytest.raises(ConfigError, match="DL-E714"):
        open_model(house, ("outside model",))


def test_a_house_without_settings_has_no_model_and_bounds_that_bound_nothing_are_refused(house: House) -> None:
    assert open_model(house, ()) is None
    assert asked_of(house).language == "en"
    write(
        house, '[language_model]\nurl = "http://127.0.0.1:1/v1"\nmodel = "m"\n[language_model.most]\ncalls = 100000\n'
    )
    with pytest.raises(ConfigError, match="DL-E716"):
        asked_of(house)
    write(house, 'langauge = "en"\n')
    with pytest.raises(ConfigError, match="DL-E715"):
        asked_of(house)
