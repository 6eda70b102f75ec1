"""What can be said of a course in words? Made from its figures, never free: nothing is better than it was found."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dreamloom.outcomes.account import COUNTS, Account, Adherence, Measure, NightTold
from dreamloom.outcomes.around import Nearer
from dreamloom.outcomes.one_person import Compared
from dreamloom.outcomes.trends import Reported
from dreamloom.statistics.spread import Mean
from dreamloom.vocabulary.texts import Number, Say, in_english

NOT_A_DEVICE = "Not a medical device: it keeps a schedule and a record, and treats nothing."
NAMES = {
    "nightmares": "nightmares that woke",
    "bad_dreams": "bad dreams",
    "distress": "weight of the night's dreaming",
    "sleep_quality": "sleep",
    "rested": "rested",
    "mood_morning": "mood in the morning",
    "mood_evening": "mood in the evening",
}
TOPS = {"distress": 4, "sleep_quality": 10, "rested": 10, "mood_morning": 10, "mood_evening": 10}
"""How high each may be answered; what is counted has no top."""
BY_ITSELF = (
    "A course is begun when things are bad, so part of any fall comes by itself, whatever is done; without nights "
    "drawn by chance nobody can say how much."
)


class HoldSaid(NamedTuple):
    """One hold, and who answered what; "" while nobody did."""

    on: str
    answer: str
    by: str


def of_course(
    account: Account,
    holds: Sequence[HoldSaid],
    compared: Compared | None,
    gains: Mapping[str, Nearer] | None = None,
    *,
    logged: Sequence[str] = (),
    say: Say = in_english,
) -> list[str]:
    """All that is said of a course, in order; `logged` are sentences on what was logged beside its mornings."""
    nightmares = account.measures[0]
    lines = [of_adherence(account.adherence, say=say), *of_reported(nightmares, say=say)]
    lines += [*of_changes(account.measures, say=say), say(BY_ITSELF)]
    lines += [of_hold(hold, say=say) for hold in holds] or [say("Cues were never held.")]
    if compared is not None:
        lines.append(of_compared(compared, say=say))
    lines += [of_gain(name, found, say=say) for name, found in (gains or {}).items()]
    return [*lines, *logged, say(NOT_A_DEVICE)]


def holds_of(holds: Sequence[tuple[object, str, str, str]]) -> list[HoldSaid]:
    """What is said of holds; a reason stays where it is sealed."""
    return [HoldSaid(str(on), answer, by) for on, answer, by, _ in holds]


def of_adherence(found: Adherence, *, say: Say = in_english) -> str:
    """How many nights and mornings there were, of how many."""
    counts = {"run": found.run, "nights": nights(found.to_run, say), "told": found.told}
    counts["mornings"] = _mornings(found.to_tell, say)
    if not found.late:
        return say("{run} of {nights} that were due ran; {told} of {mornings} told.", **counts)
    return say(
        "{run} of {nights} that were due ran; {told} of {mornings} told, {late} of them more than a day later, "
        "from memory.",
        **counts,
        late=found.late,
    )


def of_reported(measure: Measure, *, say: Say = in_english) -> list[str]:
    """Counts per reported night, baseline and since, with what the missing mornings could hide."""
    both = ((say("Baseline"), measure.before), (say("Since"), measure.since), (say("Follow-up"), measure.later))
    return [_reported(name, found, say) for name, found in both if found is not None]


def of_changes(measures: Sequence[Measure], *, say: Say = in_english) -> list[str]:
    """Every change; what is refused for one and the same reason is said once."""
    refused: dict[str, list[str]] = {}
    asked = [measure for measure in measures if any(value is not None for value in measure.values)]
    for measure in asked:
        if measure.change.why_not:
            refused.setdefault(measure.change.why_not, []).append(say(NAMES[measure.name]))
    lines = [of_change(measure, say=say) for measure in asked if not measure.change.why_not]
    none = [
        say("No change is said of {names}: {why}.", names=", ".join(names), why=why) for why, names in refused.items()
    ]
    return lines + none


def of_change(measure: Measure, *, say: Say = in_english) -> str:
    """A change against the own spread, or why none is said."""
    what, found = _capital(name_of(measure.name, say)), measure.change
    if found.by is None or found.spreads is None:
        return say("{what}: no change is said, because {why}.", what=what, why=found.why_not)
    by, interval = _n(abs(found.by.value), say), _interval(found.by, say, sign=True)
    size = (
        say("{by} higher than in the baseline", by=by)
        if found.by.value > 0
        else say("{by} lower than in the baseline", by=by)
    )
    beyond = (
        say("more than this person's own ups and downs explain")
        if found.is_beyond
        else say("no more than own ups and downs")
    )
    said = say(
        "{what}: {size} (change {interval}; {spreads} of its spreads); {beyond}.",
        what=what,
        size=size,
        interval=interval,
        spreads=Number(abs(found.spreads), ".1f"),
        beyond=beyond,
    )
    if found.worst is None or found.from_worst is None:
        return said
    week, seen = _n(found.worst, say), _n(found.from_worst, say, sign=True)
    worst = say("Measured from the worst baseline week alone ({week}) it would look like {seen}.", week=week, seen=seen)
    return f"{said} {worst}"


def of_figure(measure: Measure, *, say: Say = in_english) -> str:
    """What a figure shows, in one sentence."""
    told = [value for value in measure.values if value is not None]
    missing = len(measure.values) - len(told)
    what = name_of(measure.name, say)
    over = say("over 1 told night") if len(told) == 1 else say("over {count} told nights", count=Number(len(told), ","))
    if missing:
        over = say("{over}; {nights} not told", over=over, nights=nights(missing, say))
    if measure.name in COUNTS:
        return say("{total} {what} {over}.", total=int(sum(told)), what=what, over=over)
    mean = _n(sum(told) / len(told), say)
    return say("{what}: {mean} on average {over}.", what=_capital(what), mean=mean, over=over)


def of_telling(night: NightTold, *, say: Say = in_english) -> str:
    """Whether a morning was told, and when."""
    if night.answers is None:
        return say("no")
    return say("later") if night.is_late else say("yes")


def of_hold(hold: HoldSaid, *, say: Say = in_english) -> str:
    """That cues were held, and what came of it."""
    if not hold.answer:
        return say("Cues are held since {day}: more nightmares than agreed on. Nobody has answered yet.", day=hold.on)
    if hold.answer == "go on":
        return say(
            "Cues were held on {day}: more nightmares than agreed on. {by} answered, and cues went on.",
            day=hold.on,
            by=hold.by,
        )
    return say(
        "Cues were held on {day}: more nightmares than agreed on. {by} answered, and cues stayed held.",
        day=hold.on,
        by=hold.by,
    )


def of_compared(found: Compared, *, say: Say = in_english) -> str:
    """The arms of a trial over one person's nights."""
    if found.by is None or found.p is None:
        return say("The arms are not compared: {why}.", why=found.why_not)
    first, second = found.arms
    said = [
        say(
            "{first} against {second}: {by} nightmares a night, p = {p} by re-drawing the {ways} schedules that could "
            "have been drawn, over {count} nights.",
            first=first,
            second=second,
            by=_n(found.by, say, sign=True),
            p=Number(found.p, ".3f"),
            ways=Number(found.arrangements, ","),
            count=sum(found.nights),
        )
    ]
    if found.left_out:
        said.append(say("{nights} not told or not washed out left out.", nights=nights(found.left_out, say)))
    return " ".join([*said, say("It speaks of this person's nights alone.")])


