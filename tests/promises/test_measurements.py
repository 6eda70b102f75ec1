"""A measurement that cannot fall short measures nothing: each judge is shown a product that breaks its promise."""

import json
import shutil
from collections import Counter

import pytest

from dreamloom.adapters.edf import EdfSource, describe
from dreamloom.house import recordings, running
from dreamloom.house.layout import House
from dreamloom.house.run_options import RunOptions
from dreamloom.house.verifying import verify_night
from dreamloom.record import events
from dreamloom.record.verdict import Verdict
from dreamloom.testing import odd_rates, rearming, tampering
from dreamloom.testing.forgeries import CHANGES
from dreamloom.testing.signals import on_grid
from dreamloom.vocabulary.units import NightTime
from promises import bad_inputs
from promises.bad_inputs import BadInput
from promises.kept import of_type, scratch, without_host
from promises.measured import (
    bad_input,
    clocks_and_losses,
    headbands,
    lsl_streams,
    memory,
    order_and_causality,
    real_recording,
    small_disk,
)
from promises.measured import tampering as tampering_promises


@pytest.fixture(scope="module")
def whole_house(tmp_path_factory):
    night = bad_inputs.write_night(tmp_path_factory.mktemp("promises") / "house")
    running.run_night(night, RunOptions(speed_x=None))
    return night.house.root


@pytest.fixture
def night(whole_house, tmp_path):
    shutil.copytree(whole_house, tmp_path / "house")
    return House(tmp_path / "house").night("night")


# --- what is fed in ------------------------------------------------------------------------------------------------


def test_the_copy_with_gaps_lacks_exactly_the_seconds_taken_out(tmp_path):
    path = tmp_path / "gaps.edf"
    real_recording.write_with_gaps(path, ((10, 30), (4000, 4001)))
    source = EdfSource(path)
    seconds, gaps, _ = on_grid(source.read(NightTime(1e9)), source.stream)
    assert [(gap.onset_s, gap.duration_s) for gap in gaps] == [(10.0, 20.0), (4000.0, 1.0)]
    assert len(seconds) == 5026


def test_a_cut_recording_is_the_start_of_the_whole_one(tmp_path):
    path = order_and_causality.cut_recording(tmp_path / "cut.edf", 61)
    assert describe(path).duration_s == 61
    whole = recordings.bundled().read_bytes()
    assert path.read_bytes()[768:] == whole[768 : 768 + 61 * 320]


def test_a_lossy_hand_drops_the_share_it_is_asked_to():
    source = EdfSource(recordings.bundled())
    handed = odd_rates.Handed(source.stream, loss_share=0.1, seed=3)
    handed.hand(source.read(NightTime(600.0)))
    came = sum(len(block.samples) for block in handed.read(NightTime(600.0)))
    assert came == handed.given - handed.lost
    assert handed.lost == pytest.approx(0.1 * handed.given, rel=0.05)


def test_every_kind_of_tampering_changes_the_record(night):
    tried = []

    def look(folder):
        with tampering.read_only(folder.record) as record:
            ids, _ = record.ids_and_leaves()
            tried.append((list(record.rows()), record.checkpoints(), ids, [record.payload(i) for i in ids]))
        return verify_night(folder)

    whole = night.record.read_bytes()
    look(night)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tampering, "verify_night", look)
        told = tampering.try_changes(night, _without_payloads(), 1)
    assert all(content != tried[0] for content in tried[1:])
    assert len(told) == _without_payloads()
    assert night.record.read_bytes() == whole


def _without_payloads() -> int:
    """A night of a minute plays no cue and so holds no sealed payload; those kinds come last but two."""
    return [name for name, _ in CHANGES].index("flip a bit of a sealed payload")


# --- what is judged ------------------------------------------------------------------------------------------------


