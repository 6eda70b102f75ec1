"""Do the counts that promises rest on see a test that cries wolf, and a weave that tells too much?"""

import msgspec

from dreamloom.testing import dream_words
from dreamloom.testing.dream_corpus import dream, voice
from dreamloom.testing.dream_groups import Plan, group, registered
from dreamloom.testing.dream_judging import DESIGNS, counted, sealed_draws
from dreamloom.testing.dream_words import THEMES
from dreamloom.testing.weaving_judged import THINGS, colluders, random_consents, same_bytes, withdrawal
from dreamloom.weave.chance.findings import findings_of
from dreamloom.weave.chance.target import unsound
from promises.measured.dreams import judged_bytes, judged_colluders


def test_planted_themes_are_counted_and_others_not() -> None:
    (found,) = counted([("within half", 8)], range(4))
    (plain,) = counted([("within plain", 4)], range(4))
    assert found["positive"]["T1"] >= 3  # type: ignore[index]
    assert plain["positive"]["T1"] == 0  # type: ignore[index]
    assert plain["refused"] == {}
    assert set(DESIGNS) >= {"within longest", "within ten nights", "between rooms"}


def test_every_dreamer_has_a_sound_draw_of_their_own() -> None:
    draws = sealed_draws(3, group(3, Plan(n=5, mornings=0)))
    assert len(draws) == 5
    assert not any(unsound(each) for each in draws)
    assert counted([("sealed, judges", 5)], range(3))[0]["refused"] == {}


def test_random_consents_and_withdrawals_are_clean() -> None:
    found = random_consents(12, 4)
    assert (found["uncited"], found["foreign"], found["thin"]) == (0, 0, 0)
    assert found["passages"] > 0
    assert withdrawal(30, 4)["left"] == 0


def test_three_who_agree_are_no_thread_and_three_who_dreamt_it_are() -> None:
    found = colluders(8, 4)
    assert (found["threads"], found["repeated"]) == (0, 0)
    assert found["own_threads"] > 4
    assert judged_colluders(found).ok
    for worse in ({"threads": 1}, {"repeated": 1}, {"own_threads": 0}):
        assert not judged_colluders({**found, **worse}).ok


def test_nobody_dreams_of_what_is_agreed_on_unless_it_is_planted() -> None:
    known = "\n".join(str(each) for name, each in vars(dream_words).items() if not name.startswith("_")).lower()
    assert "glacier" in known
    assert [thing for thing in THINGS if thing in known] == []


def test_the_same_reports_make_the_same_bytes() -> None:
    found = same_bytes(3, 4)
    assert judged_bytes([found, found]).ok
    assert not judged_bytes([found, {**found, "hash": 1}]).ok
    assert not judged_bytes([{**found, "alike": 2}]).ok


def test_a_dreamt_target_is_found_by_the_text() -> None:
    told = group(5, Plan(n=8, mornings=0))
    draws = sealed_draws(5, told)
    dreamt = [
        msgspec.structs.replace(each, text=dream(voice(5, each.dreamer), 5, "x", themes=THEMES[draw.drawn], mentions=4))
        for each, draw in zip(told, draws, strict=True)
    ]
    found = findings_of(dreamt, registered("chess", tests=("T5",), primary="T5"), draws=draws).tests[0]
    assert found.p < 0.001
    assert found.k >= 7
