"""Who belongs to whom tonight?"""

from pathlib import Path

import pytest

from dreamloom.dreamscape import reader
from dreamloom.house.groups import odd_groups
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.opening import read_asked
from dreamloom.pod.plan import Plan
from dreamloom.vocabulary.errors import ConfigError

CIRCLE = """\
dreamscape: circle
version: 1
intent: One theme for those who agreed to it.
tags: [group]
groups: {circle: {at_least: 2, at_most: 3, because: "ours: a test"}}
cues: {bell: {kind: sound, class: sleep, make: chord, notes: [E5], duration: 2 s, because: "ours: a test"}}
parts:
  - for: each of circle
    when: {stage: R, confidence: ">= 0.8", stable_for: 60 s, because: "ours: a test"}
    play: bell
    every: 60 s                        # ours: a test
    budget: {per_hour: 20, per_night: 60, because: "ours: a test"}
arms: {active: {cue: own}, sham: {cue: silence}}
trial: {assign: across nights, blindness: "Did you hear anything?", because: "ours: a test"}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: "ours: a test"}
stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}, because: "ours: a test"}
"""


def _beds(*groups: tuple[str, ...]) -> list[PodAsked]:
    return [
        PodAsked(id=f"p{n}", sleeper=f"S{n:02d}", source="sim:typical", groups=own) for n, own in enumerate(groups, 1)
    ]


def test_a_part_for_a_group_plays_at_the_beds_of_that_group_and_at_no_other() -> None:
    dreamscape = reader.read(CIRCLE, file="circle.yaml")
    inside = Plan(dreamscape=dreamscape, dreamscape_sha256="0" * 64, cue_sha256={}, groups=("circle",))
    outside = Plan(dreamscape=dreamscape, dreamscape_sha256="0" * 64, cue_sha256={})
    assert (inside.obeyed, outside.obeyed) == ((0,), ())


def test_a_new_night_puts_every_bed_into_the_groups_of_its_dreamscape(tmp_path: Path) -> None:
    (tmp_path / "circle.yaml").write_text(CIRCLE, encoding="utf-8")
    folder = write_night(House(tmp_path), "tonight", _beds((), ()), str(tmp_path / "circle.yaml"), seed=1)
    assert [pod.groups for pod in read_asked(folder).night.pod] == [("circle",)] * 2


def test_a_group_the_dreamscape_does_not_know_is_refused_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "circle.yaml").write_text(CIRCLE, encoding="utf-8")
    folder = write_night(House(tmp_path), "tonight", _beds(("circel",)), str(tmp_path / "circle.yaml"), seed=1)
    with pytest.raises(ConfigError, match=r"Bed p1 is in the group 'circel'") as raised:
        read_asked(folder)
    assert raised.value.code == "DL-E350"
    assert raised.value.where is not None
    assert "circle" in str(raised.value.do)


@pytest.mark.parametrize(
    ("beds", "said"),
    [
        (_beds(("circle",), ()), ["The group circle has 1 of the 2 sleepers it is meant for."]),
        (_beds(("circle",), ("circle",)), []),
        (_beds(*[("circle",)] * 4), ["The group circle has 4 sleepers, and is meant for 3 at most."]),
    ],
)
def test_too_few_and_too_many_in_a_group_are_told(beds: list[PodAsked], said: list[str]) -> None:
    told = list(odd_groups(beds, reader.read(CIRCLE, file="circle.yaml")))
    assert [line[: len(start)] for line, start in zip(told, said, strict=True)] == said
