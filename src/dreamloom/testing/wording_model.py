"""A language model that words passages, now well and now with somebody added: a real endpoint on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dreamloom.guide import drift
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House
from dreamloom.record.guide_events import ModelChecked
from dreamloom.testing.obeying_model import ObeyingModel, served

MODEL = "words"
ADDED = "Quenby was there."
EVERY = 3
"""In every so many answers somebody is added whom nobody dreamt of."""


class Worder(ObeyingModel):
    """Says each passage again, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []

    def reply(self, asked: dict[str, Any]) -> str:
        """As an endpoint of a good will and a bad memory."""
        self.asked.append(asked)
        passage = json.loads(asked["messages"][1]["content"])["passage"]
        text = f"And then: {passage[:1].lower()}{passage[1:]}"
        return json.dumps({"text": f"{ADDED} {text}" if len(self.asked) % EVERY == 0 else text})


@contextmanager
def worded_by(house: House) -> Iterator[Worder]:
    """This house has such a model, checked, until the block ends."""
    worder = Worder()
    with served(worder) as url:
        house.guide.write_text(f'[language_model]\nurl = "{url}"\nmodel = "{MODEL}"\n', encoding="utf-8")
        passed(house)
        yield worder


def passed(house: House) -> None:
    """Notes that it passed the prompts of its check."""
    checked = ModelChecked(
        onset_s=0.0,
        model=MODEL,
        golden_sha256=drift.golden_sha256(),
        agreed=1.0,
        need=1.0,
        distance=0.0,
        actions={},
        refused={},
        verdict="passed",
    )
    append_to_house(house, checked)
