"""Which pictures might somebody give? Made here: photos that tell where they were taken, bombs, torn and odd files."""

import io
import struct
import zlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

WHERE = b"Bett hinter dem Deich"
"""What every picture of these tells beside its pixels."""
GPS, ORIENTATION, MAKE, USER_COMMENT, EXIF_OF = 0x8825, 0x0112, 0x010F, 0x9286, 0x8769
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(width: int = 320, height: int = 200) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def photo(width: int = 320, height: int = 200, *, orientation: int = 1) -> bytes:
    """A JPEG as a phone makes one: with place, maker, comment, thumbnail, profile, and words behind its end."""
    picture = halves(width, height)
    told = picture.getexif()
    told[MAKE] = WHERE.decode()
    told[ORIENTATION] = orientation
    told.get_ifd(GPS).update({1: "N", 2: (53.0, 5.0, 41.5), 3: "E", 4: (7.0, 0.0, 1.5)})
    told.get_ifd(EXIF_OF)[USER_COMMENT] = b"ASCII\0\0\0" + WHERE
    written = io.BytesIO()
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + WHERE + b"</x:xmpmeta>"
    picture.save(written, "JPEG", quality=95, exif=told, comment=WHERE, icc_profile=b"\0" * 128 + WHERE, xmp=packet)
    return written.getvalue() + b"PK\x03\x04<script>" + WHERE


def drawn(width: int = 320, height: int = 200) -> bytes:
    """A PNG with words in three kinds of chunks, and nothing drawn on its lower half."""
    picture = halves(width, height).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, height // 2, width, height))
    words = PngInfo()
    words.add_text("Description", WHERE.decode())
    words.add_text("Comment", WHERE.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", WHERE.decode())
    written = io.BytesIO()
    picture.save(written, "PNG", pnginfo=words)
    return written.getvalue()


def webp() -> bytes:
    """A WebP with place and words."""
    picture, written = halves(), io.BytesIO()
    told = picture.getexif()
    told[MAKE] = WHERE.decode()
    picture.save(written, "WEBP", exif=told, xmp=WHERE)
    return written.getvalue()


def saved(kind: str) -> bytes:
    """The same pixels in another format."""
    written = io.BytesIO()
    halves().save(written, kind)
    return written.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says it has so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, (b"IHDR", b"IDAT", b"IEND"), (head, rows, b"")))


def swollen_words() -> bytes:
    """A small PNG whose compressed comment unpacks to a hundred megabytes."""
    whole = drawn()
    end = whole.rindex(b"IEND") - 4
    words = b"Comment\0\0" + zlib.compress(b"a" * 100_000_000)
    return whole[:33] + _chunk(b"zTXt", words) + whole[33:end] + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


NO_PICTURES: dict[str, bytes] = {
    "nothing": b"",
    "a text": b"A staircase of water.",
    "HTML that is called a picture": b"<!doctype html><script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a PDF": b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a GIF": saved("GIF"),
    "a TIFF": saved("TIFF"),
    "a BMP": saved("BMP"),
    "a torn photo": photo()[:2000],
    "a torn drawing": drawn()[:200],
    "the head of a PNG alone": drawn()[:33],
}
"""What is no JPEG, PNG or WebP that can be read, by what it is."""
