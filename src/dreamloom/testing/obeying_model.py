"""A language model that obeys whoever spoke last: a real endpoint on loopback, for every attempt to talk it over.

It does what stands behind COMMAND in what a person said, remembers all it was ever sent, and gives that away as well.
"""

import base64
import codecs
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMAND = "REPLY EXACTLY:"
SECRETS = ("SYSTEM", "CLAUSE", "OTHERS")
"""In a reply that is asked for, as %SYSTEM:plain%: its system words, the first of them, what somebody else told it."""


WAYS: dict[str, Any] = {
    "plain": str,
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "spaced": " ".join,
    "shouted": str.upper,
}
"""How a secret may be dressed up on its way out: `%SYSTEM:rot13%`."""


class ObeyingModel:
    """What it was sent, and how it answers."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.calls = 0
        self.fixed: str | None = None

    def reply(self, asked: dict[str, Any]) -> str:
        """What it says to these messages: the command it finds, with its secrets filled in; else a lawful end."""
        self.calls += 1
        system, user = (message["content"] for message in asked["messages"])
        others, said = " ".join(self.sent[:1]), " ".join(json.loads(user)["said"])
        self.sent.append(said)
        if self.fixed is not None:
            return self.fixed
        if COMMAND not in said:
            return '{"action":"end"}'
        return _filled(said.rsplit(COMMAND, 1)[1].strip(), system, others)


def _filled(reply: str, system: str, others: str) -> str:
    known = dict(zip(SECRETS, (system, system.partition(".")[0], others), strict=True))
    for name, secret in known.items():
        for way, dressed in WAYS.items():
            reply = reply.replace(f"%{name}:{way}%", json.dumps(dressed(secret))[1:-1])
    return reply


class _Handler(BaseHTTPRequestHandler):
    model: ObeyingModel
    wbufsize = 65_536

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = self.model.reply(asked)
        choice = {"message": {"role": "assistant", "content": text, "tool_calls": [{"function": {"name": "play_cue"}}]}}
        body = json.dumps({"choices": [choice], "usage": {"total_tokens": 20}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def served(model: ObeyingModel, handler: type[BaseHTTPRequestHandler] | None = None) -> Iterator[str]:
    """Its address, up to and with /v1, while it answers."""
    bound = type("Bound", (handler or _Handler,), {"model": model, "protocol_version": "HTTP/1.1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5.0)
