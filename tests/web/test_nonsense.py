"""Does nonsense end its own line with a word, and nobody else's? Some of every kind; ten thousand are a promise."""

from pathlib import Path

from dreamloom.testing.malformed_views import FRAMES, OPENINGS, disturb


def test_nonsense_is_closed_with_a_reason_and_a_view_beside_it_misses_nothing(tmp_path: Path) -> None:
    count = 4 * (len(FRAMES) + len(OPENINGS))
    told = disturb(tmp_path, count, beds=2)
    assert told["said"] == count
    assert told["unanswered"] == 0, told["kinds"]
    assert told["kinds"]["a word"] == {"closed 4400": 4}
    assert told["kinds"]["too long"] == {"closed 1009": 4}
    assert told["kinds"]["nobody"] == {"closed 4401": 4}
    looking = told["looking"]
    assert looking["beds"] == 2
    assert (looking["holes"], looking["ended"]) == (0, False)