def test_cues_are_inside_rem_up_to_a_minute_and_no_further():
    rem = real_recording.expert_rem()
    assert rem == ((0.0, 40.0), (4270.0, 5026.0))
    assert [real_recording.is_in_rem(second, rem) for second in (100.0, 101.0, 4209.0, 4210.0)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_cue_behind_a_withdrawal_is_counted():
    lines = ['{"type":"CueDue"}', '{"type":"ConsentWithdrawn"}', '{"type":"CuePlayed"}', '{"type":"CueDue"}']
    assert real_recording.cues_after_withdrawal(lines) == 1
    assert real_recording.cues_after_withdrawal(lines[:3]) == 0


def test_only_the_host_is_left_out_of_a_comparison():
    lines = ['{"id":"night.0.1","type":"HostDescribed"}', '{"id":"p1.0.0","type":"CueDue"}']
    assert without_host(lines) == lines[1:]
    assert [event["id"] for event in of_type(lines, "CueDue", "CuePlayed")] == ["p1.0.0"]


def test_cues_between_recovery_and_rearming_are_seen_and_those_around_are_lawful():
    cue = {"cue": "c", "planned_s": 0.0, "actual_s": 0.0, "verified": "none"}
    due = {"cue": "c", "cue_sha256": "0" * 64, "part": 0, "sound_class": "sleep", "level_db": 0.0, "play_at_s": 0.0}
    told = rearming.judged(
        [
            events.CuePlayed(onset_s=1.0, **cue),
            events.Recovered(onset_s=9.0, lost_from_s=2.0, lost_to_s=9.0, segment=1),
            events.CueDue(onset_s=20.0, expires_s=0.0, lease="l", **due),
            events.CueWithheld(onset_s=30.0, cue="c", part=0, reason="NOT_REARMED", until_s=40.0, count=3),
            events.Rearmed(onset_s=69.0, by="consent"),
            events.CuePlayed(onset_s=80.0, **cue),
        ]
    )
    assert told == rearming.Silence(cues_before=1, cues_disarmed=1, withheld_disarmed=3, cues_after=1, disarmed_s=21.0)


GOOD = {
    "true_hz": 255.5, "grid_hz": 256, "lost_share": 0.005, "epochs": 960, "scored": 960, "agreeing": 950,
    "samples_off": 0, "onsets_off": 0, "drift_samples": 0,
}  # fmt: skip


def test_a_lawful_odd_night_is_kept():
    assert clocks_and_losses.judged([GOOD]).ok


@pytest.mark.parametrize(
    "broken",
    [{"epochs": 959}, {"scored": 900}, {"agreeing": 911}, {"samples_off": 2}, {"onsets_off": 1}, {"drift_samples": 2},
     {"lost_share": 0.0}],
)  # fmt: skip
def test_an_odd_night_that_breaks_anything_falls_short(broken):
    assert not clocks_and_losses.judged([GOOD, {**GOOD, **broken}]).ok


def test_an_odd_clock_that_is_believed_to_be_even_is_seen_to_drift(monkeypatch):
    """The device says 100 Hz, but takes 100.2: after four minutes it is half a second ahead."""
    lawful = odd_rates.run(100.2, 100, hours=1 / 15, loss_share=0.0)
    assert (lawful.drift_samples, lawful.samples_off, lawful.epochs) == (0, 0, 8)
    plain = odd_rates.Handed.hand

    def lying(self, blocks):
        plain(self, [odd_rates.Block(b.onset_s * 1.002, b.samples, 100.0, b.arrived_s) for b in blocks])

    monkeypatch.setattr(odd_rates.Handed, "hand", lying)
    assert abs(odd_rates.run(100.2, 100, hours=1 / 15, loss_share=0.0).drift_samples) > 1


ROW = BadInput("an unknown key", ("check", "x.yaml"), 3, "DL-E375")


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        ((3, "", "x.yaml:1:1: DL-E375 no"), ""),
        ((3, '{"error":{"code":"DL-E375"}}', ""), ""),
        ((0, "", "DL-E375"), "exit code 0, not 3 (DL-E375)"),
        ((3, "", "DL-E376 no"), "says DL-E376, not DL-E375"),
        ((3, "", "wrong"), "says no code, not DL-E375"),
        ((3, "DL-E375", "Traceback (most recent call last)"), "a traceback"),
    ],
)
def test_a_bad_input_must_end_with_its_code_and_no_traceback(ran, said):
    exit_code, stdout, stderr = ran
    assert bad_input.complaint(ROW, {"exit_code": exit_code, "stdout": stdout, "said": stderr}) == said


