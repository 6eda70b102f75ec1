"""How does tonight's sleeper look left and right? Listens to five signals made awake, and keeps what they told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.engine.clocks import RealClock, VirtualClock
from dreamloom.engine.intake import LiveIntake
from dreamloom.eyes import calibration
from dreamloom.eyes.calibration import ASKED, Calibration
from dreamloom.eyes.leads import leads
from dreamloom.eyes.sweeps import STRICT, Limits
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.sources import SourceRequest, listen, open_boards, open_source
from dreamloom.ports import Clock, SignalSource
from dreamloom.record.events import EyesCalibrated
from dreamloom.signals.blocks import GridSecond, StreamInfo
from dreamloom.sleeper import gaze
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import NightTime, Seconds

FIRST_S, EVERY_S = gaze.PRACTICE_S, gaze.PRACTICE_EVERY_S
"""When the first signal is asked for, and how long after it the next: three seconds to look, and rest. Ours."""
PRACTICE_S = Seconds(FIRST_S + ASKED * EVERY_S + 2.0)
"""All of it, and the device's own delay."""
POLL_S = Seconds(0.05)
LIVE = ("lsl", "brainflow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The stretch of a recording in which the signals were made; in seconds from its start."""

    from_s: float = 0.0
    for_s: float = PRACTICE_S


class KeptEyes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of eyes/POD.json."""

    sleeper: str
    size_uv: float
    sweep_s: float
    side: int
    seen: int


def is_live(pod: PodAsked) -> bool:
    """Whether somebody has to make the signals now."""
    return pod.source.partition(":")[0] in LIVE


def calibrate(folder: NightFolder, pod: PodAsked, *, seed: int, span: Span, ask: Callable[[int], None]) -> Calibration:
    """Listens to this bed's source, or to that stretch of its recording, and keeps what its sleeper's eyes told.

    A simulated sleeper makes the signals when asked. `ask` is called with 1 to 5 when each signal is to be made.

    Raises:
        StreamError: DL-E246 without eyes, DL-E247 with too few signals, or when the source cannot be read.
    """
    source, clock = _opened(folder, pod, seed=seed, span=span)
    try:
        seconds = _practised(source, clock, span=span, ask=ask)
    finally:
        source.close()
    found = calibration.calibrate(source.stream.channels, seconds, grid_hz=source.stream.grid_hz)
    kept = KeptEyes(pod.sleeper, found.size_uv, found.pace_s, found.side, found.seen)
    path = folder.eyes(pod.id)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, msgspec.json.encode(kept))
    return found


def of_tonight(folder: NightFolder, pod: PodAsked, onset_s: NightTime) -> EyesCalibrated | None:
    """What was calibrated for this bed and its sleeper, as the record will hold it; None where nobody did.

    Raises:
        ConfigError: DL-E363 when the file is no calibration, or is another sleeper's.
    """
    path = folder.eyes(pod.id)
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=KeptEyes)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise _no_calibration(path, str(error)) from error
    if kept.sleeper != pod.sleeper:
        raise _no_calibration(path, f"It is that of {kept.sleeper!r}, and {pod.sleeper!r} lies there tonight.")
    return EyesCalibrated(
        onset_s=onset_s,
        size_uv=kept.size_uv,
        sweep_s=kept.sweep_s,
        first="right" if kept.side > 0 else "left",
        seen=kept.seen,
    )


def limits_of(calibrated: EyesCalibrated | None) -> Limits:
    """What is asked of this sleeper's signals; without a calibration, what holds for most people."""
    if calibrated is None:
        return STRICT
    side = 1 if calibrated.first == "right" else -1
    return calibration.limits(Calibration(calibrated.size_uv, calibrated.sweep_s, side, calibrated.seen))


def warning(pod: str, stream: StreamInfo, calibrated: EyesCalibrated | None) -> str:
    """What is amiss at this bed where a dreamscape heeds eye signals; empty when nothing is."""
    if leads(stream.channels) is None:
        return f"No channel of {pod} shows the eyes: what waits for an eye signal there never comes."
    if calibrated is None:
        return f"The eyes of {pod} were not calibrated: their signals are looked for as most people make them."
    return ""


def _no_calibration(path: Path, why: str) -> ConfigError:
    return ConfigError(
        "DL-E363",
        f"{path} is no calibration of these eyes.",
        why=why,
        do="Calibrate again: dreamloom calibrate eyes NIGHT POD; or remove the file.",
    )


def _opened(folder: NightFolder, pod: PodAsked, *, seed: int, span: Span) -> tuple[SignalSource, Clock]:
    """The bed's source and the clock it is listened to by: the wall's, or one that needs no waiting."""
    asked = pod
    if pod.source.startswith("sim:"):
        asked = replace_source(pod, f"{pod.source},start=0s,hours=0.1,practised={ASKED}")
    streams, boards = listen([asked], speed_x=1.0), open_boards([asked])
    clock: Clock = RealClock() if is_live(pod) else VirtualClock(start_s=NightTime(span.from_s))
    request = SourceRequest(
        folder=folder.root,
        seed=seed,
        from_s=NightTime(0.0 if is_live(pod) else span.from_s),
        lsl=streams.get(pod.id),
        board=boards.get(pod.id),
        now_s=clock.now_s,
    )
    return open_source(asked, request)[0], clock


def replace_source(pod: PodAsked, source: str) -> PodAsked:
    """The same bed with its samples from elsewhere."""
    return msgspec.structs.replace(pod, source=source)


def _practised(source: SignalSource, clock: Clock, *, span: Span, ask: Callable[[int], None]) -> list[GridSecond]:
    """Every whole second of the stretch, asking as it goes on."""
    from_s = clock.now_s()
    intake = LiveIntake(source, None, from_s=from_s)
    asks = [(from_s + FIRST_S + EVERY_S * number, number + 1) for number in range(ASKED)]
    seconds: list[GridSecond] = []
    now_s = from_s
    while now_s < from_s + span.for_s + 1.0 and not intake.ended:
        clock.wait_until(NightTime(now_s + (POLL_S if isinstance(clock, RealClock) else 1.0)))
        now_s = clock.now_s()
        while asks and asks[0][0] <= now_s:
            ask(asks.pop(0)[1])
        seconds += intake.read(now_s)[0]
    return [second for second in seconds if second.index < from_s + span.for_s]
