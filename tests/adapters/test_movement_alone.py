"""A bed that only moves: an accelerometer in its own units is opened, and sleep onset told after ten still minutes."""

from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.adapters.edf import EdfSource, channels_without_eeg
from dreamloom.pod import by_the_clock
from dreamloom.record.events import ArousalSeen, SleepOnsetSeen
from dreamloom.signals import grid
from dreamloom.signals.labels import kind_of
from dreamloom.vocabulary import chance
from dreamloom.vocabulary.units import NightTime

RATE_HZ, END_S = 32, 1000
MOVED_S = (100, 250)


def recording(path: Path, unit: str, scale: float, *, labels: tuple[str, ...] = ("Accel X", "ACC_Y")) -> Path:
    """Lying on a side, with two turns; the noise of a phone's sensor. Breath in litres beside it, which is left out."""
    rng = chance.stream(4, "phone")
    g = 0.9 + rng.normal(0.0, 0.004, (RATE_HZ * END_S, len(labels)))
    for at_s in MOVED_S:
        g[at_s * RATE_HZ : (at_s + 4) * RATE_HZ] += rng.normal(0.0, 0.3, (4 * RATE_HZ, len(labels)))
    signals = [
        edfio.EdfSignal(g[:, place] * scale, RATE_HZ, label=label, physical_dimension=unit,
                        physical_range=(-16 * scale, 16 * scale))
        for place, label in enumerate(labels)
    ]  # fmt: skip
    breath = edfio.EdfSignal(np.sin(np.arange(len(g)) / 40.0), RATE_HZ, label="Flow", physical_dimension="L/min")
    edfio.Edf([*signals, breath]).write(path)
    return path


@pytest.mark.parametrize(("unit", "scale"), [("g", 1.0), ("mg", 1000.0), ("m/s2", 9.81)])
def test_an_accelerometer_alone_tells_movements_and_sleep_onset_after_ten_still_minutes(
    tmp_path: Path, unit: str, scale: float
) -> None:
    path = recording(tmp_path / "phone.edf", unit, scale)
    source = EdfSource(path, channels=channels_without_eeg(path))
    assert [channel.kind for channel in source.stream.channels] == ["MOTION", "MOTION"]
    bed, laid, facts = by_the_clock.start(source.stream.channels), grid.start(RATE_HZ, source.stream.channels), []
    for block in source.read(NightTime(2.0 * END_S)):
        laid, seconds, _ = grid.push(laid, block)
        for second in seconds:
            bed, new, _ = by_the_clock.seen(bed, second)
            facts += new
    assert [fact.onset_s for fact in facts if isinstance(fact, ArousalSeen)] == [at_s + 1.0 for at_s in MOVED_S]
    (asleep,) = [fact for fact in facts if isinstance(fact, SleepOnsetSeen)]
    assert (asleep.since_s, asleep.onset_s) == (MOVED_S[-1] + 4.0, MOVED_S[-1] + 604.0)


def test_accelerometers_are_known_by_the_names_they_go_by() -> None:
    for label in ("ACC", "acc_x", "AccX", "Accel Y", "Accelerometer Z", "acceleration", "Gyro"):
        assert kind_of(label) == "MOTION", label
    assert kind_of("Accessory") == "OTHER"
