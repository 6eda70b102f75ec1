"""The verb `withdraw`: silence first, then everything else. It loads as little as it can, because somebody waits."""

from dreamloom.cli.output import give, say
from dreamloom.house import layout, withdrawing
from dreamloom.house.glance import glance
from dreamloom.house.layout import NightFolder
from dreamloom.vocabulary.errors import RefusedError, UsageError


def withdraw(night: str, who: str, *, by_key: bool = False, as_json: bool) -> None:
    """Silences one bed for tonight; with by_key once somebody presses any key here."""
    if not (night and who):
        raise UsageError(
            "DL-E189", "Who says no is missing.", do="Write: dreamloom withdraw NIGHT SLEEPER, or --slip CODE."
        )
    folder = layout.find_night(night)
    pod, sleeper = withdrawing.find_pod(withdrawing.who_sleeps_where(folder), who)
    channel = _pressed(folder, pod, sleeper) if by_key else "command line"
    withdrawing.withdraw(folder.house, night=folder.name, pod=pod, sleeper=sleeper, channel=channel)
    say(f"{sleeper} has withdrawn. Bed {pod} is silent for tonight; its recording goes on, and so do the other beds.")
    from dreamloom.house import consenting  # the bed is silent by now

    if consenting.noted(folder.house, sleeper, about=folder.name, channel=channel) is not None:
        say(f"Your receipt lies in {folder.house.receipts}.")
    for line in consenting.OFFERS:
        say(line.format(sleeper=sleeper))
    if as_json:
        give({"withdrawn": True, "night": folder.name, "pod": pod, "sleeper": sleeper})


def _pressed(folder: NightFolder, pod: str, sleeper: str) -> str:
    """Waits for a key at this terminal, the bed's own, while its night is not over; returns by which channel it was."""
    from dreamloom.adapters.key_presses import KeyPresses, standard_input
    from dreamloom.house.stop_keys import CHANNEL, first_press

    presses = KeyPresses(standard_input())
    say(f"Any key here silences {pod}, where {sleeper} sleeps, for tonight. Ctrl-C ends the waiting, not the night.")
    if presses.can_hear and first_press(presses, goes_on=lambda: not glance(folder).is_over):
        return CHANNEL
    if glance(folder).is_over:
        withdrawing.who_sleeps_where(folder)
    raise RefusedError(
        "DL-E577",
        "No key can be heard here any more.",
        why="What this command reads keys from has ended, or there is none.",
        still=f"Nothing was changed: {pod} is as it was.",
        do=f"Start it in a terminal, or silence the bed now: dreamloom withdraw {folder.name} {sleeper}",
    )
