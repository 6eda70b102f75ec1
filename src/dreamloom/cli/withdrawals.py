"""The verb `withdraw`: silence first, then everything else. It loads as little as it can, because somebody waits."""

from dreamloom.cli.output import give, say
from dreamloom.house import layout, withdrawing


def withdraw(night: str, who: str, *, as_json: bool) -> None:
    """Silences one bed for tonight."""
    folder = layout.find_night(night)
    pod, sleeper = withdrawing.find_pod(withdrawing.who_sleeps_where(folder), who)
    withdrawing.withdraw(folder.house, night=folder.name, pod=pod, sleeper=sleeper, channel="command line")
    say(f"{sleeper} has withdrawn. Bed {pod} is silent for tonight; its recording goes on, and so do the other beds.")
    if as_json:
        give({"withdrawn": True, "night": folder.name, "pod": pod, "sleeper": sleeper})
