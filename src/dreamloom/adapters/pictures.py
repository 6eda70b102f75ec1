"""What is in a picture that somebody gives? Its pixels as a JPEG of ours, and nothing else; in a process of its own.

`python -m dreamloom.adapters.pictures` reads a JPEG, PNG or WebP and writes what it shows: upright, on white, bounded,
and without anything that was told beside the pixels. Decoders are old and pictures come from anywhere: what breaks
in one, takes too long or too much memory, ends with that process.
"""

import io
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP")
REDUCED = ("JPEG", "MPO")
"""What is read at a fraction of its size; MPO is a JPEG of a phone that has a second picture behind the first."""
MOST_PIXELS = 2**26
"""67 million, as large phones make. Ours."""
MOST_PIXELS_WHOLE = 2**25
"""For what has to be read whole: 134 MB. Ours."""
LONGEST_PX = 2048
QUALITY = 88
BROKEN, TOO_MANY = 3, 4
"""How the process ends for what is no whole picture, and for one of more pixels than that; else it is the machine."""
BEHIND = 10
MOST_S = 60.0
MOST_CPU_S = 30
MOST_MEMORY_BYTES = 2**31


class Unreadable(Exception):
    """There is no picture in it that may be kept, and why."""

    def __init__(self, why: Literal["broken", "too many pixels", "not now"]) -> None:
        super().__init__(why)
        self.why = why


def as_jpeg(data: bytes) -> bytes:
    """What this picture shows, as a JPEG without any word, place, time, thumbnail or colour profile.

    Raises:
        Unreadable: for what is no picture of these formats, is torn, or has too many pixels; "not now" where its
            reader was ended or had no memory, which says nothing against the picture.
        OSError: when the process cannot be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, without a word of anybody's
            [sys.executable, "-m", __name__], input=data, capture_output=True, timeout=MOST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("not now") from error
    if done.returncode == TOO_MANY:
        raise Unreadable("too many pixels")
    if done.returncode == BROKEN:
        raise Unreadable("broken")
    if done.returncode or not done.stdout:
        raise Unreadable("not now")
    return done.stdout


def redrawn(data: bytes) -> bytes:
    """The same in this process; whatever a decoder raises comes through, and SystemExit(TOO_MANY)."""
    from PIL import Image, ImageOps

    with _seen(data) as picture:
        picture.draft("RGB", (LONGEST_PX, LONGEST_PX))
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        seen: Image.Image = picture.point(lambda level: level / 256) if picture.mode.startswith("I;16") else picture
        plain = "RGBA" if picture.has_transparency_data else "RGB"
        seen = seen if seen.mode == plain else seen.convert(plain)
        seen.thumbnail((LONGEST_PX, LONGEST_PX))
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _seen(data: bytes) -> "Image.Image":
    """The picture as its head describes it; nothing else of it is read yet."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        sys.exit(TOO_MANY)
    if picture.width * picture.height > (MOST_PIXELS if picture.format in REDUCED else MOST_PIXELS_WHOLE):
        sys.exit(TOO_MANY)
    return picture


def _bound() -> None:
    """Behind everything else of this machine, and no more of it than a picture needs; where that can be said."""
    with suppress(OSError, AttributeError):
        os.nice(BEHIND)
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """A JPEG of what comes in."""
    _bound()
    try:
        jpeg = redrawn(sys.stdin.buffer.read())
    except Exception as error:
        if _is_of_the_machine(error):
            raise
        sys.exit(BROKEN)
    sys.stdout.buffer.write(jpeg)


def _is_of_the_machine(error: Exception) -> bool:
    """Whether it would be read where there is more room; Pillow tells of memory in words too."""
    return isinstance(error, MemoryError | ImportError) or "memory" in str(error)


if __name__ == "__main__":
    main()
