"""The verbs `now say` and `now said`: words between a bed and whoever is awake."""

from dreamloom.cli.by_hand import asked_of, pod_of
from dreamloom.cli.output import clock, give, say
from dreamloom.house import by_hand, intercom, layout
from dreamloom.house.by_hand import Say
from dreamloom.house.left_behind import sleepers_of
from dreamloom.record.room_events import IntercomUsed
from dreamloom.vocabulary.errors import UsageError


def say_to_bed(night: str, who: str, text: str, *, by: str, as_json: bool) -> None:
    """Words for one bed."""
    by_hand.refuse_words(text)
    folder = layout.find_night(night)
    pod = pod_of(folder, who)
    _, told = asked_of(folder, Say(pod=pod, by=by, text=text.strip(), toward="bed"), IntercomUsed)
    say(f"{pod}: written at {clock(told.onset_s)} by {by}. It is shown there once its sleeper is awake.")
    if as_json:
        give({"pod": pod, "by": by, "onset_s": told.onset_s})


def show(night: str, who: str, *, as_json: bool) -> None:
    """What was written, also in a night that is over."""
    folder = layout.find_night(night)
    beds = sleepers_of(folder)
    pod = next((pod for pod, sleeper in beds.items() if who in {pod, sleeper}), "")
    if not pod:
        known = ", ".join(beds) or "nobody"
        raise UsageError("DL-E114", f"Nobody called {who!r} sleeps here.", why=f"Here: {known}.", do="Name a bed.")
    lines = intercom.written(folder, pod)
    for line in lines:
        say(f"{clock(line.at_s)}  {line.by} to {'the bed' if line.toward == 'bed' else 'the house'}: {line.text}")
    if not lines:
        say("Nothing was written yet.")
    if as_json:
        give([{"at_s": each.at_s, "by": each.by, "toward": each.toward, "text": each.text} for each in lines])
