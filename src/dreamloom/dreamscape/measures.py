"""Which kinds of value can an author write? Names, texts and numbers, each with its unit and its bounds."""

from typing import Annotated

from msgspec import Meta, Struct

NAME_PATTERN = "^[A-Za-z][A-Za-z0-9_-]{0,63}$"
NOTE_PATTERN = "^[A-G](#|b)?[0-8]$"
BECAUSE_PATTERN = r"^(ours\b|sourced: *\S)"
CLOCK_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
SHA256_PATTERN = "^[0-9a-f]{64}$"
FILE_PATTERN = r"^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\.(wav|flac|ogg)$"
WHO_PATTERN = "^(each sleeper|everyone|everyone else|(each|each other|all) of [A-Za-z][A-Za-z0-9_-]{0,63})$"

Name = Annotated[str, Meta(pattern=NAME_PATTERN, extra={"meant": "a letter, then letters, digits, - or _, at most 64"})]
Note = Annotated[str, Meta(pattern=NOTE_PATTERN, extra={"meant": "a note such as C5, F#4 or Bb3"})]
Line = Annotated[str, Meta(min_length=1, max_length=500, extra={"meant": "1 to 500 characters of text"})]
Because = Annotated[
    str, Meta(pattern=BECAUSE_PATTERN, max_length=500, extra={"meant": 'ours, or "sourced: author year" in quotes'})
]
Clock = Annotated[str, Meta(pattern=CLOCK_PATTERN, extra={"meant": "a time on the wall from 00:00 to 23:59"})]
Sha256 = Annotated[str, Meta(pattern=SHA256_PATTERN, extra={"meant": "a SHA-256: 64 digits from 0 to 9 and a to f"})]
SoundFile = Annotated[
    str, Meta(pattern=FILE_PATTERN, extra={"meant": "a file's own name, such as bell.flac, bell.wav or bell.ogg"})
]
Who = Annotated[
    str,
    Meta(
        pattern=WHO_PATTERN,
        extra={"meant": "each sleeper, everyone, or a group: each of circle, each other of circle, all of circle"},
    ),
]
Share = Annotated[float, Meta(ge=0.0, le=1.0, extra={"unit": "share"})]
Moment = Annotated[float, Meta(ge=0.0, le=50_400.0, extra={"unit": "s"})]
Span = Annotated[float, Meta(gt=0.0, le=50_400.0, extra={"unit": "s"})]
CueLength = Annotated[float, Meta(ge=0.02, le=60.0, extra={"unit": "s"})]
Fade = Annotated[float, Meta(ge=0.005, le=10.0, extra={"unit": "s"})]
Pause = Annotated[float, Meta(ge=1.0, le=14_400.0, extra={"unit": "s"})]
Interval = Annotated[float, Meta(ge=0.1, le=14_400.0, extra={"unit": "s"})]
Reading = Annotated[float, Meta(ge=1.0, le=60.0, extra={"unit": "s"})]
Step = Annotated[float, Meta(ge=0.0, le=40.0, extra={"unit": "dB"})]
Ceiling = Annotated[float, Meta(gt=0.0, le=85.0, extra={"unit": "dBA"})]
Angle = Annotated[float, Meta(ge=-180.0, le=180.0, extra={"unit": "deg"})]
Pulses = Annotated[float, Meta(gt=0.0, le=100.0, extra={"unit": "Hz"})]
Trough = Annotated[float, Meta(ge=-500.0, le=0.0, extra={"unit": "µV"})]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Tolerated = Annotated[int, Meta(ge=0, le=1_000)]
People = Annotated[int, Meta(ge=1, le=10_000)]
Few = Annotated[int, Meta(ge=1, le=100)]


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything an author may give a reason for: `because: ours` or `because: "sourced: …"`."""

    because: Because | None = None
