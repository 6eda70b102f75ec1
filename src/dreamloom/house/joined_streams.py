"""What did the device say that joined a bed, of what it sends? Kept beside the night, so that it can be opened."""

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.sample_wire import Measures, Sends, described
from dreamloom.house.layout import NightFolder
from dreamloom.signals.blocks import StreamInfo
from dreamloom.vocabulary.errors import StreamError

MOVEMENT = "movement"
PHONE_HZ = 10.0
"""How often a page tells how its phone moves: means of a tenth of a second; a turn in bed takes one or two. Ours."""
OF_A_PHONE = Sends(
    MOVEMENT,
    (Measures("Accel X", "MOTION"), Measures("Accel Y", "MOTION"), Measures("Accel Z", "MOTION")),
    PHONE_HZ,
)
"""A g as a millivolt, as signals/motion_units.py has it."""


def keep(folder: NightFolder, pod: str, sends: Sends) -> None:
    """What this bed's device is going to send tonight; it is on the disk when this returns."""
    path = folder.joined(pod)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, msgspec.json.encode(sends))


def of_phone() -> StreamInfo:
    """The stream of a page that tells how its phone moves."""
    return described(OF_A_PHONE, source=f"phone:{MOVEMENT}")


def of_bed(folder: NightFolder, pod: str, *, source: str) -> StreamInfo:
    """The stream of whoever joined this bed.

    Raises:
        StreamError: DL-E290 when nobody joined yet.
    """
    try:
        sends = msgspec.json.decode(folder.joined(pod).read_bytes(), type=Sends)
    except (OSError, msgspec.DecodeError):
        raise StreamError(
            "DL-E290",
            f"Nobody joined {pod} yet.",
            why="What a joined device sends has to be known before the night begins.",
            still="Nothing was recorded or played.",
            do=f"dreamloom serve {folder.name} --by NAME; dreamloom pod link {folder.name} {pod}; and on the machine "
            "with the headband: dreamloom pod join LINK --source lsl:NAME",
        ) from None
    return described(sends, source=source)
