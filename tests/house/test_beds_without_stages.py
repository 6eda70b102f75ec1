"""Is a bed that cannot tell stages refused, or played by the clock alone where its author said so, and marked?"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters.edf_writer import EdfStore
from dreamloom.adapters.sqlite import read_only
from dreamloom.cli.happened import in_words
from dreamloom.dreamscape import builtin, reader
from dreamloom.gallery.happenings import BY_THE_CLOCK
from dreamloom.gallery.morning import gather
from dreamloom.gallery.sentences import summary
from dreamloom.house import making, new_night, rehearsing, reporting, supporting
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.rehearsing import RehearsalAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.pod import by_the_clock
from dreamloom.pod.looking import Senses
from dreamloom.pod.player import bits
from dreamloom.pod.state import opening_state
from dreamloom.record.events import AnyEvent, ArousalSeen, CueDue, CueLabelled, CuePlayed, SleepOnsetSeen, StageScored
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.testing.nights import EAGER, grant_for, plan_of
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary import chance
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import NightTime

RATE_HZ = 50
BODY = (Channel("EMG chin", "EMG"), Channel("Body movement", "MOTION"))
FALLBACK = "else: {pod: phone, when: {after_lights_off: 20 s, for: 30 s, because: ours}, label: unstaged}"
CLOCKED = EAGER.replace("    play: chord\n", f"    {FALLBACK}\n    play: chord\n")


def second(index: int, *, size: float = 1.0) -> GridSecond:
    samples_uv = size * chance.stream(1, "body", index).normal(0.0, 5.0, (RATE_HZ, 2))
    stored = Quantiser.of(BODY).digital(samples_uv)
    return GridSecond(index, stored, stored / 10.0, np.zeros(RATE_HZ, dtype=bool), NightTime(index + 1.0))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A minute of a chin and of movement; no EEG."""
    path = tmp_path / "body.edf"
    store = EdfStore(path, BODY, RATE_HZ, onset_s=NightTime(0.0))
    for index in range(60):
        store.append(second(index))
    store.close()
    return path


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def night_of(tmp_path: Path, recording: Path, text: str) -> NightFolder:
    return making.night_of_recording(House(tmp_path / "house"), recording, written(tmp_path, text), seed=1)


