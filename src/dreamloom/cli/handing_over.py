"""The verb `handover`: what whoever takes a night over has to know; and `now seen`, that somebody looks after a bed."""

from dreamloom.cli.by_hand import asked_of, pod_of
from dreamloom.cli.output import clock, give, say
from dreamloom.gallery.handover import handover
from dreamloom.house import by_hand, layout
from dreamloom.house.by_hand import Seen
from dreamloom.record.staff_events import NeedSeen


def show(night: str, *, as_json: bool) -> None:
    """The night as it stands."""
    from dreamloom.web.watching import Watched  # late, for all verbs that look at nothing

    folder = layout.find_night(night)
    watched = Watched(folder)
    found = handover(folder.name, watched.now_as(watched.reads_as("orchestrator")))
    say(f"{found.night}, {clock(found.now_s)} into the night, {found.status}. {found.sentence}")
    say(found.duty)
    say(f"Needs somebody: {len(found.needs) or 'nobody'}")
    for need in found.needs:
        who = f"{need.seen_by} looks after it" if need.seen_by else "nobody looks after it yet"
        say(f"  {need.priority:<7}{need.pod}: {need.text}, since {clock(need.since_s)}; {who}")
    for bed in found.beds:
        held = f"; {bed.held} {bed.since}".rstrip() if bed.held else ""
        say(f"  {bed.pod} {bed.sleeper}: {bed.where}{held}")
    for line in found.happened:
        say(f"  {clock(line.at_s)}  {line.pod}: {line.text}")
    if as_json:
        give(found)


def seen(night: str, who: str, need: str, *, by: str, as_json: bool) -> None:
    """Somebody looks after a need of a bed, or after all of them."""
    by_hand.refuse_need(need)
    folder = layout.find_night(night)
    pod = pod_of(folder, who)
    _, told = asked_of(folder, Seen(pod=pod, by=by, need=need), NeedSeen)
    say(f"{pod}: {by} looks after it since {clock(told.onset_s)}. Nobody else is called for it.")
    if as_json:
        give({"pod": pod, "by": by, "need": need, "onset_s": told.onset_s})
