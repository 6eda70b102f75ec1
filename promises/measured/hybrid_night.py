"""Twelve sleepers in one hybrid night: is it rehearsed in a minute, and decided again the same?"""

from collections import Counter
from datetime import UTC, datetime

from promises.kept import Load, scratch
from promises.registry import Measured, promise

MOST_S = 60.0
HOURS = 1.0
CORES = 2
OPENS = datetime(2026, 1, 10, 3, 5, tzinfo=UTC)
"""Just behind the hour from which there is one theme for all."""


@promise(
    "a hybrid night of twelve rehearsed", f"12 sleepers x 8 h who reach each other, on facts, in under {MOST_S:g} s"
)
def hybrid_rehearsal_is_quick() -> Measured:
    """hybrid_night with the relay of `relay`, three of the beds phones, on two cores."""
    from dreamloom.engine.clocks import boot_s
    from dreamloom.house.in_step import live_in_step
    from dreamloom.house.rehearsed_night import TogetherAsked
    from dreamloom.record.events import CueDue, CueLabelled, RelayOffered, SceneEntered
    from dreamloom.testing import hybrid_nights

    load, began_s = Load(), boot_s()
    wanted = TogetherAsked(
        text=hybrid_nights.text_of_both(),
        file="hybrid.yaml",
        beds=hybrid_nights.beds_on_facts(),
        duration_s=8 * 3600,
        seed=hybrid_nights.SEED,
    )
    events = live_in_step(wanted, cores=CORES)
    took_s = boot_s() - began_s
    cued = {event.pod for event in events if isinstance(event, CueDue)}
    unstaged = {event.pod for event in events if isinstance(event, CueLabelled)}
    offers = {event.id for event in events if isinstance(event, RelayOffered)}
    relayed = sum(isinstance(event, CueDue) and event.cause in offers for event in events)
    common = {event.pod for event in events if isinstance(event, SceneEntered) and event.scene == "common"}
    return Measured(
        f"{took_s:.1f} s, cues at {len(cued)} of 12, {relayed} relayed",
        took_s < MOST_S and len(cued) >= 9 and relayed > 0 and len(unstaged) == len(hybrid_nights.PHONES),
        f"{len(common)} came to the common theme, {len(unstaged)} phones were cued unstaged; {load}.",
    )


@promise(
    "a hybrid night of twelve decided again",
    "12 sleepers, three without stages, relays, 4 dropouts, 2 withdrawals: no difference, the same root",
)
def hybrid_night_replays() -> Measured:
    """An hour on samples, decided as it came and again from what was stored; the common scene comes early in it."""
    from dreamloom.adapters.sqlite import read_only
    from dreamloom.house import replaying, running
    from dreamloom.house.layout import House
    from dreamloom.house.run_options import RunOptions
    from dreamloom.record.events import ConsentWithdrawn, CueDue, RelayOffered, SceneEntered, StreamLost
    from dreamloom.testing import hybrid_nights

    folder = scratch("hybrid")
    night = hybrid_nights.night_of_signals(House(folder / "house"), hours=HOURS, folder=folder)
    script = hybrid_nights.withdrawals(HOURS * 3600.0)
    lived = running.run_night(night, RunOptions(speed_x=None, script=script, opens_utc=OPENS))
    with read_only(night.record) as record:
        events = list(record.events())
    again = replaying.replay_night(night)
    counts = Counter(type(event).__name__ for event in events)
    offers = {event.id for event in events if isinstance(event, RelayOffered)}
    relayed = sum(isinstance(event, CueDue) and event.cause in offers for event in events)
    lost = {event.pod for event in events if isinstance(event, StreamLost)}
    common = {event.pod for event in events if isinstance(event, SceneEntered) and event.scene == "common"}
    same = again.first_difference is None and again.result.record_root == lived.record_root
    happened = len(lost) == len(hybrid_nights.DROPOUTS_S) and counts[ConsentWithdrawn.__name__] == 2
    return Measured(
        f"{again.first_difference or 'no difference'}, {counts['CueDue']} cues, {relayed} relayed",
        same and happened and counts["CueDue"] > 0 and len(offers) > 0,
        f"{again.compared} events compared; {len(offers)} offers of a signal; {len(lost)} streams lost, "
        f"{counts['ConsentWithdrawn']} withdrawals; {len(common)} beds in the common scene.",
    )
