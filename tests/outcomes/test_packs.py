"""May these questions be asked, and what do their answers come to? Licences first."""

import pytest

from dreamloom.house.layout import House
from dreamloom.house.outcome_packs import find_pack, packs_of, read_pack
from dreamloom.outcomes.packs import band_of, checked, flags, scores
from dreamloom.vocabulary.errors import ConfigError, UsageError

PACK = """
id = "weekly"
version = 2
language = "en"
title = "A week"
licence = "CC0-1.0"
source = "Somebody, 2026"
may_redistribute = true
[[item]]
name = "one"
when = "once"
low = 0
high = 3
[[item]]
name = "two"
when = "once"
low = 0
high = 3
[[score]]
name = "total"
how = "sum"
items = ["one", "two"]
most_missing = 1
[[score.band]]
at_least = 0
says = "few"
[[score.band]]
at_least = 4
says = "many"
[[needs_human]]
of = "total"
at_least = 5
says = "wants to be asked"
"""


@pytest.mark.parametrize("line", ["", 'licence = ""', 'licence = "unknown"', "licence = 3"])
def test_a_pack_without_a_licence_is_refused(line: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_pack(PACK.replace('licence = "CC0-1.0"', line), file="weekly.toml")
    assert refused.value.code == "DL-E642"


def test_what_may_not_be_passed_on_does_not_say_that_it_may() -> None:
    text = PACK.replace('"CC0-1.0"', '"by leave of its authors"')
    with pytest.raises(ConfigError, match="may_redistribute = true does not go with") as refused:
        read_pack(text, file="weekly.toml")
    assert refused.value.where is not None
    assert read_pack(text.replace("= true", "= false"), file="weekly.toml").licence == "by leave of its authors"


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("high = 3", "high = 0", "is not above low"),
        ('name = "two"', 'name = "one"', "cannot be called"),
        ('items = ["one", "two"]', 'items = ["three"]', "is no item"),
        ('of = "total"', 'of = "sum"', "no item and no score"),
        ('how = "sum"', 'how = "product"', "not among the choices"),
        ("version = 2", "versions = 2", "Unknown key"),
    ],
)
def test_what_cannot_be_meant_is_told_where_it_stands(was: str, becomes: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        read_pack(PACK.replace(was, becomes, 1), file="weekly.toml")
    assert refused.value.code == "DL-E641"
    assert str(refused.value.where).startswith("weekly.toml:")


def test_scores_are_put_together_and_never_filled_up_beyond_what_their_source_allows() -> None:
    pack = read_pack(PACK, file="weekly.toml")
    assert scores(pack, {"one": 3, "two": 2}) == {"total": 5.0}
    assert scores(pack, {"one": 2}) == {"total": 4.0}
    assert scores(pack, {}) == {}
    strict = read_pack(PACK.replace("most_missing = 1", "most_missing = 0"), file="weekly.toml")
    assert scores(strict, {"one": 2}) == {}
    assert (band_of(pack, "total", 3.0), band_of(pack, "total", 4.0)) == ("few", "many")
    assert [flag.says for flag in flags(pack, {"one": 3, "two": 2})] == ["wants to be asked"]
    assert flags(pack, {"one": 3, "two": 1}) == []


@pytest.mark.parametrize("answers", [{"three": 1}, {"one": 4}, {"one": -1}, {"one": True}, {"one": "2"}, {"one": 1.5}])
def test_an_answer_outside_its_bounds_is_none(answers: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refused:
        checked(read_pack(PACK, file="weekly.toml"), answers)
    assert refused.value.code == "DL-E644"


def test_what_was_not_answered_is_not_there() -> None:
    assert checked(read_pack(PACK, file="weekly.toml"), {"one": 0, "two": None}) == {"one": 0}


def test_every_shipped_pack_is_our_own_and_free_and_the_languages_ask_the_same(tmp_path) -> None:
    packs = packs_of(House(tmp_path))
    assert {pack.licence for pack in packs} == {"CC0-1.0"}
    assert {pack.source for pack in packs} == {"Written for Dreamloom"}
    english, german = (find_pack(packs, "nightly", language=language) for language in ("en", "de"))
    assert [(item.name, item.low, item.high, item.when) for item in english.item] == [
        (item.name, item.low, item.high, item.when) for item in german.item
    ]
    assert {item.name for item in english.item} >= {
        "recall", "dreams", "bad_dreams", "nightmares", "distress", "sleep_quality", "rested"
    }  # fmt: skip
    assert all(item.ask for pack in packs for item in pack.item)


def test_a_house_brings_its_own_packs_and_one_wrong_file_is_told_of(tmp_path) -> None:
    house = House(tmp_path)
    house.packs.mkdir(parents=True)
    (house.packs / "weekly.toml").write_text(PACK)
    assert find_pack(packs_of(house), "weekly").version == 2
    with pytest.raises(UsageError, match="There is no pack 'monthly'"):
        find_pack(packs_of(house), "monthly")
    (house.packs / "bare.toml").write_text(PACK.replace('licence = "CC0-1.0"\n', ""))
    with pytest.raises(ConfigError, match="names no licence"):
        packs_of(house)
