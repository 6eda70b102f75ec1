"""Recordings as streams: which channels, which units, which gaps, and what a bad file is told."""

import math
import warnings

import edfio
import numpy as np
import pytest

from dreamloom.adapters.edf import EdfSource, annotations, describe
from dreamloom.testing.signals import on_grid
from dreamloom.testing.source_contract import SourceContract
from dreamloom.vocabulary.errors import StreamError

RATE_HZ = 100


def signal(label, *, seconds=10, sfreq_hz=RATE_HZ, unit="uV", physical_range=(-500.0, 500.0), scale=1.0):
    onset_s = np.arange(round(seconds * sfreq_hz)) / sfreq_hz
    return edfio.EdfSignal(
        scale * 40.0 * np.sin(2 * np.pi * 3 * onset_s),
        sfreq_hz,
        label=label,
        physical_dimension=unit,
        physical_range=physical_range,
    )


def write(path, *signals, annotated=()):
    edfio.Edf(list(signals), data_record_duration=1, annotations=annotated or None).write(path)
    return path


def patched(path, place, text):
    data = bytearray(path.read_bytes())
    data[place : place + len(text)] = text
    path.write_bytes(data)
    return path


def samples_of(source):
    return np.concatenate([block.samples for block in source.read(math.inf)])


@pytest.fixture
def recording(tmp_path):
    return write(tmp_path / "night.edf", signal("EEG C3-A2"), signal("EOG LOC"))


class TestEdfSourceKeepsTheContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _file(self, recording):
        self.path = recording

    def make_source(self, block_samples):
        return EdfSource(self.path, block_samples=block_samples, delay_s=0.05)


class TestEdfSourceWithGapsKeepsTheContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _file(self, tmp_path):
        self.path = with_gap(tmp_path / "gap.edf")

    def make_source(self, block_samples):
        return EdfSource(self.path, block_samples=block_samples)


def with_gap(path):
    """An EDF+D whose sixth record starts 3.5 s late."""
    write(path, signal("EEG C3-A2"), annotated=[edfio.EdfAnnotation(2.5, 1, "lights off")])
    data = path.read_bytes().replace(b"EDF+C", b"EDF+D")
    for second in range(5, 10):
        plain, late = b"+%d\x14\x14\x00" % second, b"+%g\x14\x14\x00" % (second + 3.5)
        place = data.index(plain, 768)
        data = data[:place] + late + data[place + len(late) :]
    path.write_bytes(data)
    return path


def test_samples_are_microvolts_whatever_the_unit_of_the_file(tmp_path):
    expected = samples_of(EdfSource(write(tmp_path / "uv.edf", signal("EEG Cz"))))
    for unit, factor in (("mV", 1e-3), ("V", 1e-6), ("nV", 1e3)):
        path = write(
            tmp_path / f"{unit}.edf",
            signal("EEG Cz", unit=unit, scale=factor, physical_range=(-500.0 * factor, 500.0 * factor)),
        )
        assert np.allclose(samples_of(EdfSource(path)), expected, atol=0.02)


def test_without_names_every_sleep_channel_at_the_rate_of_the_first_eeg_is_read(tmp_path):
    path = write(
        tmp_path / "psg.edf",
        signal("Resp nasal"),
        signal("EEG Fpz-Cz"),
        signal("EMG chin", sfreq_hz=50),
        signal("EOG horizontal"),
        signal("C4M1"),
        signal("Temp rectal"),
    )
    channels = EdfSource(path).stream.channels
    assert [(channel.label, channel.kind) for channel in channels] == [
        ("EEG Fpz-Cz", "EEG"),
        ("EOG horizontal", "EOG"),
        ("C4M1", "EEG"),
    ]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("EEG C3", "EEG"), ("C3", "EEG"), ("Fpz-Cz", "EEG"), ("F4-M1", "EEG"), ("O2A1", "EEG"), ("E1-M2", "EOG"),
        ("LOC", "EOG"), ("ROC-A1", "EOG"), ("EOG left", "EOG"), ("chin1", "EMG"), ("EMG submental", "EMG"),
        ("ECG", "ECG"), ("EKG II", "ECG"), ("Airflow", "RESP"), ("SaO2", "RESP"), ("Event marker", "OTHER"),
        ("Light", "OTHER"), ("", "OTHER"), ("eeg_left", "EEG"), ("Accel X", "MOTION"), ("Leg L", "EMG"),
    ],
)  # fmt: skip
def test_labels_tell_what_a_channel_measures(label, kind):
    from dreamloom.signals.labels import kind_of

    assert kind_of(label) == kind


def test_a_lone_channel_without_a_telling_label_counts_as_eeg(tmp_path):
    path = write(tmp_path / "one.edf", signal("Signal"))
    assert EdfSource(path).stream.channels[0].kind == "EEG"