def test_bad_inputs_have_names_of_their_own_and_files_that_are_there(tmp_path, monkeypatch):
    monkeypatch.setattr(bad_inputs, "run_cli", lambda *_: None)
    rows = bad_inputs.table(tmp_path)
    assert [name for name, times in Counter(row.name for row in rows).items() if times > 1] == []
    assert len(rows) >= bad_input.LEAST_CASES
    assert {row.exit_code for row in rows} == {0, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("promise", [tampering_promises.tampering_is_found, tampering_promises.flipped_bits_are_found])
def test_a_verifier_that_sees_nothing_falls_short(promise, night, monkeypatch):
    blind = Verdict(ok=True, events=9, root="", first_bad=None, why="", erased=0, signed=9)
    monkeypatch.setattr(tampering_promises, "copy_of_night", lambda: night)
    monkeypatch.setattr(tampering_promises, "TRIED", _without_payloads())
    monkeypatch.setattr(tampering, "verify_night", lambda _: blind)
    assert promise().ok is False


@pytest.mark.parametrize(("highest_mb", "cues_played", "ok"), [(199.0, 5, True), (201.0, 5, False), (150.0, 0, False)])
def test_memory_is_judged_at_its_highest_and_beside_cues(highest_mb, cues_played, ok, monkeypatch):
    said = f'{{"first_mb":100.0,"last_mb":120.0,"highest_mb":{highest_mb},"wall_s":1.0,"epochs":960,'
    ran = {"exit_code": 0, "stdout": said + f'"cues_played":{cues_played}}}', "said": ""}
    monkeypatch.setattr(memory, "run_measured", lambda *_, **__: ran)
    monkeypatch.setattr(memory.sys, "platform", "linux")
    assert memory.memory_stays().ok is ok


def test_a_scratch_folder_is_new_each_time():
    assert scratch("x") != scratch("x")


# --- live streams --------------------------------------------------------------------------------------------------

LAWFUL_ACCIDENTS = {
    "heard_s": {
        "killed, lost": 1.5,
        "other channels, impostor": 2.7,
        "restarted, recognised": 2.7,
        "stalled, lost": 1.9,
        "killed again, lost": 1.9,
        "renamed, told": 2.8,
        "renamed, found after all": None,
    },
    "gaps": [[8.37, 11.13]],
    "losses": [[8.0, 9.0], [26.0, 27.0], [40.0, 41.0]],
    "glitches": [
        ["LATE", []],
        ["IMPOSTOR", ["labels"]],
        ["IMPOSTOR", ["source_id", "twin"]],
        ["RENAMED", ["name"]],
    ],
    "foreign_samples": 0,
    "replay_differs": None,
}


def test_a_live_night_that_met_every_accident_is_kept():
    assert lsl_streams.judged_accidents(LAWFUL_ACCIDENTS).ok


@pytest.mark.parametrize(
    "broken",
    [
        {"heard_s": {**LAWFUL_ACCIDENTS["heard_s"], "stalled, lost": 2.0}},
        {"heard_s": {**LAWFUL_ACCIDENTS["heard_s"], "stalled, lost": None}},
        {"heard_s": {**LAWFUL_ACCIDENTS["heard_s"], "renamed, found after all": 3.0}},
        {"gaps": []},
        {"gaps": [[9.5, 10.0]]},
        {"losses": [[8.0, 9.0], [40.0, 41.0]]},
        {"glitches": [["IMPOSTOR", ["labels"]], ["RENAMED", ["name"]]]},
        {"foreign_samples": 1},
        {"replay_differs": "the record has a StreamLost, the replay nothing"},
    ],
)
def test_a_live_night_that_let_anything_pass_falls_short(broken):
    assert not lsl_streams.judged_accidents({**LAWFUL_ACCIDENTS, **broken}).ok


@pytest.mark.parametrize(
    ("broken", "ok"),
    [
        ({}, True),
        ({"ready_s": 5.0}, False),
        ({"age_ms": {"p50": 40, "p99": 101, "max": 200}}, False),
        ({"cores": 0.5}, False),
        ({"least_samples_a_second": 240.0}, False),
    ],
)
def test_many_streams_are_judged_by_every_bound(broken, ok):
    lawful = {
        "ready_s": 2.0, "age_ms": {"p50": 40, "p99": 65, "max": 140}, "cores": 0.25, "least_samples_a_second": 255.7,
    }  # fmt: skip
    assert lsl_streams.judged_many({**lawful, **broken}).ok is ok


# --- a disk that fills up ------------------------------------------------------------------------------------------


def line(kind, onset_s, **fields):
    return json.dumps({"type": kind, "onset_s": onset_s, **fields}, separators=(",", ":"))


FILLED = [line("CueDue", 500.0), line("Held", 600.0), line("StageScored", 2400.0)]
WENT_ON = [
    *FILLED,
    line("Recovered", 2400.0),
    line("StageScored", 3600.0),
    line("NightClosed", 3600.0, status="complete"),
]
LAWFUL_DISK = {
    "do": "Free at least 13 MB, then it goes on: dreamloom run NIGHT",
    "before": FILLED,
    "after": WENT_ON,
    "left_mb": 6.9,
    "is_whole": True,
}


def test_a_night_whose_disk_fills_and_that_goes_on_is_kept():
    assert small_disk.judged(LAWFUL_DISK).ok


@pytest.mark.parametrize(
    "broken",
    [
        {"before": [FILLED[0], FILLED[2]]},
        {"before": FILLED[1:]},
        {"before": [*FILLED[1:], line("CueDue", 700.0)]},
        {"before": [*FILLED[:2], line("StageScored", 700.0)]},
        {"before": [*FILLED, line("NightClosed", 2400.0, status="failed")]},
        {"after": WENT_ON[:-1]},
        {"do": "Look at the disk."},
        {"is_whole": False},
    ],
)
def test_a_night_whose_disk_fills_falls_short_by_each_of_its_bounds(broken):
    assert not small_disk.judged({**LAWFUL_DISK, **broken}).ok


def test_a_small_disk_that_may_not_be_mounted_is_named_and_judges_nothing(monkeypatch):
    monkeypatch.setenv("PATH", "")
    found = small_disk.small_disk()
    assert (found.figure, found.ok) == ("not measured", None)


# --- headbands -----------------------------------------------------------------------------------------------------

LAWFUL_BOARD = {
    "source": "brainflow:synthetic", "sold_as_hz": 250.0, "listened_s": 600.1, "samples": 149_900, "rate_hz": 249.8,
    "lost_samples": 0, "gaps": 0, "dropouts": 0, "stalls": 0, "longest_silence_s": 0.1,
    "delays": {"median_ms": 3.0, "jitter_ms": 4.0, "most_ms": 20.0},
}  # fmt: skip


def test_boards_that_hold_are_kept_and_the_worst_of_both_is_the_figure():
    found = headbands.judged_boards([LAWFUL_BOARD, {**LAWFUL_BOARD, "rate_hz": 248.0}])
    assert (found.ok, found.figure) == (True, "rate off by 0.80%, 0 samples lost, jitter 4 ms")


@pytest.mark.parametrize(
    "broken",
    [{"rate_hz": 244.0}, {"rate_hz": 256.0}, {"lost_samples": 1}, {"gaps": 1}, {"dropouts": 1}, {"listened_s": 599.0}],
)
def test_a_board_that_does_not_hold_falls_short(broken):
    assert not headbands.judged_boards([LAWFUL_BOARD, {**LAWFUL_BOARD, **broken}]).ok


LAWFUL_RETURN = {
    "gaps": [(20.1, 5.1), (45.3, 5.2)],
    "kinds": ["StreamLost", "StreamFound"] * 2,
    "samples": [5000, 5000],
    "is_whole": True,
}


def test_a_headband_that_is_paired_again_is_kept():
    assert headbands.judged_unplugged(LAWFUL_RETURN).ok


@pytest.mark.parametrize(
    "broken",
    [
        {"gaps": [(20.1, 5.1)]},
        {"gaps": [(20.1, 5.1), (45.3, 9.0)]},
        {"gaps": [(20.1, 5.1), (45.3, 0.2)]},
        {"kinds": ["StreamLost", "StreamFound", "StreamLost"]},
        {"samples": [5000, 4999]},
        {"is_whole": False},
    ],
)
def test_a_headband_that_stays_away_or_loses_samples_falls_short(broken):
    assert not headbands.judged_unplugged({**LAWFUL_RETURN, **broken}).ok
