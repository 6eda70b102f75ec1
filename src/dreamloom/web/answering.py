"""What is said to a stranger's noise? An answer on its own line, and nothing on the terminal of who watches a night."""

import logging

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

NONSENSE = ("Invalid UTF-8 sequence", "Invalid HTTP request")


class AnsweringProtocol(WebSocketsSansIOProtocol):
    """Ends a socket whose opening cannot be read, with the status that says why; uvicorn leaves it open."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()


def keep_quiet() -> None:
    """Leaves what strangers send out of what the server says; failures of our own are told."""
    logging.getLogger("uvicorn.error").addFilter(_is_worth_telling)


def _is_worth_telling(said: logging.LogRecord) -> bool:
    return not said.getMessage().startswith(NONSENSE)
