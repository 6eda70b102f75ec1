"""The verb `serve`: a night's pages for whoever is awake, on this machine alone."""

from dreamloom.cli.output import give, say
from dreamloom.house import by_hand, layout
from dreamloom.vocabulary.errors import UsageError


def serve(night: str, *, by: str, role: str, port: int, as_json: bool) -> None:
    """Serves until Ctrl-C."""
    folder = layout.find_night(night)
    from dreamloom.web.serving import Server
    from dreamloom.web.sign_in import MAY_WATCH  # late, for all verbs that serve nothing

    by_hand.refuse_name(by)
    roles = sorted(MAY_WATCH)
    if role not in roles:
        raise UsageError("DL-E197", f"There is no role {role!r}.", why=f"There are {', '.join(roles)}.", do="Name one.")
    server = Server(folder, port=port)
    link = server.link(role, name=by)
    say(f"The night {folder.name} as {role} {by} sees it. Open this once, within ten minutes:")
    say(f"  {link}")
    say("Only this machine can. Ctrl-C ends the pages; the night goes on without them.")
    if as_json:
        give({"link": link, "night": folder.name, "role": role, "port": server.port})
    server.run()
