"""What does each event make of a bed's row while its night runs?"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from dreamloom.gallery.live_row import Fields, Need, Priority, Row
from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.gallery.words import SPOILT
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S


def _epoch(at_s: float) -> int:
    return int(at_s // EPOCH_S)


def _scored(row: Row, event: Fields) -> Row:
    at_s = float(event["onset_s"])
    letter = "?" if event["stage"] == Stage.UNSCORED else str(event["stage"])
    strip = row.strip
    if at_s % EPOCH_S == 0 and at_s > 0:
        number = _epoch(at_s) - 1
        strip = (*strip[:number], *("?",) * (number - len(strip)), letter)
    return replace(row, stage=letter, confidence=event.get("confidence"), scored_s=at_s, strip=strip)


def _played(row: Row, event: Fields) -> Row:
    at_s = float(event.get("actual_s", event["onset_s"]))
    name = event.get("cue", "a cue")
    return replace(
        row, cues=row.cues + 1, cued=_with(row.cued, _epoch(at_s)), last=f"{name} heard", last_s=at_s
    )  # fmt: skip


def _due(row: Row, event: Fields) -> Row:
    return replace(row, level_db=event.get("level_db", row.level_db))


def _withheld(row: Row, event: Fields) -> Row:
    reason = str(event.get("reason", ""))
    why = IN_WORDS.get(reason, reason.lower())
    return replace(row, last=why if why.startswith("held") else f"held: {why}", last_s=float(event["until_s"]))


def _failed(row: Row, event: Fields) -> Row:
    return replace(row, last="not played", last_s=float(event["onset_s"]))


def _stirred(row: Row, event: Fields) -> Row:
    return replace(row, aroused=_with(row.aroused, _epoch(float(event["onset_s"]))))


def _nightmare(row: Row, event: Fields) -> Row:
    return _needing(_stirred(row, event), event, "nightmare", "high", "stirred as out of a nightmare")


def _lost(row: Row, event: Fields) -> Row:
    return _needing(replace(row, lost=True), event, "lost", "high", "no data: silent; look at its headband and radio")


def _found(row: Row, _: Fields) -> Row:
    return _over(replace(row, lost=False), "lost")


def _ended(row: Row, _: Fields) -> Row:
    return _over(replace(row, ended=True, lost=False), "lost")


def _spoilt(row: Row, event: Fields) -> Row:
    channel = str(event["channel"])
    why = SPOILT.get(event["fault"], str(event["fault"]).lower())
    spoilt = {**row.spoilt, channel: why}
    return _needing(replace(row, spoilt=spoilt), event, f"spoilt {channel}", "medium", f"{channel} {why}")


def _mended(row: Row, event: Fields) -> Row:
    channel = str(event["channel"])
    left = {name: why for name, why in row.spoilt.items() if name != channel}
    return _over(replace(row, spoilt=left), f"spoilt {channel}")


def _withdrew(row: Row, _: Fields) -> Row:
    return replace(row, withdrawn=True)


def _out(row: Row, event: Fields) -> Row:
    row = replace(row, out_of_bed=True)
    return _quiet(row, event, "out of bed") if event["type"] == "OutOfBedTold" else row


def _back(row: Row, _: Fields) -> Row:
    return replace(row, out_of_bed=False, quiet="lights on" if row.lights == "on" else "")


def _lights(row: Row, event: Fields) -> Row:
    if event["type"] == "LightsOn":
        return _quiet(replace(row, lights="on"), event, "lights on")
    return replace(row, lights="off", quiet="" if row.quiet == "lights on" else row.quiet)


def _quiet(row: Row, event: Fields, why: str) -> Row:
    return replace(row, quiet=why, quiet_since_s=float(event["onset_s"]))


def _company(row: Row, event: Fields) -> Row:
    return replace(row, apart=event["type"] == "SetApart")


def _guarded(row: Row, event: Fields) -> Row:
    key = f"rule {event.get('rule')}"
    row = replace(row, rung=str(event.get("stands", "NONE")))
    if event["type"] == "Restored":
        return _over(row, key)
    priority: Priority = {"ISOLATE": "high", "FADE": "high", "WAKE": "high"}.get(str(event.get("rung")), "medium")  # type: ignore[assignment]
    return row if event.get("rung") == "NOTE" else _needing(row, event, key, priority, str(event.get("why", "")))


def _stepped(row: Row, event: Fields) -> Row:
    return replace(row, by_hand=str(event.get("rung", "NONE")))


def _no_output(row: Row, event: Fields) -> Row:
    return _needing(row, event, "output", "medium", "its output gives no sound")


def _output(row: Row, _: Fields) -> Row:
    return _over(row, "output")


def _stopped(row: Row, event: Fields) -> Row:
    return _needing(row, event, "stopped", "low", f"silent for tonight: {event.get('reason', 'a stop rule')}")


def _disarmed(row: Row, event: Fields) -> Row:
    return _needing(row, event, "disarmed", "medium", "silent until somebody arms it")


def _armed(row: Row, _: Fields) -> Row:
    return _over(row, "disarmed")


def _scene(row: Row, event: Fields) -> Row:
    return replace(row, scene=str(event.get("scene", "")))


def _woken(row: Row, event: Fields) -> Row:
    return _needing(row, event, "woken", "low", "is being woken")


def _awake(row: Row, event: Fields) -> Row:
    row = _over(row, "woken")
    slept_on = event.get("how") == "GAVE_UP"
    return _needing(row, event, "slept on", "medium", "was not woken by its sounds: go there") if slept_on else row


def _looked(row: Row, event: Fields) -> Row:
    """Every need of this bed where none is named."""
    meant = str(event.get("need", ""))
    by = str(event.get("by", "somebody"))
    return replace(
        row, needs=tuple(replace(each, seen_by=by) if meant in {"", each.key} else each for each in row.needs)
    )


def _wrote(row: Row, event: Fields) -> Row:
    if event.get("toward") == "bed":
        return _over(row, "wrote")
    return _needing(row, event, "wrote", "medium", "wrote to whoever is awake: read it, and answer")


def _with(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    return numbers if numbers and numbers[-1] == number else (*numbers, number)


def _needing(row: Row, event: Fields, key: str, priority: Priority, text: str) -> Row:  # noqa: PLR0917 - private, in order
    known = next((each for each in row.needs if (each.key, each.priority) == (key, priority)), None)
    since_s = float(event["onset_s"])
    need = Need(key=key, priority=priority, text=text, since_s=since_s, seen_by=known.seen_by if known else "")
    return replace(row, needs=(*(each for each in row.needs if each.key != key), need))


def _over(row: Row, key: str) -> Row:
    return replace(row, needs=tuple(each for each in row.needs if each.key != key))


FOLDS: Mapping[str, Callable[[Row, Fields], Row]] = MappingProxyType(
    {
        "StageScored": _scored,
        "CueDue": _due,
        "CuePlayed": _played,
        "CueWithheld": _withheld,
        "CueFailed": _failed,
        "ArousalSeen": _stirred,
        "NightmareArousalSeen": _nightmare,
        "StreamLost": _lost,
        "StreamFound": _found,
        "StreamEnded": _ended,
        "SignalSpoilt": _spoilt,
        "SignalMended": _mended,
        "ConsentWithdrawn": _withdrew,
        "OutOfBedSeen": _out,
        "BackInBedSeen": _back,
        "OutOfBedTold": _out,
        "BackInBedTold": _back,
        "LightsOff": _lights,
        "LightsOn": _lights,
        "SetApart": _company,
        "Rejoined": _company,
        "GuardianStepped": _guarded,
        "Restored": _guarded,
        "OperatorStepped": _stepped,
        "OutputLost": _no_output,
        "OutputFound": _output,
        "PartStopped": _stopped,
        "SpeakerReopened": _disarmed,
        "MachineSlept": _disarmed,
        "Recovered": lambda row, event: _disarmed(_back(row, event), event),
        "StreamUnrecognised": _disarmed,
        "Rearmed": _armed,
        "SceneEntered": _scene,
        "AwakeningDue": _woken,
        "AwakeningMade": _awake,
        "IntercomUsed": _wrote,
        "NeedSeen": _looked,
    }
)
"""What each event makes of a bed's row."""
NEEDY = frozenset(FOLDS) - {
    "StageScored",
    "CueDue",
    "CuePlayed",
    "CueWithheld",
    "CueFailed",
    "ArousalSeen",
    "SceneEntered",
}
"""Those that begin or end a need of a bed."""
