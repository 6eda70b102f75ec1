"""Is a pseudonym another one in each night, the same in one, and short enough to speak?"""

from hypothesis import given
from hypothesis import strategies as st

from dreamloom.seals.pseudonyms import night_pseudonym
from dreamloom.vocabulary.ids import SAFE_NAME

KEYS = st.binary(min_size=32, max_size=32)
NIGHTS = st.integers(0, 10**6).map(lambda number: f"dreamloom/n{number}")


@given(KEYS, NIGHTS)
def test_a_night_gives_one_name_and_it_can_name_a_folder(key: bytes, night: str) -> None:
    name = night_pseudonym(key, night)
    assert name == night_pseudonym(key, night)
    assert SAFE_NAME.fullmatch(name)
    assert len(name.split("-")) == 6


@given(KEYS, KEYS, NIGHTS, NIGHTS)
def test_another_night_or_another_sleeper_has_another_name(one: bytes, other: bytes, a: str, b: str) -> None:
    names = {night_pseudonym(key, night) for key in (one, other) for night in (a, b)}
    assert len(names) == len({one, other}) * len({a, b})
