"""Is a slip in a TOML file shown where it stands? Line and column, the nearest name, the choices, in words."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.vocabulary.errors import ConfigError, Where


class Lamp(Struct, frozen=True):
    colour: Literal["red", "green"]
    level: float = 0.0


class Bed(Struct, frozen=True):
    id: str
    lamp: Lamp | None = None
    beside: tuple[str, ...] = ()


class Room(Struct, frozen=True):
    bed: tuple[Bed, ...]
    name: str = ""


CODES = Codes(toml="DL-E1", key="DL-E2", value="DL-E3")
TEXT = """# a room; name = "not this one"
name = "north"

[[bed]]
id = "a"

[[bed]]   # the second
id = "b"
  lamp = { colour = "red", level = 3 }
beside = ["a"]
"""


def toml(text: str) -> TomlFile:
    return TomlFile(text, file="room.toml", codes=CODES)


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        toml(text).read(Room)
    return caught.value


def place_of_refusal(text: str) -> Where | None:
    """Where a text is refused; None when it is read."""
    try:
        toml(text).read(Room)
    except ConfigError as error:
        place = error.where
    else:
        return None
    if place is None:
        raise AssertionError(text)
    return place


def test_what_is_right_is_read() -> None:
    room = toml(TEXT).read(Room)
    assert room == Room(bed=(Bed("a"), Bed("b", Lamp("red", 3.0), ("a",))), name="north")


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("name",), 2, 1),
        (("bed",), 1, 1),
        (("bed", 0, "id"), 5, 1),
        (("bed", 1), 7, 1),
        (("bed", 1, "id"), 8, 1),
        (("bed", 1, "lamp"), 9, 3),
        (("bed", 1, "lamp", "level"), 9, 28),
        (("bed", 1, "lamp", "gone"), 9, 3),
        (("bed", 1, "gone"), 7, 1),
        (("gone",), 1, 1),
    ],
)
def test_a_value_is_found_in_its_own_table(path: tuple[str | int, ...], line: int, column: int) -> None:
    assert toml(TEXT).place(path) == Where("room.toml", line, column)


@pytest.mark.parametrize(
    ("was", "now", "place", "says"),
    [
        ("beside", "besides", "10:1", "Did you mean 'beside'?"),
        ("level", "levle", "9:28", "Unknown key 'levle' in [bed.lamp]. Did you mean 'level'?"),
        ('colour = "red"', 'colour = "blue"', "9:12", "bed.lamp.colour = 'blue' is not among the choices"),
        ('colour = "red"', 'colour = "blue"', "9:12", "'red', 'green'"),
        ("level = 3", "level = true", "9:28", "bed.lamp.level should be a number, and is true or false"),
        ('id = "b"\n', "", "7:1", "'id' is missing in [bed]"),
        ('["a"]', '["a", 1]', "10:1", "bed.beside should be a text in quotes, and is a whole number"),
        ('"north"', "north", "2:8", "not valid TOML"),
        ("[[bed]]   #", "[[bed]   #", "7:6", "not valid TOML"),
    ],
)
def test_a_slip_is_told_in_words_where_it_stands(was: str, now: str, place: str, says: str) -> None:
    error = refused(TEXT.replace(was, now))
    assert says in f"{error.what} {error.do}"
    assert str(error.where) == f"room.toml:{place}"


def test_a_text_that_ends_too_early_is_placed_at_its_end() -> None:
    assert refused('name = "north"\nbed = [').where == Where("room.toml", 2, 1)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert toml("\ufeff" + TEXT).read(Room) == toml(TEXT).read(Room)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    where = place_of_refusal(text)
    assert where is None or (1 <= where.line <= len(text.splitlines()) + 1 and where.column >= 1)


LINES = ['name = "x"', "[[bed]]", 'id = "a"', "[bed.lamp]", 'colour = "red"', "# id"]


@given(st.lists(st.sampled_from(LINES), max_size=9))
def test_any_order_of_lines_is_read_or_refused_with_a_place(lines: list[str]) -> None:
    where = place_of_refusal("\n".join(lines))
    assert where is None or where.line <= max(1, len(lines))
