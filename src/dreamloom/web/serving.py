"""How are pages served? On this machine alone, to whoever comes by a one-time link."""

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from time import monotonic

import uvicorn
from litestar.types import ASGIApp

from dreamloom.house.layout import House, NightFolder
from dreamloom.vocabulary.errors import StreamError
from dreamloom.web.answering import AnsweringProtocol, keep_quiet
from dreamloom.web.app import make_app
from dreamloom.web.house_app import HouseApp
from dreamloom.web.sign_in import Role, SignIn

LOOPBACK = "127.0.0.1"
PORT = 8770
"""Where nothing else usually listens. Ours."""
LONGEST_WORD = 4096
"""Bytes that a page may say at once over a socket; a bed's page says the most, in lines of a few hundred. Ours."""


LONGEST_HEAD = 16_384
"""Bytes of the head of a request; a browser sends some hundreds. Ours."""
Pages = Callable[[SignIn, Sequence[str]], ASGIApp]
"""What is served, made of who may come in and of the names, with their port, that this machine has."""


class Served:
    """Pages, until stopped."""

    def __init__(self, make: Pages, *, port: int, host: str = LOOPBACK, also: Sequence[str] = ()) -> None:
        """Takes the port; 0 takes any that is free. `also` are names by which a proxy on this machine is asked.

        Raises:
            StreamError: DL-E289 when another program has it.
        """
        self.door = SignIn(monotonic)
        self._socket = _bound(host, port)
        self.port = int(self._socket.getsockname()[1])
        self.host = host
        app = make(self.door, [*_hosts(host, self.port), *also])
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="on",
            ws=AnsweringProtocol,
            ws_max_size=LONGEST_WORD,
            ws_max_queue=4,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=2,
        )
        keep_quiet()
        self._server = uvicorn.Server(config)

    def link(self, role: Role, *, name: str, pod: str | None = None) -> str:
        """An address that opens the first page once."""
        token = self.door.link(role, name=name, pod=pod)
        return f"http://{self.host}:{self.port}/enter/{token}"

    def run(self) -> None:
        """Serves until stop() or Ctrl-C."""
        with closing(self._socket):
            self._server.run(sockets=[self._socket])

    def start(self) -> threading.Thread:
        """Serves beside whatever else this process does."""
        thread = threading.Thread(target=self.run, name="pages", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """Ends it; open views are told."""
        self._server.should_exit = True


class Server(Served):
    """A night's pages, until stopped."""

    def __init__(
        self, folder: NightFolder, *, port: int = PORT, host: str = LOOPBACK, also: Sequence[str] = ()
    ) -> None:
        """Takes the port, as Served does."""
        super().__init__(lambda door, hosts: make_app(folder, door, hosts=hosts), port=port, host=host, also=also)


class HouseServer(Served):
    """The pages of all nights of a house, until stopped."""

    def __init__(self, house: House, *, port: int = PORT, host: str = LOOPBACK, also: Sequence[str] = ()) -> None:
        """Takes the port, as Served does."""
        super().__init__(lambda door, hosts: HouseApp(house, door, hosts=hosts), port=port, host=host, also=also)


def server_of(served: NightFolder | House, *, port: int, also: Sequence[str]) -> Served:
    """The pages of one night, or of all nights of a house."""
    if isinstance(served, House):
        return HouseServer(served, port=port, also=also)
    return Server(served, port=port, also=also)


def _hosts(host: str, port: int) -> Sequence[str]:
    return [f"{name}:{port}" for name in dict.fromkeys((host, "localhost", LOOPBACK))]


def _bound(host: str, port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen()  # whoever opens a link at once waits until it is answered
    except OSError as error:
        found.close()
        raise StreamError(
            "DL-E289",
            f"Nothing can be served on {host}:{port}: {error.strerror}.",
            why="Another program listens there, or this one may not.",
            still="The night itself needs no page.",
            do="Take another port, or 0 for any that is free: --port 0",
        ) from error
    return found
