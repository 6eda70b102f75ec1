"""Is what was spoken written down on this machine alone, by what a person named, and else refused with a remedy?"""

import io
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters import speech_to_text
from dreamloom.cli import telling
from dreamloom.house import mornings, speech, told_reports
from dreamloom.house.layout import House
from dreamloom.testing.spoken_words import lay_ear
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, UsageError


def sound(seconds: float, *, rate_hz: int = 16_000, channels: int = 1, width: int = 2) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        tone = np.sin(np.arange(int(seconds * rate_hz)) * 2 * np.pi * 440 / rate_hz)
        file.writeframes(np.repeat((8000 * tone).astype("<i2"), channels).tobytes()[: None if width == 2 else 8])
    return written.getvalue()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """One that has the library and names a model."""
    found = House(tmp_path / "house")
    lay_ear(tmp_path, found, monkeypatch)
    return found


def code_of(*asked: object, **more: object) -> tuple[str, str]:
    with pytest.raises(DreamloomError) as told:
        speech.written_down(*asked, **more)  # type: ignore[arg-type]
    return told.value.code, f"{told.value.why} {told.value.do}"


def test_it_is_written_down_beside_this_process_and_names_by_what(house: House) -> None:
    said = speech.written_down(house, "en", sound(1.5))
    assert said.text == "a bell under water for 1.5 seconds"
    assert said.by == speech.by_of(house, "en") == "vosk 0 small-en"
    assert "vosk" not in sys.modules, "nothing of it is loaded into a night's own process"


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (44_100, 2), (48_000, 1), (16_000, 2)])
def test_any_usual_recording_is_brought_to_what_the_model_hears(rate_hz: int, channels: int) -> None:
    heard = np.frombuffer(speech.samples_of(sound(1.0, rate_hz=rate_hz, channels=channels)), dtype="<i2")
    assert len(heard) == pytest.approx(16_000, abs=2)
    assert np.abs(heard).max() == pytest.approx(8000, rel=0.1)


def test_what_is_missing_is_named_with_what_to_do(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    code, told = code_of(house, "de", sound(1.0))
    assert code == "DL-E777"
    assert 'de = "FOLDER"' in told
    code, told = code_of(house, "en", sound(1.0), chosen=tmp_path)
    assert (code, "is no model of Vosk" in told) == ("DL-E777", True)
    code, told = code_of(house, "en", sound(1.0), chosen=tmp_path / "broken")
    assert (code, "Failed to create a model" in told) == ("DL-E777", True)
    monkeypatch.setattr(speech_to_text, "is_there", lambda: False)
    code, told = code_of(house, "en", sound(1.0))
    assert (code, "dreamloom[speech]" in told) == ("DL-E777", True)
    assert not speech.can(house, "en")
    house.speech.write_text("models = 3", encoding="utf-8")
    monkeypatch.undo()
    with pytest.raises(ConfigError, match="DL-E777"):
        speech._named(house, "en")


@pytest.mark.parametrize("wrong", [b"", b"RIFF", b"\x00" * 200, sound(1.0, width=1), sound(1.0)[:40]])
def test_what_is_no_recording_is_refused(house: House, wrong: bytes) -> None:
    with pytest.raises(UsageError, match="DL-E778"):
        speech.written_down(house, "en", wrong)


def test_one_that_is_too_long_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "MOST_S", 1)
    with pytest.raises(UsageError, match="DL-E778"):
        speech.written_down(house, "en", sound(1.2))


def told_by_voice(house: House, file: Path, **how: object) -> None:
    spoken = telling.Spoken(file, None, as_heard=bool(how.get("as_heard")))
    given = telling.Given(None, "", None, spoken=spoken)
    telling.tell("S01", "", house=house.root, given=given, as_json=False)


def test_nothing_is_kept_that_nobody_corrected_unless_they_say_so(house: House, tmp_path: Path, capsys) -> None:
    file = tmp_path / "told.wav"
    file.write_bytes(sound(2.0))
    told_by_voice(house, file)
    assert "a bell under water for 2.0 seconds" in capsys.readouterr().out
    assert mornings.of_house(house) == {}
    told_by_voice(house, file, as_heard=True)
    (report,) = told_reports.reports(house)
    assert report.text == "a bell under water for 2.0 seconds"
    assert report.protocol == "interview 1, spoken, vosk 0 small-en", "reports of two ways are not compared"
    assert b"bell" not in b"".join(path.read_bytes() for path in house.root.rglob("*") if path.is_file())


def test_the_dreamer_corrects_it_before_it_is_locked(house: House, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "told.wav"
    file.write_bytes(sound(2.0))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(telling, "_line", lambda text: text.replace("bell", "whale"))
    monkeypatch.setattr("builtins.input", _nobody)
    told_by_voice(house, file)
    (morning,) = mornings.of_house(house).values()
    assert told_reports.text_of(house, morning.report) == "a whale under water for 2.0 seconds"


def _nobody(_: str = "") -> str:
    raise EOFError