def of_gain(name: str, found: Nearer, *, say: Say = in_english) -> str:
    """What shared nights did to a score beyond control nights."""
    what = _capital(say(name))
    if found.beyond is None or found.shared is None or found.control is None:
        return say("{what}: nothing is said of shared nights, because {why}.", what=what, why=found.why_not)
    is_beyond = found.beyond.low > 0 or found.beyond.high < 0
    return say(
        "{what}, after minus before: {shared} over shared nights, {control} over control nights; beyond them {beyond} "
        "({interval}; {zero}).",
        what=what,
        shared=_n(found.shared.value, say, sign=True),
        control=_n(found.control.value, say, sign=True),
        beyond=_n(found.beyond.value, say, sign=True),
        interval=_interval(found.beyond, say, sign=True),
        zero=say("the interval leaves 0 out") if is_beyond else say("0 lies within it"),
    )


def name_of(name: str, say: Say = in_english) -> str:
    """What is measured, with its ends where it has any."""
    if name not in TOPS:
        return say(NAMES[name])
    return say("{what} (0 to {top})", what=say(NAMES[name]), top=TOPS[name])


def nights(count: int, say: Say) -> str:
    """1 night, 12 nights."""
    return say("1 night") if count == 1 else say("{count} nights", count=Number(count, ","))


def _mornings(count: int, say: Say) -> str:
    return say("1 morning") if count == 1 else say("{count} mornings", count=Number(count, ","))


def _reported(when: str, found: Reported, say: Say) -> str:
    mornings = _mornings(found.nights, say)
    if found.rate is None or found.if_none is None or found.if_worst is None:
        return say("{when}: none of {mornings} was told, so nothing is said.", when=when, mornings=mornings)
    rate = say(
        "{when}: {rate} nightmares per reported night ({interval}), {total} in {told}",
        when=when,
        rate=_n(found.rate.value, say),
        interval=_interval(found.rate, say),
        total=found.total,
        told=found.told,
    )
    if not found.missing:
        return say("{rate}; every morning was told.", rate=rate)
    return say(
        "{rate}. {missing} of {mornings} not told: had they been free of them, or each as bad as the worst, "
        "{low} to {high}.",
        rate=rate,
        missing=found.missing,
        mornings=mornings,
        low=_n(found.if_none, say),
        high=_n(found.if_worst, say),
    )


def _interval(found: Mean, say: Say, *, sign: bool = False) -> str:
    return say("95 % from {low} to {high}", low=_n(found.low, say, sign=sign), high=_n(found.high, say, sign=sign))


def _n(value: float, say: Say, *, sign: bool = False) -> str:
    return say(Number(value, "+.2f" if sign else ".2f")).replace("-", "−")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
