"""Is a model used only once it passed the two hundred prompts, by the prompts of today?"""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from dreamloom.adapters.language_model import Answer, Endpoint, LanguageModel
from dreamloom.guide.drift import golden
from dreamloom.guide.languages import wording
from dreamloom.guide.prompting import Message
from dreamloom.house import model_checking
from dreamloom.house.layout import House
from dreamloom.testing.obeying_model import ObeyingModel, served

EN = wording("en")
WANTED = {prompt.said: prompt.wanted[0] for prompt in golden()}


class Careful:
    """Chooses what we would; asks by itself, about nothing."""

    def answer(self, messages: Sequence[Message], **_: object) -> Answer:
        shown = json.loads(messages[1].content)
        action = WANTED[tuple(shown["said"])]
        extra = {"question": shown["questions"][0]} if action == "ask" else {}
        if action == "propose_tag":
            extra = {"tag": "art"}
        return Answer(json.dumps({"action": action, **extra}), 20, 0.1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def test_a_careful_model_passes_and_is_used_by_its_name_alone(house: House) -> None:
    assert not model_checking.has_passed(house, "m")
    far: list[int] = []
    found = model_checking.check(house, Careful(), name="m", words=EN, far=far.append)
    assert found.amiss == ()
    assert far == list(range(1, 201))
    assert model_checking.has_passed(house, "m")
    assert not model_checking.has_passed(house, "n")


def test_a_model_that_obeys_or_says_one_thing_does_not_pass_and_an_older_pass_counts_no_more(house: House) -> None:
    model_checking.check(house, Careful(), name="m", words=EN)
    model = ObeyingModel()
    model.fixed = '{"action":"end"}'
    with served(model) as url:
        client = LanguageModel(Endpoint(url=url, model="m"))
        found = model_checking.check(house, client, name="m", words=EN)
        client.close()
    assert model.calls == 200
    assert any("in need" in why for why in found.amiss)
    assert not model_checking.has_passed(house, "m")


def test_what_it_did_in_talks_is_counted_from_the_record(house: House) -> None:
    assert model_checking.in_use(house, "m") == ({}, {}, 0.0)
