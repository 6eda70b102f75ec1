"""How are the parts of one opening put together? Sources, stores, tracks, states and speakers into one engine."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from dreamloom.adapters.arrivals import arrivals_beside
from dreamloom.adapters.brainflow.source import BrainFlowSource
from dreamloom.adapters.edf_writer import EdfStore
from dreamloom.adapters.live_samples import LiveSamples
from dreamloom.adapters.lsl.opened import Opened as OpenedStream
from dreamloom.adapters.marks import NightMarks
from dreamloom.adapters.recovery import next_segment_path
from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.sqlite import SqliteLedger
from dreamloom.adapters.trees import TreeStager
from dreamloom.dreamscape.obeyed import asks_for_eyes
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.clocks import utc_now
from dreamloom.engine.gatekeeper import Gatekeeper, OrderDesk
from dreamloom.engine.intake import LiveIntake
from dreamloom.engine.loop import NightEngine, Watch
from dreamloom.house import enrolment, eye_calibrations, opening_events, pod_consent, resuming, training, withdrawing
from dreamloom.house.arming import ACTIVE, Arms, FixedArms, TrialArms
from dreamloom.house.asked import Asked
from dreamloom.house.bed_speakers import BedSpeakers
from dreamloom.house.bound_outputs import found_outputs
from dreamloom.house.by_hand import HandWatch
from dreamloom.house.companions import open_marks, refuse_dark_beds
from dreamloom.house.disk_watch import DiskWatch
from dreamloom.house.eligible import eligible, unasked
from dreamloom.house.first_words import FirstWords
from dreamloom.house.foreseen import foreseen
from dreamloom.house.groups import odd_groups, uncounted
from dreamloom.house.house_rules import adopted_word, with_a_watch
from dreamloom.house.kept_room import KeptRoom
from dreamloom.house.machine_lookouts import at_the_machine
from dreamloom.house.night_file import PodAsked
from dreamloom.house.opening_clock import clock_of
from dreamloom.house.outlook import all_of, noticed_by, scripted
from dreamloom.house.page_watch import PageNow, PageWatch
from dreamloom.house.pager import pager_of
from dreamloom.house.plug_in_stagers import plug_in
from dreamloom.house.pod_consent import PodConsent
from dreamloom.house.practised import questions_of
from dreamloom.house.resuming import Past
from dreamloom.house.run_options import RunOptions
from dreamloom.house.sealing import ArmSealer
from dreamloom.house.sounds_at_bed import SoundsAtBed, lay_down
from dreamloom.house.sources import SourceRequest, listen, open_boards, open_source
from dreamloom.house.starting_states import starting_night, starting_pod, starting_tracks, starting_waves
from dreamloom.house.stored_files import mended_files
from dreamloom.house.supporting import Bed, bed_of, refuse_unsupported
from dreamloom.house.trial_tonight import TrialTonight
from dreamloom.house.tuned import tuned
from dreamloom.house.waves_foreseen import unmeasured
from dreamloom.house.withdrawal_watch import WithdrawalWatch
from dreamloom.pod import tracking
from dreamloom.pod.by_the_clock import Unstaged
from dreamloom.pod.loop import Pod
from dreamloom.ports import Hears, SignalSource, Stager, Vault
from dreamloom.record.events import (
    AnyEvent,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
)
from dreamloom.seals.notes import public_key
from dreamloom.signals.blocks import StreamInfo
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond

SET_BACK = "The wall clock was set back while the night was broken: it goes on behind what it has recorded."


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One opening, built and not yet moving.

    Attributes:
        first_words: what the house says before the first tick.
        stores: each pod's signal file.
        disk: says why the night has to stay open, where there is no room to close it.
    """

    engine: NightEngine
    first_words: list[AnyEvent]
    stores: dict[str, EdfStore]
    disk: DiskWatch


