"""Is a rehearsal's word about its own time judged by what it took?"""

from promises.measured import rehearsal

HEAD = "Samples and all: about 52 s on a machine like ours; yours is told from its own pace.\n"
LINES = [f"Rehearsing 2 nights of 1 h: {10 * n} %, 0:00:{5 * n:02d} gone, about 0:01:00 to go" for n in range(1, 11)]


def told(lines: list[str], took_s: float) -> str:
    return HEAD + "\n".join(lines) + f"\n0 an hour. It took {took_s} s.\n"


def test_an_estimate_near_the_truth_with_lines_on_the_way_is_kept():
    kept = rehearsal.judged_lines(told(LINES, 60.0))
    assert kept.ok
    assert kept.figure == "60 s, first renewed estimate +8%"


def test_an_estimate_far_off_or_silence_on_the_way_is_not():
    assert not rehearsal.judged_lines(told(LINES, 180.0)).ok
    assert not rehearsal.judged_lines(told(LINES[:3], 60.0)).ok
    assert not rehearsal.judged_lines(told([], 60.0)).ok
