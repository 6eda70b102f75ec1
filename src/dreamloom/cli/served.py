"""The verb `serve`: a night's pages for whoever is awake, and for the phones at its beds."""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dreamloom.cli.output import flush, give, hand_out, say
from dreamloom.house import by_hand, layout, nights_here, people, proxies
from dreamloom.house.dreamscape_files import SUFFIXES
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import UsageError


@dataclass(frozen=True, slots=True)
class Way:
    """How browsers come here, by a port of this machine or by a proxy with a public name; and whether until Ctrl-C.

    What is served beside another verb ends with it: once its own standard input is closed, as also a kill does.
    """

    port: int
    public: str
    proxy_config: str
    is_beside: bool = False


def serve(night: str, *, by: str, role: str, way: Way, as_json: bool) -> None:
    """Serves until Ctrl-C; or prints what a proxy needs."""
    name = _public_name(way.public)
    if way.proxy_config:
        give_config(way, name)
        return
    _refuse_dreamscape(night)
    house = nights_here.find_house(night)
    found = house or layout.find_night(night)
    from dreamloom.web.serving import server_of
    from dreamloom.web.sign_in import MAY_COUNT  # late, for all verbs that serve nothing

    by_hand.refuse_name(by)
    roles = sorted(MAY_COUNT)
    if role not in roles:
        raise UsageError("DL-E197", f"There is no role {role!r}.", why=f"There are {', '.join(roles)}.", do="Name one.")
    server = server_of(found, port=way.port, also=[name] if name else [])
    link = server.link(role, name=by)
    what, named = ("All nights of this house", "") if house else (f"The night {found.root.name}", found.root.name)
    say(f"{what} as {role} {by} sees {'them' if house else 'it'}. Open this once, within ten minutes:")
    say(f"  {link}")
    say("Only this machine can. Ctrl-C ends the pages; what runs goes on without them.")
    if _knows_somebody(found if isinstance(found, House) else found.house):
        say(f"Whoever has a passkey signs in at {way.public or f'http://localhost:{server.port}'}/sign-in")
    if name:
        say(f"Phones come by {way.public}: dreamloom pod link {named or 'NIGHT'} BED --at {way.public}")
    if as_json:
        give({"link": link, "night": named, "role": role, "port": server.port, "public": way.public})
    if way.is_beside:
        threading.Thread(target=_end_with_input, args=[server.stop], name="beside", daemon=True).start()
    server.run()


def _knows_somebody(house: House) -> bool:
    return bool(people.people(house) or people.waiting(house))


def _end_with_input(stop: Callable[[], None]) -> None:
    sys.stdin.buffer.read()
    stop()


def give_config(way: Way, name: str) -> None:
    """The configuration on stdout, so that it can be written to a file."""
    if not name:
        raise UsageError(
            "DL-E179",
            "A proxy needs the name under which phones find it.",
            do="Write: dreamloom serve NIGHT --by NAME --public https://night.example.org --proxy-config caddy",
        )
    hand_out(proxies.config(way.proxy_config, name=name, port=way.port).rstrip("\n").encode())
    flush()


def _public_name(public: str) -> str:
    """The host of an https address; "" for none."""
    if not public:
        return ""
    found = urlsplit(public)
    if found.scheme != "https" or not found.hostname or found.path.strip("/"):
        raise UsageError(
            "DL-E178",
            f"{public!r} is no address that phones could trust.",
            why="Browsers give sound checks, a lit screen and work without a network to https alone.",
            do="Give one such as --public https://night.example.org",
        )
    return found.netloc


def _refuse_dreamscape(night: str) -> None:
    if Path(night).suffix in SUFFIXES and not Path(night).is_dir():
        raise UsageError(
            "DL-E144",
            f"{night!r} is a dreamscape's file, and what is served is a night.",
            do=f"To write it in a browser: dreamloom write {night}",
        )
