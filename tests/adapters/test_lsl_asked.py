"""What a night.toml may say of an LSL stream, what a stream may be, and who counts as the same device."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from dreamloom.adapters.lsl import library
from dreamloom.adapters.lsl.asked import read_asked
from dreamloom.adapters.lsl.identity import Announced, differences
from dreamloom.adapters.lsl.layout import Described, Layout, chosen
from dreamloom.adapters.lsl.library import CONFIG_VARIABLE, Library, config_text
from dreamloom.vocabulary.errors import ConfigError, StreamError

MUSE = Announced("Muse-7F", "EEG", "00:55:7f", "lab", "default", 4, 256.0, 1, "uid-1", 12.5)
PLAIN = Described(("TP9", "AF7", "AF8", "TP10"), ("EEG",) * 4, ("microvolts",) * 4)


def described(**changes: tuple[str, ...]) -> Described:
    return replace(PLAIN, **changes)


def laid_out(
    stream: Announced = MUSE, what: Described = PLAIN, names: tuple[str, ...] = (), unit_uv: float | None = None
) -> Layout:
    return chosen(stream, what, names, unit_uv)


@pytest.mark.parametrize(
    ("text", "query", "unit_uv", "scope"),
    [
        ("Muse-7F", (("name", "Muse-7F"),), None, "machine"),
        ("My = Headband", None, None, ""),
        ("source_id=00:55:7f", (("source_id", "00:55:7f"),), None, "machine"),
        ("name=Muse-7F, type=EEG,unit=V,scope=link", (("name", "Muse-7F"), ("type", "EEG")), 1e6, "link"),
        ("Muse-7F,unit=mV", (("name", "Muse-7F"),), 1e3, "machine"),
        ("", None, None, ""),
        ("unit=uV", None, None, ""),
        ("name=", None, None, ""),
        ("name=a,unit=furlong", None, None, ""),
        ("name=a,scope=world", None, None, ""),
        ("nmae=a", None, None, ""),
        ("name=a,b", None, None, ""),
    ],
)
def test_a_source_is_read_or_refused_with_an_example(text, query, unit_uv, scope):
    if query is None:
        with pytest.raises(ConfigError, match=r"DL-E251.*source = \"lsl:Muse-7F\""):
            read_asked(text)
        return
    asked = read_asked(text)
    assert (asked.query, asked.unit_uv, asked.scope) == (query, unit_uv, scope)


def test_a_slip_in_a_key_gets_the_nearest_one():
    with pytest.raises(ConfigError, match='Did you mean "source_id"'):
        read_asked("sourceid=x")


def test_a_stream_is_meant_when_it_has_every_property_asked_for():
    assert read_asked("name=Muse-7F,type=EEG").means(MUSE)
    assert not read_asked("name=Muse-7F,type=ACC").means(MUSE)
    assert not read_asked("muse-7f").means(MUSE)


def test_a_restart_is_the_same_device_and_nothing_else_is():
    assert differences(MUSE, replace(MUSE, uid="uid-2", created_at_s=99.0)) == ()
    for what, other in (
        ("name", replace(MUSE, name="Muse-80")),
        ("hostname", replace(MUSE, hostname="elsewhere")),
        ("source_id", replace(MUSE, source_id="x")),
        ("session", replace(MUSE, session_id="x")),
        ("channels", replace(MUSE, channels=5)),
        ("rate", replace(MUSE, sfreq_hz=250.0)),
        ("format", replace(MUSE, format=2)),
        ("type", replace(MUSE, type="ACC")),
    ):
        assert differences(MUSE, other) == (what,)


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("microvolts", 1.0), ("µV", 1.0), ("μV", 1.0), ("uV", 1.0), ("mV", 1e3), ("Volts", 1e6), ("nV", 1e-3)],
)
def test_units_of_the_field_become_microvolts(unit, scale):
    layout = laid_out(what=described(units=(unit,) * 4))
    np.testing.assert_allclose(layout.microvolts(np.full((1, 4), 2.0)), 2.0 * scale)
    assert not layout.assumed_unit


def test_a_stream_without_units_is_taken_in_microvolts_and_that_is_known():
    layout = laid_out(what=described(units=("",) * 4))
    assert layout.assumed_unit
    assert layout.scale_uv.tolist() == [1.0] * 4
    said = laid_out(what=described(units=("",) * 4), unit_uv=1e6)
    assert not said.assumed_unit
    assert said.scale_uv.tolist() == [1e6] * 4


def test_a_unit_nobody_knows_is_refused_with_the_way_out():
    with pytest.raises(StreamError, match=r"DL-E255.*'TP9'.*'furlong'.*unit=uV"):
        laid_out(what=described(units=("furlong", "uV", "uV", "uV")))


def test_what_is_no_number_is_handed_on_as_such():
    samples_uv = laid_out().microvolts(np.array([[1.0, np.nan, np.inf, -np.inf]]))
    assert samples_uv[0, 0] == 1.0
    assert np.isnan(samples_uv[0, 1:]).all()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": 3}, "stream of text"),
        ({"sfreq_hz": 0.0}, "has no rate"),
        ({"sfreq_hz": 1.0}, "1 Hz"),
        ({"sfreq_hz": 44100.0}, "44100 Hz"),
    ],
)
def test_a_stream_that_is_no_sampled_signal_is_refused(changes, why):
    with pytest.raises(StreamError, match=f"DL-E254.*{why}"):
        laid_out(replace(MUSE, **changes))


def test_channels_are_named_as_for_recordings():
    what = described(labels=("EEG C3", "EOG left", "chin", "battery"), types=("",) * 4)
    assert [(c.label, c.kind) for c in laid_out(replace(MUSE, type=""), what).channels] == [
        ("EEG C3", "EEG"),
        ("EOG left", "EOG"),
        ("chin", "EMG"),
    ]
    assert laid_out(what=what, names=("c3",)).places == (0,)
    assert laid_out(what=what, names=("battery", "C3")).places == (3, 0)
    with pytest.raises(StreamError, match=r"DL-E256.*Did you mean 'EEG C3'"):
        laid_out(what=what, names=("C33",))


def test_a_stream_without_labels_has_numbered_ones_of_its_type():
    layout = laid_out(what=Described(("",) * 4, ("",) * 4, ("",) * 4))
    assert [(c.label, c.kind) for c in layout.channels] == [(f"EEG {n}", "EEG") for n in range(1, 5)]


def test_a_stream_without_eeg_or_with_twins_among_its_channels_is_refused():
    with pytest.raises(StreamError, match="DL-E256 No EEG channel"):
        laid_out(replace(MUSE, type="ACC"), described(labels=("x", "y", "z", "t"), types=("",) * 4))
    with pytest.raises(StreamError, match="DL-E256 Two channels"):
        laid_out(what=described(labels=("TP9", "TP9", "AF8", "TP10")))


def test_a_direct_coupled_channel_is_kept_around_where_it_lies():
    layout = laid_out().centred(np.tile([20.0, -21_000.4, 1500.0, np.nan], (80, 1)))
    assert [(c.low_uv, c.high_uv) for c in layout.channels] == [
        (-3276.8, 3276.7),
        (-24_277.0, -17_723.0),
        (-3276.8, 3276.7),
        (-3276.8, 3276.7),
    ]


def test_nobody_is_looked_for_beyond_this_machine_unless_asked(monkeypatch, tmp_path):
    assert "ResolveScope = machine" in config_text("machine")
    monkeypatch.setattr(library, "_imported", object)
    monkeypatch.delenv(CONFIG_VARIABLE, raising=False)
    loaded = Library()
    loaded.load("machine")
    with pytest.raises(StreamError, match="DL-E259"):
        loaded.load("link")
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "own.cfg"))
    own = Library()
    own.load("machine")
    own.load("site")  # whoever wrote a configuration of their own has decided


def test_without_pylsl_a_person_is_told_what_to_install():
    words = (
        "import sys; sys.modules['pylsl'] = None\n"
        "from dreamloom.adapters.lsl.opening import LslRequest, open_streams\n"
        "try: open_streams([LslRequest('p1', 'Muse')])\n"
        "except Exception as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "DL-E250" in said
    assert 'pip install "dreamloom[lsl]"' in said


def test_nobody_loads_pylsl_who_asks_for_no_stream():
    words = "import sys, dreamloom.house.running, dreamloom.adapters.lsl.opening; print('pylsl' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=60).stdout
    assert said.strip() == "False"


def test_a_stream_of_movement_alone_is_opened_in_its_own_units():
    layout = laid_out(what=Described(("ACC_X", "ACC_Y"), ("ACC", "ACC"), ("g", "g")))
    assert [channel.kind for channel in layout.channels] == ["MOTION", "MOTION"]
    assert layout.scale_uv.tolist() == [1000.0, 1000.0]
