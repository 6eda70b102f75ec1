"""Does everything that a record knows by a number light up the line in which it was written?"""

import pytest

from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.model import placed_parts
from dreamloom.gallery.score_lines import score


@pytest.mark.parametrize("name", builtin.names())
def test_each_part_of_every_dreamscape_begins_in_its_line(name: str) -> None:
    text, dreamscape = builtin.load(name)
    found = score(dreamscape, text)
    assert set(found.of_number) >= {str(number) for number in range(len(placed_parts(dreamscape)))}
    for line in found.of_number.values():
        assert found.lines[line - 1].strip()
    for number, placed in enumerate(placed_parts(dreamscape)):
        assert "for:" in found.lines[found.of_number[str(number)] - 1], placed.path


def test_relays_awakenings_and_scenes_have_lines_of_their_own() -> None:
    text, dreamscape = builtin.load("hybrid_night")
    found = score(dreamscape, text)
    assert set(found.of_scene) == set(dreamscape.scenes)
    for name, line in found.of_scene.items():
        assert found.lines[line - 2].strip() == f"{name}:"
