"""Does every address answer as the document says, whatever it is asked? A few requests; thousands are a promise."""

from pathlib import Path

import pytest

from dreamloom.testing.asked_by_schema import ask_servers

CASES = 60


@pytest.mark.timeout(600)
def test_no_request_that_fits_the_description_or_does_not_crashes_or_is_answered_otherwise_than_described(
    tmp_path: Path,
) -> None:
    for name, told in ask_servers(tmp_path, CASES, only=["bed"]).items():
        assert told["cases"] >= CASES, name
        assert told["crashed"] == 0, name
        assert told["wrong"] == [], name
