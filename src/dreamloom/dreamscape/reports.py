"""How is somebody woken behind a dialogue? As their author wakes in this night anyway, for a report, then let sleep."""

import msgspec

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.waking import Awakening


def awakenings_of(dreamscape: Dreamscape) -> tuple[Awakening, ...]:
    """Those that are written, then one for each dialogue that wakes for a report; by these numbers a record knows them.

    The cue, the ramp and the report are those of the first probe that is written, else of whatever else has a report,
    else of the morning.
    """
    model = _model(dreamscape)
    if model is None:
        return dreamscape.awakenings
    dialogues = list(dreamscape.dialogues.values())
    behind = (
        msgspec.structs.replace(
            model,
            kind="probe",
            for_="each sleeper",
            when=None,
            apart=None,
            times=dialogues[index].budget.per_night,
            awake_for_s=None,
            latest=None,
            prefer=(),
            look_for_s=None,
            before_sleep=None,
        )
        for index in waking_dialogues(dreamscape)
    )
    return (*dreamscape.awakenings, *behind)


def waking_dialogues(dreamscape: Dreamscape) -> tuple[int, ...]:
    """Numbers of the dialogues behind which somebody is woken, in the order of the file."""
    if _model(dreamscape) is None:
        return ()
    told = enumerate(dreamscape.dialogues.values())
    return tuple(index for index, each in told if each.then == "wake for report")


def dialogue_before(dreamscape: Dreamscape, awakening: int) -> int | None:
    """The number of the dialogue that leads to this awakening; None for one that is written."""
    place = awakening - len(dreamscape.awakenings)
    return waking_dialogues(dreamscape)[place] if place >= 0 else None


def _model(dreamscape: Dreamscape) -> Awakening | None:
    written = dreamscape.awakenings
    probes = [each for each in written if each.kind == "probe" and each.report is not None]
    told = [each for each in written if each.report is not None]
    mornings = [each for each in written if each.kind == "morning"]
    return next(iter((*probes, *told, *mornings)), None)