def test_a_channel_can_be_named_without_its_prefix(recording):
    assert EdfSource(recording, channels=["c3-a2"]).stream.channels[0].label == "EEG C3-A2"


def test_a_missing_channel_is_answered_with_the_nearest_name(recording):
    with pytest.raises(StreamError, match="'EEG C3-A2'") as caught:
        EdfSource(recording, channels=["C3-M2"])
    assert caught.value.code == "DL-E209"


def test_two_channels_of_one_name_are_refused_by_name(tmp_path):
    path = write(tmp_path / "two.edf", signal("EEG C3"), signal("EEG C3"), signal("EOG LOC"))
    with pytest.raises(StreamError, match="'EEG C3'"):
        EdfSource(path)
    assert EdfSource(path, channels=["EOG LOC"]).stream.channels[0].label == "EOG LOC"


def test_channels_of_two_rates_cannot_be_one_stream(tmp_path):
    path = write(tmp_path / "rates.edf", signal("EEG C3"), signal("EMG chin", sfreq_hz=50))
    with pytest.raises(StreamError, match="50 Hz"):
        EdfSource(path, channels=["EEG C3", "EMG chin"])


def test_a_recording_without_eeg_says_what_it_has(tmp_path):
    with pytest.raises(StreamError, match="'SaO2', 'Pulse'") as caught:
        EdfSource(write(tmp_path / "no.edf", signal("SaO2", unit="%"), signal("Pulse", unit="bpm")))
    assert "--channel" in str(caught.value)


def test_a_channel_in_another_unit_is_refused_when_named(tmp_path):
    with pytest.raises(StreamError, match="'bpm'"):
        EdfSource(write(tmp_path / "no.edf", signal("EEG C3"), signal("Pulse", unit="bpm")), channels=["Pulse"])


@pytest.mark.parametrize("sfreq_hz", [10, 25_000])
def test_rates_no_electrode_has_are_refused(tmp_path, sfreq_hz):
    path = write(tmp_path / "rate.edf", signal("EEG C3", sfreq_hz=sfreq_hz, seconds=2))
    with pytest.raises(StreamError, match=r"20 .*20000 Hz"):
        EdfSource(path, channels=["EEG C3"])


def test_a_rate_that_is_no_whole_number_gets_the_nearest_grid(tmp_path):
    samples = 40 * np.sin(np.arange(2550) / 20)
    wave = edfio.EdfSignal(samples, 127.5, label="EEG C3", physical_dimension="uV", physical_range=(-500, 500))
    path = tmp_path / "odd.edf"
    edfio.Edf([wave], data_record_duration=2).write(path)
    source = EdfSource(path)
    assert (source.stream.sfreq_hz, source.stream.grid_hz) == (127.5, 128)
    seconds, gaps, _ = on_grid(source.read(math.inf), source.stream)
    assert len(seconds) == 20
    assert gaps == []


@pytest.mark.parametrize(
    ("place", "text"),
    [(256 + 16 + 80 + 8, b"nan     "), (256 + 16 + 80 + 8, b"500     "), (256 + 16 + 80 + 8, b"1e300   ")],
)
def test_a_scale_that_means_nothing_is_refused(tmp_path, place, text):
    path = patched(write(tmp_path / "scale.edf", signal("EEG C3")), place, text)
    with pytest.raises(StreamError):
        EdfSource(path)


@pytest.mark.parametrize("size", [0, 8, 100, 256, 511, 512, 600])
def test_a_cut_off_recording_is_refused(tmp_path, size):
    path = write(tmp_path / "cut.edf", signal("EEG C3"))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(StreamError, match=r"cut\.edf"):
        EdfSource(path)


def test_a_recording_cut_inside_a_record_ends_with_the_record_before(recording):
    recording.write_bytes(recording.read_bytes()[:-150])
    assert len(samples_of(EdfSource(recording))) == 9 * RATE_HZ


@pytest.mark.parametrize("content", [b"PK\x03\x04 and so on", b"\x00" * 400, b"hello"])
def test_a_file_of_another_kind_is_named_as_such(tmp_path, content):
    path = tmp_path / "other.edf"
    path.write_bytes(content)
    with pytest.raises(StreamError, match="neither EDF nor BDF"):
        EdfSource(path)


def test_a_missing_file_and_a_folder_are_told_apart_from_damage(tmp_path):
    with pytest.raises(StreamError, match="cannot be opened"):
        EdfSource(tmp_path / "nowhere.edf")
    with pytest.raises(StreamError, match="cannot be opened"):
        EdfSource(tmp_path)


def test_a_gap_of_the_recording_is_a_gap_of_the_stream(tmp_path):
    source = EdfSource(with_gap(tmp_path / "gap.edf"))
    seconds, gaps, _ = on_grid(source.read(math.inf), source.stream)
    assert gaps == [(5.0, 3.5, 350)]
    assert len(seconds) == 14
    assert describe(tmp_path / "gap.edf").gaps == 1


