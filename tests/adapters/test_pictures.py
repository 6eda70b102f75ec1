"""Is a picture that somebody gives nothing but its pixels afterwards, and does no file break more than its reader?"""

import io
import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dreamloom.adapters import pictures
from dreamloom.testing.pictures import BLUE, NO_PICTURES, RED, WHERE, bomb, drawn, halves, photo, swollen_words, webp

WHOLE = {"photo": photo(), "drawing": drawn(), "webp": webp()}


def opened(jpeg: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    found.load()
    return found


def is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("data", WHOLE.values(), ids=WHOLE)
def test_whatever_was_told_beside_the_pixels_is_gone(data: bytes) -> None:
    assert WHERE in data
    jpeg = pictures.as_jpeg(data)
    found = opened(jpeg)
    assert WHERE not in jpeg
    assert not found.getexif()
    assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    markers = [
        jpeg[place + 1] for place in range(len(jpeg) - 1) if jpeg[place] == 0xFF and jpeg[place + 1] not in {0, 255}
    ]
    assert not {*range(0xE1, 0xF0), 0xFE} & {*markers}, "no segment of an application but the first, and no comment"
    assert jpeg.endswith(b"\xff\xd9"), "nothing lies behind the picture"


def test_a_photo_stands_upright_once_nothing_says_how_it_was_held() -> None:
    for orientation, (width, height, corner) in {
        1: (320, 200, RED),
        3: (320, 200, BLUE),
        6: (200, 320, RED),
        8: (200, 320, BLUE),
    }.items():
        found = opened(pictures.as_jpeg(photo(orientation=orientation)))
        assert found.size == (width, height), orientation
        assert is_near(found.getpixel((5, 5)), corner), orientation


@pytest.mark.parametrize(
    "told", [b"garbage", b"MM\0*\0\0\0\x08\xff\xff", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\xff\xff\xff\xff"]
)
def test_a_photo_that_tells_nonsense_of_itself_is_a_photo(told: bytes) -> None:
    written = io.BytesIO()
    halves().save(written, "JPEG", exif=b"Exif\0\0" + told)
    assert opened(pictures.as_jpeg(written.getvalue())).size == (320, 200)


def test_what_is_not_drawn_on_is_white() -> None:
    found = opened(pictures.as_jpeg(drawn()))
    assert is_near(found.getpixel((10, 10)), RED)
    assert is_near(found.getpixel((10, 190)), (255, 255, 255))


@pytest.mark.parametrize("make", [photo, drawn])
def test_a_large_picture_becomes_a_small_one_of_the_same_shape(make) -> None:
    assert opened(pictures.as_jpeg(make(4000, 2000))).size == (2048, 1024)


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    written = io.BytesIO()
    Image.linear_gradient("L").convert("I;16").point(lambda level: level * 256).save(written, "PNG")
    found = opened(pictures.as_jpeg(written.getvalue()))
    assert is_near(found.getpixel((9, 128)), (128, 128, 128))


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_whole_picture_of_three_formats_is_refused(data: bytes) -> None:
    with pytest.raises(pictures.Unreadable, match="broken"):
        pictures.as_jpeg(data)


def test_a_picture_that_says_it_is_huge_is_refused_before_any_of_it_is_read() -> None:
    with pytest.raises(pictures.Unreadable, match="too many pixels"):
        pictures.as_jpeg(bomb())
    with pytest.raises(pictures.Unreadable, match="too many pixels"):
        pictures.as_jpeg(bomb(7000, 5000))


def test_words_that_unpack_without_end_are_not_unpacked() -> None:
    data = swollen_words()
    assert len(data) < 300_000
    with pytest.raises(pictures.Unreadable, match="broken"):
        pictures.as_jpeg(data)


def test_a_reader_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_S", 0.001)
    with pytest.raises(pictures.Unreadable, match="not now"):
        pictures.as_jpeg(photo())


@pytest.mark.parametrize("how", ["os.kill(os.getpid(), 9)", "raise MemoryError", "raise OSError('out of memory')"])
def test_a_reader_that_this_machine_ended_says_nothing_against_the_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: str
) -> None:
    reader = tmp_path / "reader"
    words = f"import os\nfrom dreamloom.adapters import pictures\ndef end(data):\n    {how}\npictures.redrawn = end\n"
    reader.write_text(f"#!{sys.executable}\n{words}pictures.main()\n")
    reader.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(reader))
    with pytest.raises(pictures.Unreadable, match="not now"):
        pictures.as_jpeg(photo())


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 2**32))
def test_a_damaged_picture_is_a_clean_picture_or_none(name: str, seed: int) -> None:
    chance, data = random.Random(seed), bytearray(WHOLE[name])
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    try:
        jpeg = pictures.redrawn(bytes(data))
    except (Exception, SystemExit):  # noqa: BLE001 - its own process ends with whatever a decoder raises
        return
    assert WHERE not in jpeg
    assert set(opened(jpeg).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
