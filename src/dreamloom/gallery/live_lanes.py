"""Which line of which lane is an event while its night runs, if it is one?"""

from dreamloom.gallery.live_row import Fields, Lane, Row, Said, is_quiet
from dreamloom.vocabulary.units import EPOCH_S

ASKED = {
    "NONE": "let go",
    "SOFTEN": "softer",
    "HOLD": "no cue",
    "FADE": "faded",
    "ISOLATE": "no sound",
    "WAKE": "woken",
}
MARKED = {
    "SetApart": "kept private",
    "Rejoined": "private no longer",
    "LightsOff": "lights off",
    "LightsOn": "lights on",
    "OutOfBedTold": "out of bed",
    "BackInBedTold": "back in bed",
}
"""What somebody said of a bed."""
OF_PEOPLE = frozenset(
    (
        *("NoteMade", "OperatorStaged", "OperatorStepped", "CommandGiven", "ConsentWithdrawn", "Rearmed"),
        *("IntercomUsed", "NeedSeen", "StaffPaged", "VoiceBegan", "VoiceEnded", *MARKED),
    )
)


def said(event: Fields, pod: str, before: Row, row: Row) -> list[Said]:
    """The line of its lane that an event is, if it is one."""
    lane, text = _line(event, before, row)
    return [Said(at_s=float(event["onset_s"]), pod=pod, lane=lane, text=text)] if text else []


def _line(event: Fields, before: Row, row: Row) -> tuple[Lane, str]:
    kind = str(event["type"])
    if kind == "LightsOff" and not before.lights:  # as every night begins
        return "people", ""
    if kind in {"CuePlayed", "CueFailed"}:
        return "cues", row.last
    if kind == "StageScored":
        at_s = float(event["onset_s"])
        is_new = at_s % EPOCH_S == 0 and len(row.strip) > 1 and row.strip[-1] != row.strip[-2]
        return "stages", f"{row.strip[-2]} to {row.strip[-1]}" if is_new else ""
    if kind == "RelayOffered":
        return "relay", f"a signal of {event.get('sender', 'another')} waits for the gate here"
    if kind == "EyeSignalSeen":
        return "relay", "signalled with the eyes" if event.get("status", "confirmed") == "confirmed" else ""
    if kind in OF_PEOPLE:
        return "people", _of_people(event)
    if kind == "OutputTurnedDown":
        return "people", _turned_down(event)
    fresh = next((need for need in row.needs if need not in before.needs), None)
    is_told = fresh is not None and not is_quiet(row, float(event["onset_s"]))
    return "alarms", fresh.text if fresh is not None and is_told else ""


def _turned_down(event: Fields) -> str:
    """What a sleeper did on their own page; the blinded learn that they did something."""
    if "now" not in event:
        return "changed their own sound"
    lowered_db = float(event["lowered_db"])
    softer = f"{lowered_db:g} dB softer" if lowered_db else "as loud as planned"
    return "paused their own sound" if event["now"] == "paused" else f"set their own sound {softer}"


def _of_people(event: Fields) -> str:
    by = event.get("by", "somebody")
    kind = str(event["type"])
    if kind in MARKED:
        return f"{by}: {MARKED[kind]}"
    texts = {
        "NoteMade": f"{by} wrote a note",
        "OperatorStaged": f"{by} sees {event.get('stage') or 'no stage any more'}",
        "OperatorStepped": f"{by}: {ASKED.get(str(event.get('rung')), '')}",
        "CommandGiven": f"{by} asked for {event.get('cue', 'a cue')}",
        "ConsentWithdrawn": "withdrew: silent at once",
        "Rearmed": f"armed again ({by})",
        "NeedSeen": f"{by} looks after it",
        "StaffPaged": f"called {event.get('name', 'somebody')}",
        "IntercomUsed": f"{by} wrote to them" if event.get("toward") == "bed" else "wrote to whoever is awake",
        "VoiceBegan": f"{by} hears this room" if event.get("way") == "listen" else f"{by} may be heard here",
        "VoiceEnded": f"{by} hears it no more" if event.get("way") == "listen" else f"{by} is heard no more",
    }
    return texts[kind]
