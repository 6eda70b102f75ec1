"""The verb `write`: a dreamscape's text in a browser, on this machine alone, checked as it is typed."""

from dreamloom.cli.output import give, say
from dreamloom.house import beginning_to_write, by_hand


def write(what: str, *, like: str, by: str, port: int, as_json: bool) -> None:
    """Serves until Ctrl-C; a rehearsal that still runs is stopped."""
    file, start = beginning_to_write.begin(what, like=like)
    if by:
        by_hand.refuse_name(by)
    say(f"Opening {file.path.name}{'' if file.path.exists() else ', not saved yet'}.")
    from dreamloom.web.author_app import make_author_app  # late, for all verbs that serve nothing
    from dreamloom.web.desk import Desk
    from dreamloom.web.serving import Served

    desk = Desk(file, start=start, name=by)
    desk.opened()
    server = Served(lambda door, hosts: make_author_app(desk, door, hosts=hosts), port=port)
    link = server.link("architect", name=by)
    say("Open this once, within ten minutes:")
    say(f"  {link}")
    say("Only this machine can. Ctrl-C ends the page; what was not saved stays in the browser until it is closed.")
    if as_json:
        give({"link": link, "file": str(file.path), "port": server.port})
    try:
        server.run()
    finally:
        desk.rehearsal.stop()
