"""What does a refusal look like? One shape for every address, and the document says at which statuses it comes."""

from collections.abc import Iterable, Mapping

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ControllerRouterHandler
from msgspec import Struct


class Wrong(Struct, frozen=True, kw_only=True):
    """What happened, why we think so, what still works and what to do; the command line has the same five parts."""

    code: str
    what: str
    do: str
    why: str = ""
    still_works: str = ""
    where: str | None = None
    exit_code: int | None = None


class Refusal(Struct, frozen=True):
    """Why nothing was done."""

    error: Wrong


WHEN: Mapping[int, str] = {
    400: "What was asked cannot be meant.",
    401: "Nobody is signed in.",
    403: "It is not for this role, or not asked by a page of ours.",
    404: "There is no such thing here.",
    409: "It cannot be done as things stand.",
    413: "It is longer than anything that is taken.",
    429: "Too many came from there; in a minute they may try again.",
    503: "Something outside is missing.",
}


def described(handlers: Iterable[ControllerRouterHandler]) -> list[ControllerRouterHandler]:
    """The handlers, each with its refusals in the document."""
    found = list(handlers)
    for handler in found:
        if isinstance(handler, HTTPRouteHandler):
            told = {
                status: ResponseSpec(Refusal, generate_examples=False, description=why) for status, why in WHEN.items()
            }
            handler.responses = {**told, **(handler.responses or {})}
    return found
