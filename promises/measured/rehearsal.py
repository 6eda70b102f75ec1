"""How long does a rehearsal take, and does it play anything?"""

import re
import sys

from promises.cli_runs import CliFailed, run_cli, run_measured
from promises.kept import Load
from promises.registry import Measured, promise

MOST_S = 60.0


@promise("twelve nights rehearsed", "12 sleepers x 8 h on beliefs in under 60 s, with cues for most of them")
def rehearsal_is_quick() -> Measured:
    """The built-in nightmare protocol, every kind of simulated person in turn."""
    told = run_cli("rehearse", "nightmare_rem_tmr", timeout_s=600.0)["data"]
    cued = sum(row["cues_played"] > 0 for row in told["sleepers"])
    kept = told["took_s"] < MOST_S and len(told["sleepers"]) == 12 and cued >= 9
    note = f"{told['cues_per_hour']:g} cues an hour; withheld {told['withheld_by_reason']}."
    return Measured(f"{told['took_s']:.1f} s, {cued} of 12 cued", kept, note)


OFF_BY = 0.5
_TOLD = re.compile(r"(\d+) %, (\S+) gone, about (\S+) to go")


@promise(
    "two nights rehearsed on samples",
    f"2 sleepers x 1 h, told in ten lines or more; the first renewed estimate less than {OFF_BY:.0%} from the truth",
)
def rehearsal_tells_its_time() -> Measured:
    """Samples made, staged and decided on, two beside each other; what was to be left when a pace was first known."""
    load = Load()
    words = ("rehearse", "nightmare_rem_tmr", "--signals", "--sleepers", "2", "--hours", "1")
    ran = run_measured(sys.executable, "-m", "dreamloom", *words, timeout_s=1800.0)
    if ran["exit_code"] != 0:
        raise CliFailed(f"rehearse --signals ended with {ran['exit_code']}: {ran['said'][-400:]}")
    return judged_lines(ran["said"], said=f"Measured under {load}.")


def judged_lines(told: str, *, said: str = "") -> Measured:
    """What a rehearsal told of its time, and what it took."""
    lines, took = _TOLD.findall(told), re.search(r"It took (\S+) s\.", told)
    if took is None or not lines:
        return Measured("no estimate was renewed", ok=False, detail=said)
    took_s, (percent, gone, left) = float(took[1]), lines[0]
    whole_s = _seconds(gone) + _seconds(left)
    off = whole_s / took_s - 1
    first = told.split("about ", 1)[1].split(" on a machine", 1)[0]
    return Measured(
        f"{took_s:.0f} s, first renewed estimate {off:+.0%}",
        abs(off) < OFF_BY and len(lines) >= 10,
        f"Said before: {first}; said after {_seconds(gone)} s, at {percent} %: {whole_s} s in all. "
        f"{len(lines)} lines with a time. {said}".strip(),
    )


def _seconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
