"""The verbs `now say`, `now said` and `now hush`: what passes between a bed and whoever is awake."""

import msgspec

from dreamloom.cli.by_hand import asked_of, pod_of
from dreamloom.cli.output import clock, give, say
from dreamloom.house import by_hand, intercom, layout, voices
from dreamloom.house.by_hand import End, Say
from dreamloom.house.left_behind import sleepers_of
from dreamloom.house.voices import Heard
from dreamloom.record.room_events import IntercomUsed, VoiceEnded
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
    heard = voices.uses(folder, pod)
    for use in heard:
        say(f"{clock(use.at_s)}  {in_words(use)}")
    if as_json:
        typed = [{"at_s": each.at_s, "by": each.by, "toward": each.toward, "text": each.text} for each in lines]
        give([*typed, *(msgspec.to_builtins(use) for use in heard)])


def in_words(use: Heard) -> str:
    """Who was heard or heard, for how long, and why no longer."""
    what = "heard the room" if use.way == "listen" else "could be heard at the bed"
    slept = "" if use.way == "listen" or use.doze == "awake" else ", although somebody there may have slept"
    if use.lasted_s is None:
        return f"{use.by} {what}{slept}; until {clock(use.until_s)} at the latest."
    return f"{use.by} {what} for {use.lasted_s:.0f} s{slept} ({use.why})."


def hush(night: str, who: str, *, by: str, as_json: bool) -> None:
    """Ends what is heard in the room of this bed."""
    folder = layout.find_night(night)
    pod = pod_of(folder, who)
    going = voices.newest_open(folder, pod)
    if going is None:
        say(f"{pod}: nobody is heard there.")
    else:
        word = End(pod=going.pod, by=by, use=going.use, way=going.way, why="CLOSED", lasted_s=0.0)
        asked_of(folder, word, VoiceEnded)
        say(f"{pod}: {going.by} is not heard there any more, and hears nothing of it.")
    if as_json:
        give({"pod": pod, "ended": None if going is None else going.use})
