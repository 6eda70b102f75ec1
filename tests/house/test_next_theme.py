"""Is a thread the theme of a next night only while it is ratified and signed by each who speaks in it?"""

import shutil
from pathlib import Path

import pytest

from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.reader import read
from dreamloom.house import erasing, mornings, next_theme, weaving
from dreamloom.house.layout import NightFolder
from dreamloom.house.weaving import Standing
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.told_mornings import THEME, invented, whole_morning
from dreamloom.vocabulary.errors import DreamloomError

BEDS = 9


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    night = night_that_is_over(tmp_path_factory.mktemp("house"), beds=BEDS, hours=0.01)
    for n in range(1, BEDS + 1):
        whole_morning(night, f"S{n:02d}", text=invented(f"S{n:02d}", "tide", themes=THEME, mentions=4))
    return night


@pytest.fixture
def night(told: NightFolder, tmp_path: Path) -> NightFolder:
    shutil.copytree(told.house.root, tmp_path / "house")
    return NightFolder(tmp_path / "house" / "nights" / "tide")


def first(found: Standing) -> tuple[str, str, list[str]]:
    thread, sha256 = next(iter(found.threads.items()))
    return thread, sha256, sorted(found.speakers_in(thread))


def ratified(night: NightFolder, *, signing: bool = True) -> tuple[str, str, list[str]]:
    thread, sha256, who = first(weaving.standing(night))
    for each in who:
        weaving.ratify(night, each, sha256, "yes")
    for each in who if signing else ():
        next_theme.sign(night, each, sha256, "yes")
    return thread, sha256, who


def code(night: NightFolder, thread: str, path: Path) -> str:
    with pytest.raises(DreamloomError) as refused:
        next_theme.draft(night, thread, path)
    assert not path.exists()
    return refused.value.code


def test_a_signed_thread_is_a_draft_that_the_checker_accepts(night: NightFolder, tmp_path: Path) -> None:
    thread, sha256, who = ratified(night)
    written = next_theme.draft(night, thread, tmp_path / "Next Night.yaml")
    text = written.path.read_text(encoding="utf-8")
    made = read(text, file="next.yaml")
    assert [each.text for each in check(made) if each.severity == "error"] == []
    assert made.name == "next_night"
    assert "shared_theme" in made.tags
    assert written.signed == len(who) >= 3
    motifs = next(each.motifs for each in weaving.standing(night).weave.threads if each.id == thread)
    assert all(word in (made.cues["theme"].say or "").lower() for word in motifs[:3])
    assert text.count("\n# signed ") == len(who)
    assert sha256 in text
    assert not any(each in text for each in who)
    assert next_theme.stands(night.house, text)


def test_it_is_refused_before_it_is_ratified_and_before_all_signed(night: NightFolder, tmp_path: Path) -> None:
    path = tmp_path / "next.yaml"
    thread, sha256, who = first(weaving.standing(night))
    assert code(night, thread, path) == "DL-E814"
    with pytest.raises(DreamloomError) as refused:
        next_theme.sign(night, who[0], sha256, "yes")
    assert refused.value.code == "DL-E814"
    ratified(night, signing=False)
    for each in who[:-1]:
        next_theme.sign(night, each, sha256, "yes")
    assert code(night, thread, path) == "DL-E817"
    next_theme.sign(night, who[-1], sha256, "yes")
    next_theme.draft(night, thread, path)
    other = tmp_path / "other.yaml"
    next_theme.sign(night, who[0], sha256, "no")
    assert code(night, thread, other) == "DL-E817"
    assert not next_theme.stands(night.house, path.read_text(encoding="utf-8"))


def test_who_takes_their_words_back_takes_the_theme_along(night: NightFolder, tmp_path: Path) -> None:
    thread, sha256, who = ratified(night)
    weaving.ratify(night, who[0], sha256, "no")
    assert code(night, thread, tmp_path / "no.yaml") == "DL-E814"
    weaving.ratify(night, who[0], sha256, "yes")
    mornings.share(night.house, mornings.morning_of(night.house, who[0], "tide").report, ())
    assert code(night, thread, tmp_path / "gone.yaml") in {"DL-E814", "DL-E815"}


def test_who_is_erased_has_signed_nothing(night: NightFolder, tmp_path: Path) -> None:
    thread, _, who = ratified(night)
    text = next_theme.draft(night, thread, tmp_path / "next.yaml").path.read_text(encoding="utf-8")
    erasing.erase(night.house, who[0])
    assert not next_theme.stands(night.house, text)


def test_nobody_signs_for_others_and_no_file_is_written_over(night: NightFolder, tmp_path: Path) -> None:
    thread, sha256, who = ratified(night)
    stranger = next(f"S{n:02d}" for n in range(1, 99) if f"S{n:02d}" not in who)
    with pytest.raises(DreamloomError) as refused:
        next_theme.sign(night, stranger, sha256, "yes")
    assert refused.value.code == "DL-E814"
    with pytest.raises(DreamloomError) as refused:
        next_theme.sign(night, who[0], sha256, "maybe")
    assert refused.value.code == "DL-E813"
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(DreamloomError) as refused:
        next_theme.draft(night, thread, tmp_path / "mine.yaml")
    assert refused.value.code == "DL-E816"
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert code(night, "t99", tmp_path / "none.yaml") == "DL-E815"
