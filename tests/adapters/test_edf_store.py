"""A pod's seconds on the disk: kept exactly, durable, recovered after anything."""

import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.arrivals import StoredSeconds, arrivals_beside
from dreamloom.adapters.edf import EdfSource, annotations
from dreamloom.adapters.edf_header import COUNT_AT
from dreamloom.adapters.edf_writer import EdfStore
from dreamloom.adapters.recovery import RecoveredSegment, next_segment_path, recover, segment_paths
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.testing.signals import FakeSource, assert_same_seconds, fake_sources, on_grid, tone
from dreamloom.vocabulary.errors import RecordError, StreamError

CHANNELS = (Channel("EEG C3-M2", "EEG"), Channel("EOG LOC", "EOG", -500.0, 500.0))


def seconds(count, *, first=0, grid_hz=100, channels=CHANNELS):
    quantiser = Quantiser.of(channels)
    made = []
    for index in range(first, first + count):
        onset_s = index + np.arange(grid_hz) / grid_hz
        uv = np.column_stack([40 * np.sin(onset_s * (3 + place)) + index for place in range(len(channels))])
        digital = quantiser.digital(uv)
        filled = np.zeros(grid_hz, dtype=bool)
        filled[: index % 4] = True
        made.append(GridSecond(index, digital, quantiser.to_uv(digital), filled, index + 1.0625 + 0.01 * (index % 3)))
    return made


def kept(path, stored, *, notes=(), grid_hz=100, channels=CHANNELS, **options):
    store = EdfStore(path, channels, grid_hz, **options)
    for note in notes:
        store.annotate(*note)
    for second in stored:
        store.append(second)
    store.close()
    return path


def test_stored_seconds_come_back_as_they_were(tmp_path):
    made = seconds(70)
    stored = StoredSeconds(kept(tmp_path / "p1.edf", made))
    assert_same_seconds(list(stored), made)
    assert_same_seconds(list(stored.last(3)), made[-3:])
    assert_same_seconds(list(stored), made)


@settings(max_examples=25, deadline=None)
@given(source=fake_sources())
def test_a_stored_night_replayed_as_a_stream_gives_the_same_seconds(tmp_path_factory, source):
    made, _, _ = on_grid(source.read(math.inf), source.stream)
    path = kept(tmp_path_factory.mktemp("night") / "p1.edf", made, channels=source.stream.channels)
    for block_samples in (7, 100, 2500):
        replayed = EdfSource(path, arrivals=arrivals_beside(path), block_samples=block_samples)
        assert_same_seconds(on_grid(replayed.read(math.inf), replayed.stream)[0], made)


def test_a_replay_hands_nothing_out_before_it_had_arrived(tmp_path):
    source = FakeSource(100.0, 100, 20.0, loss_share=0.05, delay_s=0.4)
    made, _, _ = on_grid(source.read(math.inf), source.stream)
    path = kept(tmp_path / "p1.edf", made, channels=source.stream.channels)
    replayed = EdfSource(path, arrivals=arrivals_beside(path))
    for block in replayed.read(10.0):
        assert block.arrived_s[-1] <= 10.0


def test_a_segment_knows_where_in_the_night_it_begins(tmp_path):
    path = kept(tmp_path / "p1.edf", seconds(5, first=41), notes=[(42.5, 1.0, "Signal lost")])
    assert annotations(path) == [(42.5, 1.0, "Signal lost")]
    assert EdfSource(path).read(math.inf)[0].onset_s == 41.0
    assert [second.index for second in StoredSeconds(path)] == [41, 42, 43, 44, 45]


def test_a_store_without_a_second_leaves_no_file(tmp_path):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    store.annotate(0.0, 0.0, "nobody came")
    store.sync()
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_segment_is_never_written_over(tmp_path):
    path = kept(tmp_path / "p1.edf", seconds(1))
    with pytest.raises(RecordError, match="exists already"):
        EdfStore(path, CHANNELS, 100)


def test_a_second_that_does_not_follow_is_refused(tmp_path):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    first, _, third = seconds(3)
    store.append(first)
    with pytest.raises(RecordError, match="does not follow 0"):
        store.append(third)
    store.close()


@pytest.mark.parametrize(
    "channel",
    [Channel("a label of more than 16", "EEG"), Channel("EEG ö", "EEG"), Channel("EEG C3", "EEG", -1 / 3, 1 / 3)],
)
def test_a_channel_no_header_can_hold_is_refused_before_the_night(tmp_path, channel):
    with pytest.raises(RecordError):
        EdfStore(tmp_path / "p1.edf", [channel], 100)


def test_more_notes_than_fit_wait_for_later_records_and_none_is_lost(tmp_path):
    notes = [((50 + number) / 100, 0.25, f"note {number}") for number in range(40)]
    assert annotations(kept(tmp_path / "p1.edf", seconds(30), notes=notes)) == notes


