"""How does a night run from its folder to its end? Opens or reopens it, turns it, closes it, sums it up."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import SqliteLedger, open_ledger
from dreamloom.engine.clocks import boot_s, utc_now
from dreamloom.engine.loop import NightEngine
from dreamloom.engine.supervise import Status, each_in_turn, supervise
from dreamloom.house import house_rules, opening, resuming
from dreamloom.house.asked import Asked
from dreamloom.house.assembling import Assembly, Opened
from dreamloom.house.awake import awake
from dreamloom.house.battery_watch import refuse_last_drop
from dreamloom.house.beds import beds_taken
from dreamloom.house.cueing_holds import refuse_held_cueing
from dreamloom.house.disk_watch import refuse_small_disk, reserve
from dreamloom.house.glance import glance
from dreamloom.house.house_record import HouseClerk
from dreamloom.house.kept_room import KeptRoom
from dreamloom.house.layout import NightFolder
from dreamloom.house.retention import keep_to_times
from dreamloom.house.run_options import RunOptions
from dreamloom.house.same_files import as_it_opened
from dreamloom.house.standing_consent import refuse_ended_grants
from dreamloom.house.stored_files import closed_files
from dreamloom.house.study_stop import refuse_stopped_study
from dreamloom.house.trial_tonight import trial_tonight
from dreamloom.house.trial_verifying import is_blind
from dreamloom.house.verifying import origin_of
from dreamloom.house.witnessing import WitnessClerk, refuse_other_history, set_aside
from dreamloom.record.events import AnyEvent, CuePlayed, CueWithheld, StageScored, TrialNightBegun
from dreamloom.record.roots import record_root
from dreamloom.vocabulary.errors import DreamloomError, Interrupted
from dreamloom.vocabulary.units import EPOCH_S

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""A night started with nohup ignores the hang-up, and goes on when its terminal is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightResult:
    """A night in numbers; `epochs` counts every pod's 30-s epochs, `cues_withheld` every occasion let pass.

    `trial` is which night of which trial it is; `is_blind` while its arms are sealed: then its counts tell too much.
    """

    night: str
    epochs: int
    cues_played: int
    cues_withheld: int
    record_root: str
    speed_x: float
    folder: Path
    withheld_by_reason: dict[str, int]
    trial: TrialNightBegun | None = None
    is_blind: bool = False


def run_night(folder: NightFolder, options: RunOptions) -> NightResult:
    """Runs the night in this folder to its end; a broken one goes on, silent.

    Raises:
        ConfigError, StreamError, RefusedError: before anything was opened.
        Interrupted: a person stopped it; it is closed and whole.
        RecordError: the disk is too full or refused; sound stopped first, and the night goes on when it is run again.
    """
    asked = opening.read_asked(folder)
    seen = glance(folder)
    if seen.is_over:
        raise resuming.closed(folder)
    if options.speed_x == 1.0:
        refuse_last_drop(options.battery())
    refuse_small_disk(folder, len(asked.night.pod), options.free_mb)
    refuse_stopped_study(asked)
    refuse_held_cueing(asked)
    if seen.opened is None:
        refuse_ended_grants(asked, options.opens_utc or utc_now())
        asked = replace(asked, policy=house_rules.in_force(folder.house))
        set_aside(folder, warn=options.warn)
    else:
        asked = as_it_opened(asked)
        refuse_other_history(folder)
    _keep_to_times(folder, options)
    trial = trial_tonight(
        asked, goes_on=seen.opened is not None, utc_s=utc_now().timestamp(), is_live=options.speed_x == 1.0
    )
    if seen.opened is None and asked.policy is not None:
        house_rules.lay_beside(folder, asked.policy)
    kept = KeptRoom(folder.kept_room, reserve(len(asked.night.pod)).to_record_mb)
    with _record_of(asked) as (ledger, vault), beds_taken(folder.house, asked.sleeper_of), awake(options), kept as room:
        past = resuming.read_past(ledger.events(), folder)
        clerk = HouseClerk(folder, warn=options.warn)
        witnesses = WitnessClerk(folder, asked.sleeper_of, public=ledger.public_key, warn=options.warn)

        def hear(_: int, events: Sequence[AnyEvent], __: object) -> None:
            clerk.hear(events)
            witnesses.hear(events)

        heard = replace(options, listeners=[*options.listeners, hear])
        with closing(witnesses), closing(clerk):
            assembly = Assembly(asked, past, ledger=ledger, vault=vault, options=heard, room=room, trial=trial)
            return _run(assembly, ledger, folder, clerk)


def _keep_to_times(folder: NightFolder, options: RunOptions) -> None:
    """At every opening; whatever hinders it does not hinder a night, and it is tried again at the next."""
    try:
        gone = keep_to_times(folder.house, but=folder)
    except (DreamloomError, OSError) as error:
        options.warn(f"What is kept past its time could not be taken away: {error}")
        return
    if gone:
        nights = len({each.folder.name for each in gone})
        options.warn(
            f"Taken away, as their time was over or they were not to be kept: data of {nights} earlier nights."
        )


def _run(assembly: Assembly, ledger: SqliteLedger, folder: NightFolder, clerk: HouseClerk) -> NightResult:
    opened = assembly.open()
    engine, began_s, first_tick = opened.engine, boot_s(), opened.engine.tick
    with _stoppable(engine):
        supervise(lambda: _turn(opened), end=lambda status, reason: _end(opened, status, reason))
    took_s = max(boot_s() - began_s, 1e-9)
    events = list(ledger.events())
    clerk.hear(events)
    if opened.disk.full is not None:
        raise opened.disk.full
    if engine.stopped is not None:
        raise Interrupted(
            "DL-E130",
            f"The night was stopped: {engine.stopped}. Sound was faded first.",
            still=f"The record and the signals are whole; see: dreamloom report {folder.root}",
        )
    return summarise(folder, events, speed_x=(engine.tick - first_tick) / took_s)


def summarise(folder: NightFolder, events: Sequence[AnyEvent], *, speed_x: float) -> NightResult:
    """Counts what stands in a record."""
    withheld: dict[str, int] = {}
    epochs = played = 0
    for event in events:
        match event:
            case StageScored() if event.onset_s % EPOCH_S == 0:
                epochs += 1
            case CueWithheld():
                withheld[event.reason] = withheld.get(event.reason, 0) + event.count
            case CuePlayed():
                played += 1
            case _:
                pass
    return NightResult(
        night=folder.name,
        epochs=epochs,
        cues_played=played,
        cues_withheld=sum(withheld.values()),
        record_root=record_root(events),
        speed_x=round(speed_x, 1),
        folder=folder.root,
        withheld_by_reason=dict(sorted(withheld.items())),
        trial=next((event for event in events if isinstance(event, TrialNightBegun)), None),
        is_blind=is_blind(folder, events),
    )


def _turn(opened: Opened) -> str:
    """Returns why it was over."""
    opened.engine.open(opened.first_words)
    opened.engine.run()
    return "its time was over" if opened.engine.is_cut_short else "every bedside has finished"


def _end(opened: Opened, status: Status, reason: str) -> None:
    """Silence, files, record: in this order, whatever ended the night and whatever fails on the way.

    A night that failed is not over: it stays open, and goes on, silent, when it is opened again. Only an ending that
    somebody meant closes it, as failed where the ending itself did. Nor is one over that had no room left.
    """
    engine, stored = opened.engine, list[AnyEvent]()
    opened.disk.room.give_back()
    if status == "failed" or opened.disk.full is not None:
        engine.leave_open()
        return

    def tell(pod: str) -> None:
        stored.extend(closed_files(pod, opened.stores[pod], engine.tick))

    told: Status = "failed"
    why = "its beds or files could not be closed"
    try:
        each_in_turn([engine.close_bedsides, *(partial(tell, pod) for pod in sorted(opened.stores))])
        told, why = ("interrupted", engine.stopped) if engine.stopped else (status, reason)
    finally:
        engine.close(status=told, reason=why, stored=stored)


@contextmanager
def _record_of(asked: Asked) -> Iterator[tuple[SqliteLedger, FolderVault]]:
    folder, sleeper_of = asked.folder, asked.sleeper_of
    vault = FolderVault(folder.house.keys)
    ledger = open_ledger(
        folder.record,
        origin=origin_of(folder),
        vault=vault,
        subject_of=lambda event: sleeper_of.get(event.pod or "", "house"),
    )
    try:
        yield ledger, vault
    finally:
        if not ledger.size:  # whatever failed, failed before the first word: no half-made night is left behind
            folder.record.unlink(missing_ok=True)
        ledger.close()


@contextmanager
def _stoppable(engine: NightEngine) -> Iterator[None]:
    """The first Ctrl-C, SIGTERM or hang-up silences and closes the night; the second ends the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: FrameType | None) -> None:
        engine.stop("Ctrl-C" if number == signal.SIGINT else "asked to end")
        signal.signal(number, before[signal.Signals(number)])

    heard = [number for number in ENDING_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