class Assembly:
    """Builds an opening of a night from what was asked for and what already happened."""

    def __init__(  # noqa: PLR0913 - everything an opening is made of, by name
        self,
        asked: Asked,
        past: Past,
        *,
        ledger: SqliteLedger,
        vault: Vault,
        options: RunOptions,
        room: KeptRoom,
        trial: TrialTonight | None = None,
    ) -> None:
        self._trial = trial
        self._asked = asked
        self._past = past
        self._ledger = ledger
        self._vault = vault
        self._options = options
        self._room = room
        self._utc = options.opens_utc or utc_now()
        resuming.refuse_long_break(asked.folder, past, self._utc, options.speed_x)
        self._marks: NightMarks | None = None
        with ExitStack() as undo:  # takes seconds, none of them the night's
            self._lsl = listen(asked.night.pod, speed_x=options.speed_x, known=past.known_devices())
            _close_on(undo, self._lsl)
            self._boards = open_boards(asked.night.pod, goes_on=bool(past.boot))
            _close_on(undo, self._boards)
            self._outputs, self._without_output = (
                found_outputs(asked, past, warn=options.warn) if options.speed_x == 1.0 else ({}, set[str]())
            )
            devices = {pod: output.id for pod, output in self._outputs.items()}
            self._tuned = tuned(asked.folder, asked.night.pod, devices, past)
            undo.pop_all()
        asked = replace(self._tuned.asked(asked), eligible=eligible(asked, past.events))
        self._utc = options.opens_utc or utc_now()
        self._opened_utc: datetime = past.opened_utc or self._utc
        self._asked = asked.resolved_at(self._opened_utc)
        odd = [*asked.odd_times(self._opened_utc), *odd_groups(asked.night.pod, asked.dreamscape)]
        odd += uncounted(asked.night.pod, asked.dreamscape, asked.grants)
        odd += [*asked.unspoken(), *asked.unwoken(self._opened_utc), *self._tuned.told()]
        odd += [*training.not_held(asked), *unasked(asked, asked.eligible)]
        for line in odd if past.opened_utc is None else ():
            options.warn(line)
        self._clock, self._first_tick, self._from_s = clock_of(past, self._utc, options)
        if past.is_ahead_of(self._utc, options.speed_x):
            options.warn(SET_BACK)
        self._first_s = NightTime(float(self._first_tick))
        self._now_s = to_microsecond(self._clock.now_s()) if options.speed_x is not None else self._first_s
        self._words = FirstWords(
            asked=self._asked,
            past=past,
            tuned=self._tuned,
            outputs=self._outputs,
            without_output=self._without_output,
            first_s=self._first_s,
            rearm=options.rearm,
            warn=options.warn,
        )
        self._stagers: dict[str, Stager] = {}
        self._plug_in = plug_in(asked.night.stager)
        self._stores: dict[str, EdfStore] = {}
        self._source_names: dict[str, str] = {}
        self._sources: dict[str, SignalSource] = {}
        self._pages: dict[str, Callable[[], PageNow]] = {}
        self._sealer = ArmSealer(
            vault=vault,
            origin=ledger.origin,
            sleeper_of=asked.sleeper_of,
            arms=self._arms(),
            sounds=asked.sounds,
            own_sounds=asked.own_sounds,
            dreamscape=asked.dreamscape,
        )
        self._sealer.go_on(past.events)
        still_in = {pod: who for pod, who in asked.sleeper_of.items() if not past.withdrawn(pod)}
        self._withdrawals = WithdrawalWatch(asked.folder.house, asked.folder.name, still_in)

    def _arms(self) -> Arms:
        asked, trial = self._asked, self._trial
        if trial is None:
            return FixedArms(dict.fromkeys(asked.sleeper_of, ACTIVE), asked.dreamscape)
        return TrialArms(
            trial.secret, trial.begun.trial_night, sleeper_of=asked.sleeper_of, dreamscape=asked.dreamscape
        )

    def open(self) -> Opened:
        """Opens every source, file and speaker.

        Raises:
            StreamError, ConfigError: when one cannot be opened; nothing is left open then, and no new file lies there.
        """
        with ExitStack() as undo:
            opened = self._open(undo)
            undo.pop_all()
        return opened

    def _open(self, undo: ExitStack) -> Opened:
        _close_on(undo, self._lsl)
        _close_on(undo, self._boards)
        asked, options = self._asked, self._options
        if options.speed_x == 1.0:
            refuse_dark_beds(asked.night, asked.dreamscape, options.warn)
            self._marks = open_marks(asked.night, asked.folder.name, self._clock.now_s)
            if self._marks is not None:
                undo.callback(self._marks.close)
        withdrawing.follow_sleepers(asked.folder.house, asked.folder.name, asked.sleeper_of)
        bedsides = self._bedsides(undo)

        def stop(reason: str) -> None:
            engine.stop(reason)

        self._pager = pager_of(
            asked.night,
            call=options.call,
            is_live=options.speed_x == 1.0,
            is_sealed=self._trial is not None,
            warn=options.warn,
        )
        disk = DiskWatch(asked.folder, asked.sleeper_of, options.free_mb, room=self._room, warn=options.warn, stop=stop)
        engine = NightEngine(
            clock=self._clock,
            bedsides=bedsides,
            night=starting_night(asked, self._past, opened_utc=self._opened_utc),
            offer=asked.offer,
            ledger=self._ledger,
            watch=self._watch(disk, stop),
            seal=self._sealer.seal,
            first_tick=self._first_tick,
            last_tick=None if options.until_s is None else int(options.until_s) - 1,
            speed_x=options.speed_x,
            listeners=[*options.listeners, *([self._pager.hear] if self._pager else [])],
            desk=OrderDesk(
                night=asked.folder.name,
                policy_sha256=asked.policy_sha256,
                seed=self._vault.signing_key(),
                boot=self._past.boot,
            ),
        )
        words: list[AnyEvent] = [] if self._past.is_opened else [opening_events.night_opened(asked, self._source_names)]
        words.append(opening_events.host_described(asked, onset_s=self._now_s, utc=self._utc, speed_x=options.speed_x))
        if not self._past.is_opened:
            words.extend([] if asked.policy is None else [adopted_word(asked.policy, onset_s=self._now_s)])
            words.extend(opening_events.sounds_described(asked, self._now_s))
            words.extend([self._trial.begun] if self._trial else [])
        words.extend(opening_events.on_duty(asked.night, self._now_s))
        words.extend(mended_files(self._past.segments, self._past.events, self._first_tick))
        return Opened(engine=engine, first_words=words, stores=self._stores, disk=disk)

    def _bedsides(self, undo: ExitStack) -> dict[str, Bedside]:
        """All sources first: one that cannot be opened ends the attempt before a file or a speaker is made."""
        sources = self._sources
        for pod in self._asked.night.pod:
            request = SourceRequest(
                folder=self._asked.folder.root,
                seed=self._asked.night.simulation_seed,
                from_s=self._from_s,
                block_samples=self._options.block_samples,
                in_pieces=self._options.speed_x == 1.0 and bool(self._asked.plan.phased),
                lsl=self._lsl.get(pod.id),
                board=self._boards.get(pod.id),
                now_s=self._clock.now_s,
            )
            sources[pod.id], self._source_names[pod.id] = open_source(pod, request)
            undo.callback(sources[pod.id].close)
        self._foresee({pod: bed_of(source.stream) for pod, source in sources.items()})
        tracks = {
            pod.id: starting_tracks(
                sources[pod.id].stream,
                self._past,
                pod.id,
                stager=self._stager,
                calibrated=self._words.eyes_of(pod),
                plug_in=self._plug_in,
            )
            for pod in self._asked.night.pod
        }
        for pod in self._asked.night.pod:
            grant = self._asked.grant_of(pod)
            if asks_for_eyes(self._asked.dreamscape) or (grant is not None and grant.withdraw_by_eyes):
                amiss = eye_calibrations.warning(pod.id, sources[pod.id].stream, self._words.eyes_of(pod))
                if amiss:
                    self._options.warn(amiss)
        self._lay_down_sounds()
        self._known = enrolment.at_opening(self._asked.folder.house, self._asked.sleeper_of, warn=self._options.warn)
        speakers, bedsides = self._speakers(), {}
        for pod in self._asked.night.pod:
            source = sources[pod.id]
            store = self._store(pod.id, source.stream)
            undo.callback(_discard, store)
            speaker = speakers.open(pod.id, source, undo)
            if isinstance(source, SimulatedSource) and source.spec.with_ears:
                source.practise(questions_of(self._asked.dreamscape))
                self._tell_past(pod.id, source)
            bed_pod, was_slow = with_a_watch(self._pod(pod, tracks[pod.id]), live=self._options.speed_x == 1.0)
            bed = Bedside(
                bed_pod,
                intake=LiveIntake(
                    self._options.lead(pod.id, source),
                    store,
                    from_s=self._from_s,
                    ahead_s=self._ahead_s(source.stream),
                    drafts=self._options.speed_x == 1.0,
                    shows=self._shows(pod.id, source.stream, undo),
                ),
                speaker=speaker,
                choose=SoundsAtBed(self._asked.folder.house.pod(pod.id), self._sealer).choose,
                gate=self._gate(pod.id),
                output=self._words.output_of(pod),
                tell_phase=self._sealer.tell_phase,
                was_slow=was_slow,
                keep_no=partial(self._keep_no, pod.id),
            )
            if pod.id in self._without_output:
                bed.silence()
            for known_s, event in self._words.words(pod, source, named=self._source_names[pod.id]):
                bed.post(known_s, event)
            bedsides[pod.id] = bed
        return bedsides

    def _lay_down_sounds(self) -> None:
        asked = self._asked
        sounds = {
            asked.folder.house.pod(pod.id): [*asked.sounds.values(), *asked.own_sounds.get(pod.id, {}).values()]
            for pod in asked.night.pod
        }
        lay_down(sounds, warn=self._options.warn)

    def _gate(self, pod: str) -> Gatekeeper:
        """Lets in what this house signs for this bed, and nothing else."""
        return Gatekeeper(
            night=self._asked.folder.name,
            pod=pod,
            policy_sha256=self._asked.policy_sha256,
            public=public_key(self._vault.signing_key()),
            boot=self._past.boot,
            standing=partial(_standing, self._known[pod], self._asked.folder.house.pod(pod).revoked),
        )

    def _shows(self, pod: str, stream: StreamInfo, undo: ExitStack) -> LiveSamples | None:
        """Where views look at what this bed shows; a night that goes as fast as it can has no onlookers."""
        if self._options.speed_x is None:
            return None
        try:
            live = LiveSamples(self._asked.folder.live(pod), stream)
        except OSError as error:
            self._options.warn(f"What {pod} shows cannot be looked at tonight: {error.strerror}. Nothing else changes.")
            return None
        undo.callback(live.close)
        return live

    def _keep_no(self, pod: str, no: ConsentWithdrawn) -> None:
        """A no that the bed itself heard, on the disk as well; the bed is silent whatever becomes of that."""
        self._withdrawals.kept(pod)
        night = self._asked.folder
        try:
            withdrawing.withdraw(night.house, night=night.name, pod=pod, sleeper=no.sleeper, channel=no.channel)
        except (OSError, RecordError) as error:
            self._options.warn(f"{no.sleeper} withdrew, and the file beside {pod} could not be written: {error}")

    def _foresee(self, beds: Mapping[str, Bed]) -> None:
        """Refuses a bed that cannot support its gates, then says what the gates of the others will cost."""
        for pod, bed in beds.items():
            refuse_unsupported(self._asked.dreamscape, bed, name=f"Bed {pod}")
        if self._options.tell is not None and not self._past.boot:
            self._options.tell(foreseen(self._asked.dreamscape, beds))
        outputs = {
            pod.id: self._words.output_of(pod) for pod in self._asked.night.pod if self._words.timed(pod) is None
        }
        for line in unmeasured(self._asked.dreamscape, {bed: output for bed, output in outputs.items() if output}):
            self._options.warn(line)

    def _ahead_s(self, stream: StreamInfo) -> Seconds:
        return Seconds((self._options.block_samples or 0) / stream.sfreq_hz)

    def _stager(self, kind: str) -> Stager:
        if kind not in self._stagers:
            self._stagers[kind] = TreeStager(kind)
        return self._stagers[kind]

    def _store(self, pod: str, stream: StreamInfo) -> EdfStore:
        folder = self._asked.folder
        folder.signals.mkdir(exist_ok=True)
        path = next_segment_path(folder.signals, pod)
        store = EdfStore(path, stream.channels, stream.grid_hz, onset_s=self._first_s)
        self._stores[pod] = store
        return store

    def _pod(self, pod: PodAsked, tracks: tracking.Tracking | Unstaged) -> Pod:
        at_bed = self._asked.folder.house.pod(pod.id)
        night = self._asked.folder.name
        asked = PodConsent(night=night, pod=pod.id, sleeper=pod.sleeper, grant=self._asked.grant_of(pod))
        pod_consent.keep(at_bed, asked, self._vault)
        grant = pod_consent.held(at_bed, night=night, vault=self._vault).grant
        asked_here = self._asked.at(bed_of(self._sources[pod.id].stream), pod)
        timed, stream = self._words.timed(pod), self._sources[pod.id].stream
        output_s = Seconds(timed.delay_s) if timed else None
        phases = starting_waves(asked_here, stream, self._past, pod.id, output_s=output_s)
        return starting_pod(
            asked_here, self._past, pod, tracks, grant=grant, opened_utc=self._opened_utc, stream=stream, phases=phases
        )

    def _speakers(self) -> BedSpeakers:
        folder = self._asked.folder
        return BedSpeakers(
            self._asked,
            tuned=self._tuned,
            outputs=self._outputs,
            words=self._words,
            marks=self._marks,
            clock=self._clock,
            pages=self._pages,
            is_live=self._options.speed_x == 1.0,
            sound=folder.sound if self._trial is None else folder.house.sealed_sound(folder.name),
            warn=self._options.warn,
        )

    def _tell_past(self, pod: str, ear: Hears) -> None:
        """What this simulated sleeper heard before the night broke off: its samples depend on every sound so far."""
        played = {event.cause for event in self._past.events if isinstance(event, CuePlayed)}
        for event in self._past.events:
            if not isinstance(event, CueDue) or event.pod != pod or event.id not in played:
                continue
            sound = self._sealer.sound_of(event)
            if sound is not None and sound.frames.any():
                ear.hear(NightTime(event.play_at_s), sound.duration_s, Decibels(event.level_db), sound.name)

    def _watch(self, disk: DiskWatch, stop: Callable[[str], None]) -> Watch:
        """Withdrawals from the disk, what sources noticed, the machine, and what a script says at its time."""
        options = self._options
        by_hand = HandWatch(self._asked.folder, self._asked, tell_note=self._sealer.tell_note)
        lookouts: list[Watch] = [self._withdrawals, noticed_by(self._sources), disk, by_hand]
        lookouts += [self._pager] if self._pager else []
        if options.speed_x == 1.0:
            lookouts += at_the_machine(self._asked, options, tuned=self._tuned, stop=stop)
            lookouts.append(PageWatch(self._pages, {pod: each.id for pod, each in self._outputs.items()}))
        return all_of(*lookouts, scripted(options.script), *options.lookouts)


def _standing(at_opening: enrolment.Known, revoked: Path) -> Literal["UNENROLLED", "REVOKED"] | None:
    """As it was when the night opened, and revoked since then."""
    if at_opening != "enrolled":
        return at_opening
    return "REVOKED" if revoked.exists() else None


def _close_on(undo: ExitStack, devices: Mapping[str, OpenedStream | BrainFlowSource]) -> None:
    """Lets go of these devices when the night does not begin."""
    for device in devices.values():
        undo.callback(device.close)


def _discard(store: EdfStore) -> None:
    """Ends and removes the files of an opening that did not come about: they hold nothing."""
    store.close()
    for path in (store.path, arrivals_beside(store.path)):
        path.unlink(missing_ok=True)