def test_notes_after_the_last_second_are_kept_in_earlier_records(tmp_path):
    path = tmp_path / "p1.edf"
    store = EdfStore(path, CHANNELS, 100)
    for second in seconds(10):
        store.append(second)
    late = [(9.0 + number / 10, 0.0, f"late {number}") for number in range(8)]
    for note in late:
        store.annotate(*note)
    store.close()
    assert annotations(path) == late


def test_a_long_note_is_kept_in_pieces(tmp_path):
    text = "So still war es, daß man die Uhr im Nebenzimmer hören konnte. " * 5
    found = annotations(kept(tmp_path / "p1.edf", seconds(12), notes=[(2.0, 0.0, text)]))
    assert "".join(note.text for note in found).replace("……", "") == text


@pytest.mark.parametrize(
    ("grid_hz", "channels", "records"), [(256, 4, 1), (20_000, 2, 2), (20_000, 4, 4), (2048, 40, 4)]
)
def test_a_second_too_long_for_one_record_is_cut_into_a_few(tmp_path, grid_hz, channels, records):
    many = tuple(Channel(f"EEG {place}", "EEG") for place in range(channels))
    made = seconds(3, grid_hz=grid_hz, channels=many)
    path = kept(tmp_path / "p1.edf", made, grid_hz=grid_hz, channels=many)
    read = edfio.read_edf(path)
    assert read.num_data_records == 3 * records
    assert_same_seconds(list(StoredSeconds(path)), made)


def test_a_rate_that_no_record_can_hold_is_refused(tmp_path):
    many = tuple(Channel(f"EEG {place}", "EEG") for place in range(40))
    with pytest.raises(RecordError, match="61440"):
        EdfStore(tmp_path / "p1.edf", many, 19_997)


def test_a_live_night_is_synced_every_second(tmp_path, monkeypatch):
    now_s, synced = [0.0], []
    monkeypatch.setattr(time, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(now_s[0]))
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    for second in seconds(5):
        store.append(second)
        assert b"%-8d" % store.seconds == (tmp_path / "p1.edf").read_bytes()[236:244]
        now_s[0] += 1.0
    assert sorted(set(synced)) == [0.0, 1.0, 2.0, 3.0, 4.0]
    store.close()


def test_data_is_durable_before_it_is_counted(tmp_path, monkeypatch):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    store.append(seconds(1)[0])
    names = {path.stat().st_ino: path.suffix for path in tmp_path.iterdir()}
    order = []
    monkeypatch.setattr(os, "fsync", lambda number: order.append(names[os.fstat(number).st_ino]))
    monkeypatch.setattr(os, "pwrite", lambda *_: order.append("count"))
    store.sync()
    assert order == [".edf", ".arrivals", "count"]
    monkeypatch.undo()
    store.close()


def test_a_disk_that_refuses_is_told_in_one_shape(tmp_path, monkeypatch):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    made = seconds(2)
    store.append(made[0])

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RecordError, match="No space left"):
        store.sync()
    monkeypatch.undo()
    with pytest.raises(RecordError, match="No space left"):
        store.close()


def test_a_sync_that_failed_is_never_called_done(tmp_path, monkeypatch):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    made = seconds(3)
    store.append(made[0])
    counted = store.path.read_bytes()[COUNT_AT : COUNT_AT + 8]

    def refuse(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RecordError, match="Input/output"):
        store.sync()
    monkeypatch.undo()  # the disk told it once, and says from now on that all is well
    store.append(made[1])
    for attempt in (store.sync, store.close):
        with pytest.raises(RecordError, match="Input/output"):
            attempt()
    store.close()
    assert store.path.read_bytes()[COUNT_AT : COUNT_AT + 8] == counted


