"""What becomes of a recording that a stranger brings? Scored, replayed, or plainly refused with nothing left behind."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.house import recordings, scoring
from dreamloom.house.layout import House
from dreamloom.testing.edf_fuzz import broken_recording, good_recording
from dreamloom.vocabulary.chance import stream

Command = Callable[..., object]

HEADER_BYTES, RECORD_BYTES = 768, 320
STAGES = {"W", "N1", "N2", "N3", "R"}


@pytest.fixture(scope="module")
def real_uv() -> np.ndarray:
    """The first twelve minutes of the bundled sleep, in microvolts at 100 Hz."""
    return edfio.read_edf(recordings.bundled()).signals[0].data[:72_000]


def write_edf(path: Path, samples_uv: np.ndarray, *, label: str = "EEG C4-M1") -> Path:
    """A recording in records of 0.1 s, so that it may end inside a second."""
    signal = edfio.EdfSignal(
        samples_uv, 100, label=label, physical_dimension="uV", physical_range=(-3276.8, 3276.7)
    )  # fmt: skip
    edfio.Edf([signal], data_record_duration=0.1).write(path)
    return path


def bad_files(folder: Path) -> dict[str, Path]:
    whole = recordings.bundled().read_bytes()
    contents = {
        "empty": b"",
        "noise": bytes(range(256)) * 8,
        "text": b"Sleep well.\n" * 100,
        "cut in the fixed header": whole[:100],
        "cut in the signals' header": whole[:700],
        "header alone": whole[:HEADER_BYTES],
        "zip": b"PK\x03\x04" + bytes(2000),
    }
    for name, content in contents.items():
        (folder / f"{name}.edf").write_bytes(content)
    (folder / "folder.edf").mkdir()
    return {name: folder / f"{name}.edf" for name in [*contents, "folder", "gone"]}


BAD = ("empty", "noise", "text", "cut in the fixed header", "cut in the signals' header", "header alone", "zip",
       "folder", "gone")  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("verb", [["score", "--live"], ["score"], ["bench", "replay"], ["replay"]])
def test_a_bad_recording_is_refused_and_leaves_nothing(
    command: Command, house: House, tmp_path: Path, *, name: str, verb: list[str]
) -> None:
    path = bad_files(tmp_path)[name]
    if verb == ["replay"] and name == "folder":
        pytest.skip("a folder is a night to replay")
    told = command(*verb, path, "--json")
    assert told.code == told.error["exit_code"] == 4
    assert told.error["code"].startswith("DL-E2")
    assert path.name in told.error["what"]
    assert told.error["do"]
    assert not house.root.exists()


def test_every_broken_recording_is_read_or_refused_in_the_one_shape(command: Command, tmp_path: Path) -> None:
    for seed in range(40):
        path = tmp_path / f"{seed}.edf"
        path.write_bytes(broken_recording(stream(seed, "cli")))
        told = command("score", path, "--live", "--json")
        assert told.code in {0, 4}
        assert ("error" in told.data) == (told.code == 4)


def test_a_small_good_recording_is_read_or_lacks_what_staging_needs(command: Command, tmp_path: Path) -> None:
    codes = set()
    for seed in range(20):
        path = tmp_path / f"{seed}.edf"
        path.write_bytes(good_recording(stream(seed, "cli")))
        told = command("score", path, "--live", "--json")
        codes.add(told.data["error"]["code"] if told.code else "scored")
    assert codes <= {"scored", "DL-E206", "DL-E212", "DL-E231", "DL-E232"}


@pytest.mark.parametrize("verb", [["score", "--live"], ["score"], ["replay"]])
def test_a_channel_that_is_not_there_is_answered_with_those_that_are(
    command: Command, house: House, verb: list[str]
) -> None:
    told = command(*verb, "prerau_segment", "--channel", "Fp9", "--json")
    assert (told.code, told.error["code"]) == (4, "DL-E209")
    assert "'EEG'" in told.error["why"]
    assert not house.root.exists()


def test_a_recording_without_an_eeg_leaves_no_half_made_night(
    command: Command, house: House, tmp_path: Path, real_uv: np.ndarray
) -> None:
    path = write_edf(tmp_path / "chin.edf", real_uv[:6000], label="EMG chin")
    told = command("replay", path, "--json")
    assert (told.code, told.error["code"]) == (4, "DL-E212")
    assert not house.root.exists()
    told = command("replay", path, "--channel", "EMG chin", "--dreamscape", "nrem_tmr_home", "--json")
    assert (told.code, told.error["code"]) == (5, "DL-E534")
    assert list((house.root / "nights").iterdir()) == []


@pytest.mark.parametrize(("dreamscape", "code"), [("nightmare_rem", "DL-E379"), ("gone.yaml", "DL-E321")])
def test_a_dreamscape_that_is_not_there_leaves_no_half_made_night(
    command: Command, house: House, dreamscape: str, code: str
) -> None:
    told = command("replay", "prerau_segment", "--dreamscape", dreamscape, "--json")
    assert (told.code, told.error["code"]) == (3, code)
    assert not (house.root / "nights").exists()


def test_live_scores_have_one_row_for_each_whole_epoch(command: Command, tmp_path: Path, real_uv: np.ndarray) -> None:
    told = command("score", write_edf(tmp_path / "night.edf", real_uv[:18_050]), "--live", "--json")
    assert told.code == 0
    assert set(told.data) == {"sfreq_hz", "causal", "method", "channels", "epochs", "failures"}
    assert told.data["sfreq_hz"] == 100.0
    assert told.data["causal"] is True
    assert [row["onset_s"] for row in told.data["epochs"]] == [0.0, 30.0, 60.0, 90.0, 120.0, 150.0]
    for row in told.data["epochs"]:
        assert set(row) == {"onset_s", "decided_at_s", "stage", "confidence", "probabilities"}
        assert set(row["probabilities"]) == STAGES
        assert row["decided_at_s"] >= row["onset_s"] + 30.0
        assert row["confidence"] == max(row["probabilities"].values())
        assert row["stage"] == max(row["probabilities"], key=row["probabilities"].get)


def test_an_unscored_epoch_has_all_five_probabilities_at_zero(command: Command, tmp_path: Path) -> None:
    told = command("score", write_edf(tmp_path / "flat.edf", np.zeros(6000)), "--live", "--json")
    for row in told.data["epochs"]:
        assert row["stage"] == "UNSCORED"
        assert row["confidence"] == 0.0
        assert row["probabilities"] == dict.fromkeys(STAGES, 0.0)
    assert len(told.data["epochs"]) == 2


def test_a_recording_below_one_epoch_is_said_to_be_so(command: Command, tmp_path: Path, real_uv: np.ndarray) -> None:
    path = write_edf(tmp_path / "nap.edf", real_uv[:2990])
    assert command("score", path, "--live", "--json").data["epochs"] == []
    assert "shorter than one epoch" in command("score", path, "--live").err


def test_hindsight_asks_for_five_minutes(command: Command, tmp_path: Path, real_uv: np.ndarray) -> None:
    told = command("score", write_edf(tmp_path / "nap.edf", real_uv[:6000]), "--json")
    assert (told.code, told.error["code"]) == (4, "DL-E234")


@pytest.mark.slow
def test_hindsight_has_the_same_fields_and_says_that_it_is_not_causal(
    command: Command, tmp_path: Path, real_uv: np.ndarray
) -> None:
    told = command("score", write_edf(tmp_path / "sleep.edf", real_uv[:36_000]), "--json")
    assert told.code == 0
    assert told.data["causal"] is False
    assert len(told.data["epochs"]) == 12
    assert {row["decided_at_s"] for row in told.data["epochs"]} == {360.0}
    assert all(set(row["probabilities"]) == STAGES for row in told.data["epochs"])


def test_live_scores_of_a_recording_cut_anywhere_are_the_beginning_of_those_of_the_whole(
    tmp_path: Path, real_uv: np.ndarray
) -> None:
    whole = scoring.score_live(write_edf(tmp_path / "whole.edf", real_uv[:40_000])).epochs
    cuts = [int(cut) * 10 for cut in stream(20, "cuts").integers(1, 4_000, 5)]
    for samples in [*cuts, 2_990, 3_000, 3_010, 12_000 - 10, 12_000, 30_050]:
        cut = scoring.score_live(write_edf(tmp_path / "cut.edf", real_uv[:samples])).epochs
        assert len(cut) == samples // 3_000
        assert _bytes(cut) == _bytes(whole[: len(cut)])


@pytest.mark.slow
def test_live_scores_of_the_bundled_sleep_cut_anywhere_are_the_beginning_of_those_of_the_whole(tmp_path: Path) -> None:
    stored = recordings.bundled().read_bytes()
    whole = scoring.score_live(recordings.bundled()).epochs
    for cut_s in stream(21, "cuts").integers(1, 5_030, 4):
        path = tmp_path / "cut.edf"
        path.write_bytes(stored[: HEADER_BYTES + int(cut_s) * RECORD_BYTES])
        cut = scoring.score_live(path).epochs
        assert len(cut) == cut_s // 30
        assert _bytes(cut) == _bytes(whole[: len(cut)])


def _bytes(epochs: tuple[scoring.ScoredEpoch, ...]) -> bytes:
    rows = [(row.onset_s, row.decided_at_s, row.stage, row.confidence, row.probabilities) for row in epochs]
    return json.dumps(rows).encode()


def test_a_replayed_recording_tells_its_figures(
    command: Command, house: House, tmp_path: Path, real_uv: np.ndarray
) -> None:
    path = write_edf(tmp_path / "our first night.edf", real_uv[:9_000])
    told = command("replay", path, "--json")
    assert told.code == 0
    fields = {"night", "epochs", "cues_played", "cues_withheld", "record_root", "speed_x"}
    assert fields <= set(told.data)
    assert told.data["night"] == "recording-1"  # the name of the file may be somebody's
    assert told.data["epochs"] == 3
    assert told.data["cues_withheld"] == sum(told.data["withheld_by_reason"].values())
    assert len(bytes.fromhex(told.data["record_root"])) == 32
    again = command("replay", path, "--json")
    assert again.data["night"] == "recording-2"
    assert again.data["record_root"] == told.data["record_root"]
    assert command("verify", "recording-1").code == 0
    assert house.night("recording-2").record.exists()


def test_a_recording_may_have_an_odd_name(command: Command, tmp_path: Path, real_uv: np.ndarray) -> None:
    for name in ("Schlaf \"1\" 'ä' \\ 🌙.edf", "$(true).edf", "a\tb.edf", "..edf", "\x7f\U000e0001.edf"):
        path = write_edf(tmp_path / "plain.edf", real_uv[:300]).rename(tmp_path / name)
        assert command("replay", path, "--json").code == 0, name


def test_a_recording_whose_name_is_no_text_is_refused(command: Command, tmp_path: Path, real_uv: np.ndarray) -> None:
    path = write_edf(tmp_path / "plain.edf", real_uv[:300]).rename(tmp_path / os.fsdecode(b"\xff.edf"))
    told = command("replay", path, "--json")
    assert told.code in {3, 4}


def test_options_of_recordings_are_refused_for_a_stored_night(command: Command, make_night: Command) -> None:
    make_night("stored")
    for option in (["--seed", "3"], ["--channel", "EEG"], ["--withdraw-at", "60"], ["--block-samples", "7"]):
        told = command("replay", "stored", *option, "--json")
        assert (told.code, told.error["code"]) == (2, "DL-E102")
        assert option[0] in told.error["what"]
