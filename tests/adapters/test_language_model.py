"""Does a call of a language model stay where it is allowed, and come back in time and in size, or not at all?"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar, cast

import pytest

from dreamloom.adapters.language_model import MOST_BYTES, Answer, Endpoint, LanguageModel, is_outside
from dreamloom.guide.awake import Awake, Lying
from dreamloom.guide.prompting import Message
from dreamloom.testing.obeying_model import ObeyingModel, served
from dreamloom.vocabulary.errors import ConfigError

AWAKE = Awake(Lying(pod="p1"), 0.0)
LAWFUL = {"choices": [{"message": {"content": '{"action":"end"}'}}], "usage": {"total_tokens": 31}}


def asked(url: str, *, within_s: float = 5.0, **endpoint: Any) -> Answer:
    client = LanguageModel(Endpoint(url=url, model="m", **endpoint))
    try:
        said = (Message("system", "s"), Message("user", '{"said":[]}'))
        return client.answer(said, awake=AWAKE, most_tokens=50, within_s=within_s)
    finally:
        client.close()


def answering(
    status: int = 200, body: bytes = b"", *, pause_s: float = 0.0, **headers: str
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        seen: ClassVar[list[tuple[dict[str, str], dict[str, Any]]]] = []
        paths: ClassVar[list[str]] = []

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            self.seen.append((dict(self.headers), json.loads(self.rfile.read(length))))
            self.paths.append(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            with suppress(OSError):
                for at in range(0, len(body), max(1, len(body) // 8)):
                    time.sleep(pause_s)
                    self.wfile.write(body[at : at + max(1, len(body) // 8)])
                    self.wfile.flush()

        def do_GET(self) -> None:
            self.paths.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture(autouse=True)
def proxies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A proxy of the environment that would swallow everything."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    return cast("Iterator[None]", (yield))


def test_a_call_sends_the_messages_alone_and_reads_the_answer() -> None:
    handler = answering(body=json.dumps(LAWFUL).encode())
    with served(ObeyingModel(), handler) as url:
        found = asked(url, key="secret", holds_schema=True)
    assert (found.text, found.tokens) == ('{"action":"end"}', 31)
    headers, body = handler.seen[0]  # type: ignore[attr-defined]
    assert headers["Authorization"] == "Bearer secret"
    assert set(body) == {"model", "messages", "temperature", "max_tokens", "stream", "response_format"}
    assert body["max_tokens"] == 50
    assert handler.paths == ["/v1/chat/completions"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "handler",
    [
        answering(500, b"{}"),
        answering(200, b""),
        answering(200, b"not json"),
        answering(200, b'{"choices":[]}'),
        answering(200, json.dumps({"choices": [*LAWFUL["choices"], *LAWFUL["choices"]]}).encode()),  # type: ignore[misc]
        answering(200, b'{"choices":[{"message":{"content":null}}]}'),
        answering(200, b"[" * 5000),
        answering(200, json.dumps({**LAWFUL, "x": "y" * MOST_BYTES}).encode()),
        answering(200, b"\xff\xfe" * 40),
    ],
)
def test_what_is_no_answer_is_none(handler: type[BaseHTTPRequestHandler]) -> None:
    with served(ObeyingModel(), handler) as url:
        assert asked(url).text is None


def test_nobody_there_is_no_answer() -> None:
    assert asked("http://127.0.0.1:9/v1").text is None


def test_a_redirect_is_not_followed() -> None:
    elsewhere = answering(body=json.dumps(LAWFUL).encode())
    with (
        served(ObeyingModel(), elsewhere) as target,
        served(ObeyingModel(), answering(307, b"", Location=f"{target}/chat/completions")) as url,
    ):
        assert asked(url).text is None
    assert elsewhere.paths == []  # type: ignore[attr-defined]


def test_an_answer_that_drips_is_cut_off_in_time() -> None:
    handler = answering(body=json.dumps(LAWFUL).encode(), pause_s=0.3)
    with served(ObeyingModel(), handler) as url:
        began_s = time.monotonic()
        found = asked(url, within_s=0.5)
    assert found.text is None
    assert time.monotonic() - began_s < 2.0


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/v1",
        "https://models.example/v1",
        "http://10.0.0.4:8080/v1",
        "http://[2001:db8::1]/v1",
        "http://127.0.0.1.models.example/v1",
        "http://127.0.0.1@models.example/v1",
        "http://localhost.models.example/v1",
        "http://0.0.0.0:8080/v1",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "127.0.0.1:8080",
        "http://[::1",
        "",
    ],
)
def test_nothing_leaves_this_machine_unasked(url: str) -> None:
    with pytest.raises(ConfigError, match="DL-E714"):
        LanguageModel(Endpoint(url=url, model="m"))


def test_a_named_host_is_asked_by_https_alone() -> None:
    with pytest.raises(ConfigError, match="DL-E714"):
        LanguageModel(Endpoint(url="http://models.example/v1", model="m", hosts=("models.example",)))
    assert LanguageModel(Endpoint(url="https://models.example/v1", model="m", hosts=("models.example",))).is_outside
    assert not is_outside("http://localhost:1/v1")
    assert not is_outside("http://127.8.8.8/v1")
    assert not is_outside("http://[::1]:8080/v1")


def test_without_somebody_awake_no_call_is_made() -> None:
    model = ObeyingModel()
    with served(model) as url:
        client = LanguageModel(Endpoint(url=url, model="m"))
        with pytest.raises(TypeError):
            client.answer((), awake=None, most_tokens=1, within_s=1.0)  # type: ignore[arg-type]
        client.close()
    assert model.calls == 0
