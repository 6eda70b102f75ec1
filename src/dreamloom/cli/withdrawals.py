"""The verb `withdraw`: silence first, then everything else. It loads as little as it can, because somebody waits."""

from dreamloom.cli.output import give, say
from dreamloom.house import layout, withdrawing
from dreamloom.vocabulary.errors import UsageError


def withdraw(night: str, who: str, *, as_json: bool) -> None:
    """Silences one bed for tonight."""
    if not (night and who):
        raise UsageError(
            "DL-E189", "Who says no is missing.", do="Write: dreamloom withdraw NIGHT SLEEPER, or --slip CODE."
        )
    folder = layout.find_night(night)
    pod, sleeper = withdrawing.find_pod(withdrawing.who_sleeps_where(folder), who)
    withdrawing.withdraw(folder.house, night=folder.name, pod=pod, sleeper=sleeper, channel="command line")
    say(f"{sleeper} has withdrawn. Bed {pod} is silent for tonight; its recording goes on, and so do the other beds.")
    from dreamloom.house import consenting  # the bed is silent by now

    if consenting.noted(folder.house, sleeper, about=folder.name, channel="command line") is not None:
        say(f"Your receipt lies in {folder.house.receipts}.")
    for line in consenting.OFFERS:
        say(line.format(sleeper=sleeper))
    if as_json:
        give({"withdrawn": True, "night": folder.name, "pod": pod, "sleeper": sleeper})
