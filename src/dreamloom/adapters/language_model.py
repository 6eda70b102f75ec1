"""What does a language model answer? One call of an OpenAI-compatible endpoint; loopback, unless told otherwise.

A call needs an `Awake`: for somebody between lights-off and waking none can be made. Nothing is followed, redirected,
proxied or kept, no tool is offered, and what comes back is a text to be judged, cut off by size and by time.
"""

import ipaddress
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec

from dreamloom.guide.awake import Awake
from dreamloom.guide.prompting import SCHEMA, Message
from dreamloom.vocabulary.errors import ConfigError

PATH = "/chat/completions"
MOST_BYTES = 65_536
"""Of one answer with all its trimmings. Ours."""
LOCAL = "localhost"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a model answers.

    Attributes:
        url: up to and with /v1.
        model: as the endpoint calls it.
        hosts: those beyond this machine that whoever keeps the house named; https alone.
        key: sent as a bearer token; "" for none.
        holds_schema: the endpoint is asked to hold its answer to our schema.
    """

    url: str
    model: str
    hosts: tuple[str, ...] = ()
    key: str = ""
    holds_schema: bool = False


class Answer(NamedTuple):
    """What came back; text is None where nothing usable did."""

    text: str | None
    tokens: int
    seconds: float


def is_outside(url: str) -> bool:
    """Whether what is sent there leaves this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != LOCAL


def refuse_elsewhere(url: str, hosts: Collection[str]) -> None:
    """Raises ConfigError DL-E714 for an address that nobody allowed, or that could be read on its way."""
    try:
        parts = urlsplit(url)
        is_odd = parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query
        port_is_odd = parts.port == 0
    except ValueError:
        is_odd, port_is_odd, parts = True, True, urlsplit("")
    if is_odd or port_is_odd:
        raise ConfigError(
            "DL-E714", f"{url!r} is no address of a language model.", do='Write url = "http://127.0.0.1:8080/v1".'
        )
    if is_outside(url) and (parts.scheme != "https" or parts.hostname not in hosts):
        raise ConfigError(
            "DL-E714",
            f"The language model at {parts.hostname} is not on this machine.",
            why="What people tell in the morning goes nowhere unless whoever keeps the house names the host, by https.",
            still="Every talk goes on by its fixed questions.",
            do=f'If it is meant: hosts = ["{parts.hostname}"] in house/guide.toml, with https://, and consent of each.',
        )


class LanguageModel:
    """One endpoint. A failure is an answer without a text; only what is configured wrongly raises."""

    def __init__(self, endpoint: Endpoint, *, now_s: Callable[[], float] = time.monotonic) -> None:
        refuse_elsewhere(endpoint.url, endpoint.hosts)
        self.endpoint = endpoint
        self._now_s = now_s
        host = urlsplit(endpoint.url).hostname
        self._url = endpoint.url.rstrip("/") + PATH
        if host == LOCAL:
            self._url = self._url.replace(f"//{LOCAL}", "//127.0.0.1", 1)
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._client = httpx.Client(trust_env=False, follow_redirects=False, headers=headers)

    @property
    def is_outside(self) -> bool:
        return is_outside(self.endpoint.url)

    def answer(
        self,
        messages: Sequence[Message],
        *,
        awake: Awake,
        most_tokens: int,
        within_s: float,
        schema: Mapping[str, Any] = SCHEMA,
    ) -> Answer:
        """One answer to these messages, for somebody who is awake.

        Args:
            messages: all that it is shown.
            awake: of the person it is for; there is none for somebody who sleeps.
            most_tokens: of the answer.
            within_s: after this long there is none.
            schema: of what may come back, for an endpoint that holds it.
        """
        if not isinstance(awake, Awake):
            raise TypeError("Nothing is asked for somebody who is not known to be awake.")
        began_s = self._now_s()
        try:
            body = self._body(self._asked(messages, most_tokens, schema), began_s + within_s, within_s)
        except (httpx.HTTPError, OSError, ValueError):
            body = b""
        text, tokens = _read(body)
        return Answer(text, tokens, round(self._now_s() - began_s, 3))

    def close(self) -> None:
        """Ends what it holds open."""
        self._client.close()

    def _asked(self, messages: Sequence[Message], most_tokens: int, schema: Mapping[str, Any]) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": [msgspec.to_builtins(message) for message in messages],
            "temperature": 0,
            "max_tokens": most_tokens,
            "stream": False,
        }
        if self.endpoint.holds_schema:
            held = {"name": "answer", "strict": True, "schema": schema}
            asked["response_format"] = {"type": "json_schema", "json_schema": held}
        return asked

    def _body(self, asked: Mapping[str, Any], until_s: float, within_s: float) -> bytes:
        with self._client.stream("POST", self._url, json=asked, timeout=within_s) as response:
            if response.status_code != httpx.codes.OK:
                return b""
            found = bytearray()
            for piece in response.iter_bytes():
                found += piece
                if len(found) > MOST_BYTES or self._now_s() > until_s:
                    return b""
            return bytes(found)


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Usage(msgspec.Struct):
    total_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage | None = None


def _read(body: bytes) -> tuple[str | None, int]:
    try:
        found = msgspec.json.decode(body, type=_Completion)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError, RecursionError):
        return None, 0
    text = found.choices[0].message.content if len(found.choices) == 1 else None
    counted = found.usage.total_tokens if found.usage else 0
    return text, max(0, counted) or len(body) // 4
