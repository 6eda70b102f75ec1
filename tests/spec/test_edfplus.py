"""EDF (Kemp et al. 1992) and EDF+ (Kemp & Olivan 2003): what we write is what edfio, EDFlib and MNE read."""

from datetime import datetime, timedelta

import edfio
import mne
import numpy as np
import pyedflib
import pytest

from dreamloom.adapters.edf_annotations import Annotation, decode, decode_record_onset, encode, encode_record_onset
from dreamloom.adapters.edf_writer import EdfStore
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser

CHANNELS = (
    Channel("EEG C3-M2", "EEG"),
    Channel("EOG LOC", "EOG", -500.0, 500.0),
    Channel("EMG chin", "EMG", -1e4, 1e4),
)
NOTES = [(0.0, 0.0, "Lights off"), (3.0, 10.0, "Sleep stage N2"), (7.25, 1.5, "größer")]
SECONDS = 20


@pytest.fixture(scope="module", params=[0, 4000], ids=["first segment", "later segment"])
def written(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("spec") / "p1.edf"
    quantiser, rng = Quantiser.of(CHANNELS), np.random.Generator(np.random.Philox(key=5))
    digital = rng.integers(-32768, 32768, (SECONDS, 256, 3), dtype=np.int16)
    store = EdfStore(path, CHANNELS, 256)
    store.annotate(request.param + NOTES[0][0], *NOTES[0][1:])
    for number, values in enumerate(digital):
        for onset_s, duration_s, text in NOTES[1:]:
            if int(onset_s) == number:
                store.annotate(request.param + onset_s, duration_s, text)
        index = request.param + number
        store.append(GridSecond(index, values, quantiser.to_uv(values), np.zeros(256, dtype=bool), index + 1.0))
    store.close()
    every = digital.reshape(-1, 3)
    return path, every, quantiser.to_uv(every)


def test_edfio_reads_the_same_samples_and_annotations(written):
    path, digital, uv = written
    read = edfio.read_edf(path)
    assert read.labels == tuple(channel.label for channel in CHANNELS)
    assert {signal.physical_dimension for signal in read.signals} == {"uV"}
    for place, signal in enumerate(read.signals):
        np.testing.assert_array_equal(signal.digital, digital[:, place])
        np.testing.assert_allclose(signal.data, uv[:, place], atol=1e-6)
    assert [(note.onset, note.duration or 0.0, note.text) for note in read.annotations] == NOTES
    assert read.is_continuous


def test_edflib_reads_the_same_samples_and_annotations(written):
    path, digital, uv = written
    with pyedflib.EdfReader(str(path)) as read:
        assert read.datarecords_in_file == SECONDS
        for place in range(3):
            np.testing.assert_array_equal(read.readSignal(place, digital=True), digital[:, place])
            np.testing.assert_allclose(read.readSignal(place), uv[:, place], atol=1e-6)
        onsets_s, durations_s, texts = read.readAnnotations()
    assert list(zip(onsets_s, np.maximum(durations_s, 0), texts, strict=True)) == NOTES


def test_mne_reads_the_same_samples_and_annotations(written):
    path, _, uv = written
    raw = mne.io.read_raw_edf(path, preload=True, verbose="error")
    np.testing.assert_allclose(raw.get_data().T * 1e6, uv, atol=1e-6)
    assert [(note["onset"], note["duration"], note["description"]) for note in raw.annotations] == NOTES


def test_the_header_says_edf_plus_c_and_nobody_is_named(written):
    path, _, _ = written
    head = path.read_bytes()[:256]
    assert head[:8] == b"0       "
    assert head[8:88].rstrip() == b"X X X X"
    assert head[88:168].startswith(b"Startdate X X X X")
    assert head[168:176] == b"01.01.85"
    assert head[192:236].rstrip() == b"EDF+C"
    assert int(head[236:244]) == SECONDS
    assert float(head[244:252]) == 1.0


def test_a_known_start_is_written_as_edf_plus_wants_it(tmp_path):
    store = EdfStore(tmp_path / "p1.edf", CHANNELS[:1], 4, started=datetime.fromisoformat("2026-11-20T22:59:58"))
    values = np.zeros((4, 1), dtype=np.int16)
    store.append(GridSecond(3, values, values.astype(float), np.zeros(4, dtype=bool), 4.0))
    store.close()
    read = edfio.read_edf(tmp_path / "p1.edf")
    assert read.startdatetime == datetime.fromisoformat("2026-11-20T22:59:58") + timedelta(seconds=3)


def test_every_record_begins_with_its_own_onset(written):
    path, _, _ = written
    data = path.read_bytes()[256 * 5 :]
    record_bytes = 2 * 3 * 256 + 120
    for number in range(SECONDS):
        annotations = data[number * record_bytes + 2 * 3 * 256 : (number + 1) * record_bytes]
        assert annotations.startswith(b"+%d\x14\x14\x00" % number)


@pytest.mark.parametrize(
    ("annotation", "raw"),
    [
        (Annotation(180.0, 0.0, "Lights off"), b"+180\x14Lights off\x14\x00"),
        (Annotation(1800.2, 25.5, "Apnea"), b"+1800.2\x1525.5\x14Apnea\x14\x00"),
        (Annotation(-0.065, 0.0, "Pre-stimulus"), b"-0.065\x14Pre-stimulus\x14\x00"),
    ],
)
def test_annotation_lists_are_written_as_in_the_specification(annotation, raw):
    assert encode(annotation) == raw
    assert decode(b"+0\x14\x14\x00" + raw + b"\x00" * 9) == [annotation]


def test_one_list_may_hold_several_texts():
    assert [note.text for note in decode(b"+180\x14Lights off\x14Close door\x14\x00")] == ["Lights off", "Close door"]


def test_a_text_cannot_end_its_own_list():
    assert [note.text for note in decode(encode(Annotation(1.0, 0.0, "a\x14b\x00c\x15d")))] == ["a b c d"]


def test_record_onsets_read_back():
    assert decode_record_onset(encode_record_onset(28_799.75)) == 28_799.75
    assert decode_record_onset(b"\x00" * 20) is None