def events_of(night: NightFolder) -> list[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


def test_a_bed_without_eeg_is_refused_for_a_gate_on_rem_with_the_evidence(tmp_path: Path, recording: Path) -> None:
    night = night_of(tmp_path, recording, EAGER)
    with pytest.raises(RefusedError, match=r"DL-E534 Bed p1 cannot support .* REM sleep: it has no EEG") as refused:
        run_night(night, RunOptions(speed_x=None))
    assert "21 %" in refused.value.why
    assert "label: unstaged" in refused.value.do
    assert not night.record.exists()


def test_new_refuses_the_same_bed_and_writes_nothing(tmp_path: Path, recording: Path) -> None:
    wanted = new_night.NightWanted(sources=[f"edf:{recording}"], dreamscape=written(tmp_path, EAGER), timezone="UTC")
    with pytest.raises(RefusedError, match="DL-E534"):
        new_night.new_night(NightFolder(tmp_path / "tonight"), wanted)
    assert not (tmp_path / "tonight").exists()
    clocked = new_night.NightWanted(sources=wanted.sources, dreamscape=written(tmp_path, CLOCKED), timezone="UTC")
    assert new_night.new_night(NightFolder(tmp_path / "tonight"), clocked).night_toml.exists()


def test_a_declared_fallback_plays_by_the_clock_under_every_other_veto_and_is_marked_everywhere(
    tmp_path: Path, recording: Path
) -> None:
    night = night_of(tmp_path, recording, CLOCKED)
    run_night(night, RunOptions(speed_x=None))
    events = events_of(night)
    assert not [event for event in events if isinstance(event, StageScored)]
    due = [event for event in events if isinstance(event, CueDue)]
    assert [event.onset_s for event in due] == [20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 44.0, 48.0]
    assert [event.cause for event in events if isinstance(event, CueLabelled)] == [event.id for event in due]
    assert [event.cause for event in events if isinstance(event, CuePlayed)] == [event.id for event in due]
    (pod,) = gather(events, night="n", zone=None, verdict=RefusedError("DL-E500", ""), compared_root=None).pods
    assert "8 of them unstaged, by the clock alone" in summary(pod)
    assert BY_THE_CLOCK in [each.words for each in pod.happenings]
    assert "UNSCORED, unstaged" in reporting.write_report(night).read_text(encoding="utf-8")
    assert [line for event in events if "unstaged" in (line := in_words(event))]
    assert replay_night(night).first_difference is None


def test_a_sleeper_who_did_not_agree_to_the_stage_that_is_hoped_for_hears_nothing(
    tmp_path: Path, recording: Path
) -> None:
    night = night_of(tmp_path, recording, CLOCKED)
    consent = night.consent_toml.read_text(encoding="utf-8")
    night.consent_toml.write_text(consent.replace('stages = ["R"]', 'stages = ["N2"]'), encoding="utf-8")
    result = run_night(night, RunOptions(speed_x=None))
    assert (result.cues_played, set(result.withheld_by_reason)) == (0, {"CONSENT"})


def test_an_awake_sound_waits_for_ever_where_no_stage_is_told() -> None:
    plan, _ = plan_of()
    grant = grant_for(plan, stages=("W", "R"))
    staged = bits(opening_state(plan, grant, None), NightTime(1.0), senses=Senses())
    unstaged = bits(opening_state(replace(plan, unstageable=True), grant, None), NightTime(1.0), senses=Senses())
    assert (staged[Bit.NOT_AWAKE], unstaged[Bit.NOT_AWAKE]) == (False, True)
    assert not unstaged[Bit.STAGE]
    assert not unstaged[Bit.STAGE_STALE]


def test_ten_minutes_without_movement_are_sleep_onset_and_a_movement_holds_cues() -> None:
    bed = by_the_clock.start(BODY)
    told: list[AnyEvent] = []
    for index in range(700):
        bed, facts, _ = by_the_clock.seen(bed, second(index, size=20.0 if index in {60, 61, 680} else 1.0))
        told += facts
        assert bed.stirring is (60 <= index <= 63 or 680 <= index <= 682)
    assert [(type(fact), fact.onset_s) for fact in told] == [
        *((ArousalSeen, 61.0), (SleepOnsetSeen, 662.0), (ArousalSeen, 681.0)),
    ]


def test_check_tells_for_each_kind_of_pod_whether_it_is_staged_unstaged_or_refused() -> None:
    def plays(name: str) -> dict[str, str]:
        asked = reader.read(builtin.load(name)[0], file="a.yaml")
        rows = [row for bed in supporting.OF_KINDS.values() for row in supporting.data_of(asked, bed)]
        return {str(row["pod"]): str(row["plays"]) for row in rows}

    assert plays("nightmare_rem_tmr") == {
        "headband": "staged", "watch": "unstaged", "phone": "unstaged", "speaker": "refused",
    }  # fmt: skip
    assert plays("tlr_phone") == {}


@pytest.mark.slow
@pytest.mark.slow
def test_a_phone_is_rehearsed_by_the_clock_and_refused_where_nobody_said_how() -> None:
    asked = RehearsalAsked(text=CLOCKED, file="a.yaml", presets=["typical"], sleepers=1, hours=0.1, pod="phone")
    (bed,) = rehearsing.rehearse(asked).beds
    assert bed.unstaged == bed.cues == 8
    refused = RehearsalAsked(text=EAGER, file="a.yaml", sleepers=1, hours=0.1, pod="phone")
    with pytest.raises(RefusedError, match="DL-E534 A phone cannot support"):
        rehearsing.rehearse(refused)
