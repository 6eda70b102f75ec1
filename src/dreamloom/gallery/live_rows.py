"""How does a night look while it runs? A row a bed, what needs somebody, what happened: folded from what a role sees.

The fold takes events as the projection of a role leaves them (record/projections.py), so that nothing reaches a view
that its onlooker may not see. It decides nothing.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.gallery.words import SPOILT
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S

Fields = Mapping[str, Any]
Lane = Literal["cues", "stages", "alarms", "relay", "people"]
Priority = Literal["high", "medium", "low", "info"]
STALE_S = 45.0
"""An older estimate is shown as none: nothing is cued on it either (rule C6)."""


class Need(Struct, frozen=True, kw_only=True):
    """Something that may need somebody, until it is over.

    Attributes:
        key: of its kind, one at a time for each bed.
        priority: by the names of device alerts (HL7): high, medium, low, info.
        since_s: night time.
        seen_by: who looks after it; "" for nobody yet.
    """

    key: str
    priority: Priority
    text: str
    since_s: float
    seen_by: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """One line of one lane."""

    at_s: float
    pod: str
    lane: Lane
    text: str


class Row(Struct, frozen=True, kw_only=True):
    """One bed.

    Attributes:
        strip: its stage in each 30-s epoch so far, by letter; "?" where none is known.
        cued, aroused: numbers of epochs in which a cue sounded, and in which the sleeper stirred.
        last: what became of the newest occasion for a cue, in a few words.
        status: what holds for the whole bed, in a few words; "" where it is recorded and nothing is amiss.
        spoilt: channels that are not believed, and why.
        rung: how far the guardian or a person holds it back.
        apart: a person keeps it private.
        lights: as somebody said last; "" before that.
        quiet: why nothing here calls anybody, since quiet_since_s; "" where it does.
    """

    pod: str
    sleeper: str = ""
    stage: str = "?"
    confidence: float | None = None
    scored_s: float | None = None
    strip: tuple[str, ...] = ()
    cued: tuple[int, ...] = ()
    aroused: tuple[int, ...] = ()
    cues: int = 0
    last: str = ""
    last_s: float | None = None
    level_db: float | None = None
    status: str = ""
    spoilt: Mapping[str, str] = field(default_factory=dict)
    rung: str = "NONE"
    by_hand: str = "NONE"
    withdrawn: bool = False
    lost: bool = False
    ended: bool = False
    out_of_bed: bool = False
    apart: bool = False
    lights: Literal["off", "on", ""] = ""
    quiet: str = ""
    quiet_since_s: float = 0.0
    scene: str = ""
    needs: tuple[Need, ...] = ()


class NightNow(Struct, frozen=True, kw_only=True):
    """A night as one role sees it now.

    Attributes:
        seen: events of the record, whether shown or not.
        staff: who can be called, in this order.
        unattended: nobody is awake beside the beds.
    """

    rows: Mapping[str, Row] = field(default_factory=dict)
    now_s: float = 0.0
    seen: int = 0
    status: str = "running"
    said: tuple[Said, ...] = ()
    staff: tuple[str, ...] = ()
    unattended: bool = False


QUIET_S = 1200.0
"""Whoever is up for longer than twenty minutes may need somebody after all: the bed's alarms call again. Ours."""
ASKED = {
    "NONE": "let go",
    "SOFTEN": "softer",
    "HOLD": "no cue",
    "FADE": "faded",
    "ISOLATE": "no sound",
    "WAKE": "woken",
}
MOST_SAID = 400
"""Lines that are kept; older ones stand in the record. Ours."""


def fold(night: NightNow, event: Fields) -> NightNow:
    """The night after one more event that this role sees."""
    pod = event.get("pod")
    night = replace(night, now_s=max(night.now_s, float(event.get("tick", 0)) + 1.0))
    if event["type"] == "NightOpened":
        return replace(night, rows={**{seat["pod"]: _of_seat(seat) for seat in event.get("roster", ())}, **night.rows})
    if event["type"] == "NightClosed":
        return replace(night, status=str(event.get("status", "complete")))
    if event["type"] == "StaffOnDuty":
        return replace(night, staff=tuple(event["names"]), unattended=event["they_are"] == "REACHABLE")
    if pod is None:
        return night
    row = night.rows.get(pod) or Row(pod=pod)
    change = FOLDS.get(event["type"])
    changed = row if change is None else change(row, event)
    lines = tuple(_said(event, pod, row, changed))
    rows = night.rows if changed is night.rows.get(pod) else {**night.rows, pod: changed}
    return replace(night, rows=rows, said=(*night.said, *lines)[-MOST_SAID:])


def _of_seat(seat: Fields) -> Row:
    return Row(pod=str(seat["pod"]), sleeper=str(seat.get("sleeper", "")))


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


def is_quiet(row: Row, now_s: float) -> bool:
    """Whether somebody said that this bed's alarms are not to call, a while ago at most."""
    return bool(row.quiet) and now_s - row.quiet_since_s < QUIET_S


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


def status_of(row: Row, now_s: float) -> str:
    """What holds for the whole bed, in a few words; empty where it is recorded and nothing is amiss."""
    states = (
        (row.withdrawn, "withdrew: silent for tonight"),
        (row.ended, "recording ended"),
        (row.lost, "no data"),
        (row.out_of_bed, "out of bed"),
        ("ISOLATE" in {row.rung, row.by_hand}, "by itself: no sound"),
        (row.by_hand == "FADE" and row.rung not in {"HOLD", "FADE", "WAKE"}, "faded: no cue"),
        ({"HOLD", "FADE", "WAKE"} & {row.rung, row.by_hand}, "held: no cue"),
        ("SOFTEN" in {row.rung, row.by_hand}, "softer"),
        (row.apart, "private"),
        (row.lights == "on", "lights on"),
        (row.scored_s is not None and now_s - row.scored_s > STALE_S, "no fresh stage"),
    )
    return next((words for holds, words in states if holds), "")


def with_statuses(night: NightNow) -> NightNow:
    """Every row with what holds for its bed now; a row that says so already stays the same object."""
    told = ((name, row, status_of(row, night.now_s)) for name, row in night.rows.items())
    changed = {name: replace(row, status=status) for name, row, status in told if row.status != status}
    return replace(night, rows={**night.rows, **changed}) if changed else night


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


def _said(event: Fields, pod: str, before: Row, row: Row) -> list[Said]:
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
