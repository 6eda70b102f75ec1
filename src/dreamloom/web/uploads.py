"""What does a form say that a picture may come with? Its words and the bytes of it, read as they come, on no disk."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import NamedTuple

from litestar.exceptions import ClientException, HTTPException
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from dreamloom.house.drawings import MOST_BYTES
from dreamloom.web.forms import MOST_FIELDS, Form, parsed
from dreamloom.web.front_door import MOST_BODY, Asker

MOST_SENT = 2**27
"""128 MB are read to their end, so that whoever sent too large a picture gets their words back. Ours."""
PICTURE = "drawing"
"""The field that a picture comes in."""


class Sent(NamedTuple):
    """The fields of a form, each with all that was chosen, and a picture; b"" where none was."""

    form: Form
    picture: bytes


async def sent_of(request: Asker) -> Sent:
    """What was sent; of too large a picture no more than shows that it is.

    Raises:
        HTTPException: for what is no form, or says more than a form of ours does.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data":
        return Sent(parsed(await _words(request.stream())), b"")
    try:
        return await _parts(request.stream(), options.get("boundary", ""))
    except (MultipartError, UnicodeDecodeError) as error:
        raise ClientException("This is no form of ours.") from error


async def _words(stream: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in stream:
        body += chunk
        _refuse_too_much(len(body))
    return bytes(body)


async def _parts(stream: AsyncIterator[bytes], boundary: str) -> Sent:
    found: dict[str, list[str]] = defaultdict(list)
    picture, value, name, said = bytearray(), bytearray(), "", 0
    with PushMultipartParser(boundary, max_segment_count=MOST_FIELDS) as parser:
        async for chunk in stream:
            for part in parser.parse(chunk):
                if isinstance(part, MultipartSegment):
                    name, value = part.name, bytearray()
                elif not part:  # the end of this field
                    if name != PICTURE:
                        found[name].append(value.decode("utf-8").replace("\r\n", "\n"))
                elif name != PICTURE:
                    said += len(part)
                    _refuse_too_much(said)
                    value += part
                elif len(picture) <= MOST_BYTES:
                    picture += part
    return Sent(found, bytes(picture))


def _refuse_too_much(size: int) -> None:
    if size > MOST_BODY:
        raise HTTPException("This is longer than anything that is taken.", status_code=413)
