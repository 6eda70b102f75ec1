"""Is a no that comes over a connection kept, and heard at the bed?"""

from pathlib import Path

import pytest

from dreamloom.testing.far_button import delays_s


@pytest.mark.real_time
def test_a_no_over_a_connection_silences_the_bed_and_is_kept(tmp_path: Path) -> None:
    took_s = delays_s(tmp_path, trials=3)
    assert len(took_s) == 3
    assert all(each < 2.0 for each in took_s), took_s
    assert (tmp_path / "WITHDRAWN").read_bytes() == b"no\n"