@settings(max_examples=60, deadline=None)
@given(cut=st.floats(0, 1), of_arrivals=st.booleans())
def test_recovery_keeps_every_whole_second_and_repeats_itself(tmp_path_factory, cut, of_arrivals):
    made = seconds(6)
    path = kept(tmp_path_factory.mktemp("torn") / "p1.edf", made)
    torn = arrivals_beside(path) if of_arrivals else path
    header = 12 if of_arrivals else 256 * 4
    size = round(header + cut * (torn.stat().st_size - header))
    record = (torn.stat().st_size - header) / 6
    os.truncate(torn, size)
    recovered = recover(path)
    if not of_arrivals:
        assert recovered.seconds == int((size - header) // record)
    stored = list(StoredSeconds(path))
    assert len(stored) == recovered.seconds
    assert_same_seconds(stored, made[: recovered.seconds])
    assert recover(path) == RecoveredSegment(recovered.seconds, 0)
    assert int(path.read_bytes()[236:244]) == recovered.seconds


def test_a_damaged_arrivals_row_ends_what_can_be_believed(tmp_path):
    path = kept(tmp_path / "p1.edf", seconds(6))
    data = bytearray(arrivals_beside(path).read_bytes())
    data[60] ^= 1
    arrivals_beside(path).write_bytes(data)
    assert recover(path).seconds < 6
    assert len(list(StoredSeconds(path))) == recover(path).seconds


def test_recovering_what_is_no_recording_touches_nothing(tmp_path):
    path = tmp_path / "p1.edf"
    path.write_bytes(b"dear diary")
    with pytest.raises(StreamError):
        recover(path)
    assert path.read_bytes() == b"dear diary"


def test_a_segment_killed_before_its_first_second_holds_none(tmp_path):
    path = kept(tmp_path / "p1.edf", seconds(1))
    os.truncate(arrivals_beside(path), 12)
    os.truncate(path, 300)
    assert recover(path) == RecoveredSegment(0, 0)
    assert list(StoredSeconds(path)) == []


def test_segments_are_numbered_from_the_second_on(tmp_path):
    for expected in ("p1.edf", "p1.1.edf", "p1.2.edf"):
        path = next_segment_path(tmp_path, "p1")
        assert path.name == expected
        kept(path, seconds(1))
    assert [path.name for path in segment_paths(tmp_path, "p1")] == ["p1.edf", "p1.1.edf", "p1.2.edf"]


WRITER = textwrap.dedent("""
    import sys
    sys.path[:0] = [sys.argv[2]]
    from test_edf_store import CHANNELS, EdfStore, seconds
    store = EdfStore(sys.argv[1], CHANNELS, 100)
    made = seconds(40)
    for k in range(100000):
        if k % 3 == 0:
            store.annotate(float(k), 0.0, f"note {k}")
        second = made[k % 40]
        store.append(type(second)(k, second.digital, second.samples_uv, second.filled, k + 1.0))
        print(k, flush=True)
""")


def killed_writer(path, after_s):
    """Starts a writer, kills it with SIGKILL, and returns the last second it said was kept."""
    here = str(Path(__file__).parent)
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(path), here], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "0\n"
    time.sleep(after_s)
    os.kill(child.pid, signal.SIGKILL)
    said = child.stdout.read().split("\n")
    child.wait()
    child.stdout.close()
    return max((int(line) for line in said[:-1] if line), default=0)


def check_killed(path, after_s):
    import mne
    import pyedflib

    said = killed_writer(path, after_s)
    as_it_stands = edfio.read_edf(path, lazy_load_data=True) if path.stat().st_size else None
    counted = int(path.read_bytes()[236:244])
    pyedflib.EdfReader(str(path)).close()
    mne.io.read_raw_edf(path, verbose="error").close()
    recovered = recover(path)
    assert as_it_stands.num_data_records >= recovered.seconds >= max(said, counted)
    made = seconds(40)
    for second in StoredSeconds(path):
        np.testing.assert_array_equal(second.digital, made[second.index % 40].digital)
    with pyedflib.EdfReader(str(path)) as reader:
        assert reader.datarecords_in_file == recovered.seconds
    raw = mne.io.read_raw_edf(path, verbose="error")
    assert raw.n_times == 100 * recovered.seconds
    raw.close()
    assert len(annotations(path)) >= recovered.seconds // 3
    return recovered.seconds


@pytest.mark.filterwarnings("ignore:EDF header indicates")
@pytest.mark.filterwarnings("ignore:Incomplete data record")
def test_after_kill_minus_nine_every_second_that_was_acknowledged_is_there(tmp_path):
    assert check_killed(tmp_path / "p1.edf", 0.3) > 0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:EDF header indicates")
@pytest.mark.filterwarnings("ignore:Incomplete data record")
@pytest.mark.parametrize("number", range(20))
def test_after_kill_minus_nine_at_any_moment_the_same_holds(tmp_path, number):
    check_killed(tmp_path / "p1.edf", 0.05 + 0.137 * number % 1.7)


def test_two_losses_in_one_second_are_kept_as_they_were(tmp_path):
    source = FakeSource(99.3, 100, 30.0, 0.1, waveforms=(tone(4.0, 30.0),))
    made, _, _ = on_grid(source.read(math.inf), source.stream)
    path = kept(tmp_path / "p1.edf", made, channels=source.stream.channels)
    assert_same_seconds(list(StoredSeconds(path)), made)


def test_a_disk_that_refuses_at_the_end_is_told_and_both_files_are_closed(tmp_path, monkeypatch):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    for second in seconds(5):
        store.append(second)

    def refuse(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("dreamloom.adapters.edf_writer.os.ftruncate", refuse)
    with pytest.raises(RecordError, match="Input/output error"):
        store.close()
    monkeypatch.undo()
    store.close()
    assert recover(tmp_path / "p1.edf").seconds == 5


def test_the_room_for_late_notes_does_not_grow_with_the_night(tmp_path):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS, 100)
    store._free.extend((n, 10) for n in range(100_000))
    assert len(store._free) <= 3_600
