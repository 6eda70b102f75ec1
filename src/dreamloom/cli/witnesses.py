"""The verbs `witness …`: who vouches for a night, a checkpoint to print, and a second house that signs it."""

from pathlib import Path

from dreamloom.adapters.keys import FolderVault
from dreamloom.cli.output import give, hand_out, say
from dreamloom.house import layout, second_house
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.house.verifying import refuse_without_record
from dreamloom.house.witnessing import Witness, kept_at_beds
from dreamloom.seals.notes import public_key, verifier_key


def show(night: str, *, as_json: bool) -> None:
    """Keys to check a night by, and how far each bed vouches for it."""
    folder = layout.find_night(night)
    refuse_without_record(folder)
    key = verifier_key(folder.origin, public_key(FolderVault(folder.house.keys, may_make_keys=False).signing_key()))
    beds = []
    for kept in kept_at_beds(folder):
        pod = kept.path.parents[2].name
        beds.append({"pod": pod, "events": _events_of(kept.note), "key": Witness(folder.house.pod(pod)).key})
    say(f"Key of the house for this night, to be kept elsewhere:\n{key}")
    for bed in beds:
        say(f"{bed['pod']} vouches for its first {bed['events']} events: {bed['key']}")
    if not beds:
        say("No bed vouches for it: it was recorded before beds did, or their memory is gone.")
    if as_json:
        give({"night": folder.name, "key": key, "beds": beds})


def show_print(night: str) -> None:
    """The newest signed checkpoint, to be printed or sent away."""
    folder = layout.find_night(night)
    refuse_without_record(folder)
    hand_out(second_house.newest_checkpoint(folder).rstrip("\n").encode())
    say(f"Keep this where nobody of the house can change it; later: dreamloom verify {night} --copy FILE")


def ask(night: str, *, since: int) -> None:
    """A request to another house."""
    folder = layout.find_night(night)
    refuse_without_record(folder)
    hand_out(second_house.request_for(folder, since=since).rstrip("\n").encode())
    say("Send this to the other house, with the key of `dreamloom witness show`: dreamloom witness sign FILE --key KEY")


def sign(file: Path, *, key: str, house: Path | None, as_json: bool) -> None:
    """Our signature beneath another house's checkpoint."""
    ours = House(house) if house is not None else layout.default_house()
    text = read_text(file, what="a request to vouch for a record")
    vouched = second_house.vouch(ours, text, key=second_house.house_public_key(key))
    say(f"Vouched for the first {vouched.size} events of {vouched.origin}; kept in {vouched.path}.")
    say(f"Our key as a witness: {second_house.own_key(ours)}")
    if as_json:
        give({"origin": vouched.origin, "size": vouched.size, "root": vouched.root, "file": str(vouched.path)})
    else:
        hand_out(vouched.note.rstrip("\n").encode())


def _events_of(note: str) -> int | None:
    """What a bed's note says; None where it is spoilt."""
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isdigit() else None
