"""Which rules are raised or cleared now, and where does that leave a bed? The guardian's one look at each second."""

from msgspec.structs import replace

from dreamloom.guardian.bed import NOT_CALM, Guarded
from dreamloom.guardian.ladder import highest, is_apart
from dreamloom.guardian.rule import Rule
from dreamloom.guardian.rules import BY_ID, BY_SIGN, RULES
from dreamloom.record.events import GuardianStepped, PodIsolated, Restored, Rung
from dreamloom.vocabulary.units import NightTime

Decision = GuardianStepped | PodIsolated | Restored
NO_NEWS: frozenset[str] = frozenset()


def heed(bed: Guarded, pod: str, now_s: NightTime) -> tuple[Guarded, list[Decision]]:
    """Looks at every rule of which something is new, lasts or is raised.

    Args:
        bed: what is known of it.
        pod: its name.
        now_s: the end of the second that is settled.

    Returns:
        The bed with its news looked at, and what is to be said, in the order of the rules. `raised` follows from what
        is said: it is folded like any other event.
    """
    if not (bed.news or bed.since_s or bed.raised):
        return bed, []
    told: list[Decision] = []
    rungs: dict[str, Rung] = {name: BY_ID[name].rung for name in bed.raised if name in BY_ID}
    calm_s = dict(bed.raised)
    for rule in _looked_at(bed):
        reading = bed.reading(rule.sign, now_s)
        before = highest(rungs.values())
        if rule.id not in bed.raised:
            if reading >= rule.raises_at:
                rungs[rule.id] = rule.rung
                told += _raised(bed, rule, pod, now_s, before=before, stands=highest(rungs.values()))
            continue
        since_s = min(calm_s[rule.id], now_s) if reading <= rule.clears_at else NOT_CALM
        calm_s[rule.id] = since_s
        if now_s - since_s >= rule.calm_s:
            del rungs[rule.id]
            told.append(_cleared(bed, rule, pod, now_s, stands=highest(rungs.values())))
    return replace(bed, news=NO_NEWS, raised=calm_s), told


def _looked_at(bed: Guarded) -> list[Rule]:
    names = {rule.id for sign in (*bed.news, *bed.since_s) for rule in BY_SIGN[sign]} | bed.raised.keys()
    return [rule for rule in RULES if rule.id in names]


def _raised(bed: Guarded, rule: Rule, pod: str, now_s: NightTime, *, before: Rung, stands: Rung) -> list[Decision]:
    cause = bed.causes.get(rule.sign) or None
    stepped = GuardianStepped(
        onset_s=now_s, pod=pod, cause=cause, rule=rule.id, rung=rule.rung, stands=stands, why=rule.why
    )
    is_new = is_apart(stands) and not is_apart(before)
    return [stepped, PodIsolated(onset_s=now_s, pod=pod, cause=cause, rule=rule.id)] if is_new else [stepped]


def _cleared(bed: Guarded, rule: Rule, pod: str, now_s: NightTime, *, stands: Rung) -> Restored:
    cause = bed.causes.get(rule.sign) or None
    return Restored(onset_s=now_s, pod=pod, cause=cause, rule=rule.id, rung=rule.rung, stands=stands, why=rule.clears)