def test_a_recording_whose_clock_runs_back_is_refused(tmp_path):
    path = with_gap(tmp_path / "back.edf")
    path.write_bytes(path.read_bytes().replace(b"+8.5\x14\x14\x00", b"+1.5\x14\x14\x00", 1))
    with pytest.raises(StreamError, match="record 5"):
        EdfSource(path)


def test_annotations_are_read_with_onset_duration_and_text(tmp_path):
    noted = [edfio.EdfAnnotation(1.25, 2, "Sleep stage N2"), edfio.EdfAnnotation(4, None, "größer")]
    path = write(tmp_path / "notes.edf", signal("EEG C3"), annotated=noted)
    assert annotations(path) == [(1.25, 2.0, "Sleep stage N2"), (4.0, 0.0, "größer")]


def test_a_recording_can_be_read_from_any_second_on(recording):
    whole, later = samples_of(EdfSource(recording)), EdfSource(recording, start_s=4.0)
    blocks = later.read(math.inf)
    assert blocks[0].onset_s == 4.0
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), whole[400:])


@pytest.mark.parametrize("start_s", [4.5, 4.501, 9.99])
def test_reading_can_begin_inside_a_record(recording, start_s):
    whole = samples_of(EdfSource(recording))
    blocks = EdfSource(recording, start_s=start_s).read(math.inf)
    first = math.ceil(start_s * RATE_HZ - 1e-6)
    assert blocks[0].onset_s == first / RATE_HZ
    np.testing.assert_array_equal(np.concatenate([block.samples for block in blocks]), whole[first:])


def test_channels_come_in_the_order_they_were_asked_for(tmp_path):
    path = write(tmp_path / "two.edf", signal("EEG C3"), signal("EOG LOC", scale=3.0))
    source = EdfSource(path, channels=["EOG LOC", "EEG C3"])
    assert [channel.label for channel in source.stream.channels] == ["EOG LOC", "EEG C3"]
    loudest_uv = np.abs(samples_of(source)).max(axis=0)
    assert loudest_uv == pytest.approx([120.0, 40.0], rel=0.01)


@pytest.mark.parametrize(
    ("place", "text"),
    [(244, b"0       "), (244, b"-1      "), (244, b"nan     "), (252, b"0   "), (252, b"9999"), (184, b"abc     ")],
)
def test_a_header_that_cannot_be_is_refused_as_damaged(recording, place, text):
    with pytest.raises(StreamError, match="is damaged"):
        EdfSource(patched(recording, place, text))


def test_delay_belongs_to_every_sample(recording):
    block = EdfSource(recording, delay_s=0.25).read(2.0)[0]
    assert np.allclose(block.arrived_s, np.arange(100) / 100 + 0.25)


def test_a_bdf_of_24_bits_with_an_offset_is_kept_in_steps_of_a_tenth(tmp_path):
    uv = 20_000.0 + 40.0 * np.sin(np.arange(2000) / 9)
    wave = edfio.BdfSignal(uv, 200, label="C3", physical_dimension="uV", physical_range=(-262144, 262143))
    path = tmp_path / "offset.bdf"
    edfio.Bdf([wave], data_record_duration=1).write(path)
    source = EdfSource(path)
    channel = source.stream.channels[0]
    assert channel.low_uv < uv.min() < uv.max() < channel.high_uv
    assert (channel.high_uv - channel.low_uv) / 65535 == pytest.approx(0.1, rel=1e-2)
    assert np.allclose(samples_of(source)[:, 0], uv, atol=0.05)


def test_an_edf_of_wide_range_keeps_its_own_steps(tmp_path):
    path = write(tmp_path / "wide.edf", signal("EEG C3", physical_range=(-8711, 8711), scale=50.0))
    source = EdfSource(path)
    seconds, _, _ = on_grid(source.read(math.inf), source.stream)
    stored = edfio.read_edf(path).signals[0].digital
    np.testing.assert_array_equal(np.concatenate([second.digital[:, 0] for second in seconds]), stored)


def test_warnings_of_the_file_library_stay_inside(recording):
    patched(recording, 236, b"-1      ")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(samples_of(EdfSource(recording))) == 1000


def test_a_description_names_every_channel_and_the_chosen_ones(tmp_path):
    path = write(
        tmp_path / "d.edf", signal("EEG C3"), signal("SaO2", unit="%"), annotated=[edfio.EdfAnnotation(1, 1, "x")]
    )
    described = describe(path)
    assert (described.variant, described.duration_s, described.sfreq_hz) == ("EDF+C", 10.0, 100.0)
    assert (described.gaps, described.annotations) == (0, 1)
    assert [(facts.label, facts.chosen) for facts in described.channels] == [("EEG C3", True), ("SaO2", False)]
