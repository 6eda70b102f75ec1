"""The verbs `house …`."""

from pathlib import Path
from urllib.parse import urlsplit

from dreamloom.adapters.passkeys import party_of
from dreamloom.cli.output import give, say
from dreamloom.house import layout
from dreamloom.house import people as known
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import UsageError


def invite(name: str, role: str, *, by: str, at: str, house: Path | None, as_json: bool) -> None:
    """A link by which one person makes one passkey."""
    where = _address(at)
    token = known.invite(_house(house), name, role, by=by)
    link = f"{where}/join/{token}"
    say(f"{name} may look as {role} once they have made a passkey. For them alone, once, within two days:")
    say(f"  {link}")
    say("The pages have to be served meanwhile: dreamloom serve NIGHT --by NAME")
    if as_json:
        give({"link": link, "name": name, "role": role})


def show(*, house: Path | None, as_json: bool) -> None:
    """Who has a passkey, and who may make one."""
    root = _house(house)
    there, asked = known.people(root), known.waiting(root)
    for each in there:
        names = sorted({key.rp_id for key in each.passkeys})
        say(f"{each.name}  {each.role}, passkeys: {len(each.passkeys)}, at {', '.join(names)}")
    for invited in asked:
        say(f"{invited.name}  {invited.role}, invited until {invited.until_utc:%Y-%m-%d %H:%M} UTC")
    if not there and not asked:
        say("Nobody yet. Begin with: dreamloom house invite NAME --role orchestrator --by NAME")
    if as_json:
        give(
            {
                "people": [
                    {"name": each.name, "role": each.role, "passkeys": [key.rp_id for key in each.passkeys]}
                    for each in there
                ],
                "invited": [
                    {"name": each.name, "role": each.role, "until_utc": each.until_utc.isoformat()} for each in asked
                ],
            }
        )


def remove(name: str, *, by: str, house: Path | None, as_json: bool) -> None:
    """Strikes somebody off."""
    role = known.remove(_house(house), name, by=by)
    say(f"{name} ({role}) may look at nothing here any more; their open pages end at once.")
    if as_json:
        give({"removed": name, "role": role})


def _address(at: str) -> str:
    where = urlsplit(at)
    if where.scheme not in {"http", "https"} or not where.hostname:
        raise UsageError("DL-E612", f"{at!r} is no address.", do="Give one such as https://night.example.org")
    party = party_of(where.netloc)
    if party is None or party.origin != f"{where.scheme}://{where.netloc}":
        raise UsageError(
            "DL-E183",
            f"No browser makes a passkey at {at}.",
            why="Passkeys need https and a name; this machine's own, localhost, does without https.",
            do="Write --at http://localhost:8770, or the https address under which a proxy passes people on.",
        )
    return party.origin


def _house(root: Path | None) -> House:
    return layout.default_house() if root is None else House(root)
