"""How long does a rehearsal take, and does it play anything?"""

from promises.cli_runs import run_cli
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
