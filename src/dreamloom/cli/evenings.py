"""The verb `evening`: every bed before the night, in the terminal."""

import msgspec

from dreamloom.cli.output import give, say
from dreamloom.house import layout
from dreamloom.house.evening import evening

MARKS = {"ready": "  ", "to do": "- ", "silent": "! ", "not needed": "  "}


def show(night: str, *, as_json: bool) -> None:
    """A line a check; what is ready is told as well, since whoever asks wants to have seen it."""
    found = evening(layout.find_night(night))
    say(f"{found.night}: {found.intent}")
    for bed in found.beds:
        say("")
        say(f"{bed.pod} {bed.sleeper}: {'ready' if bed.is_ready else 'not ready yet'}")
        for check in bed.checks:
            say(f"  {MARKS[check.state]}{check.what}: {check.told}")
            if check.do:
                say(f"      {check.do}")
    if as_json:
        give({"ready": all(bed.is_ready for bed in found.beds), **msgspec.to_builtins(found)})
