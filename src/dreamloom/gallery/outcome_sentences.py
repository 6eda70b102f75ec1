"""What can be said of a course in words? Made from its figures, never free: nothing is better than it was found."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dreamloom.gallery.words import counted
from dreamloom.outcomes.account import COUNTS, Account, Adherence, Measure, NightTold
from dreamloom.outcomes.around import Nearer
from dreamloom.outcomes.one_person import Compared
from dreamloom.outcomes.trends import Reported
from dreamloom.statistics.spread import Mean

NOT_A_DEVICE = "Not a medical device: it keeps a schedule and a record, and treats nothing."
NAMES = {
    "nightmares": "nightmares that woke",
    "bad_dreams": "bad dreams",
    "distress": "weight of the night's dreaming (0 to 4)",
    "sleep_quality": "sleep (0 to 10)",
    "rested": "rested (0 to 10)",
    "mood_morning": "mood in the morning (0 to 10)",
    "mood_evening": "mood in the evening (0 to 10)",
}
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
    account: Account, holds: Sequence[HoldSaid], compared: Compared | None, gains: Mapping[str, Nearer] | None = None
) -> list[str]:
    """All that is said of a course, in order."""
    nightmares = account.measures[0]
    lines = [of_adherence(account.adherence), *of_reported(nightmares), *of_changes(account.measures), BY_ITSELF]
    lines += [of_hold(hold) for hold in holds] or ["Cues were never held."]
    if compared is not None:
        lines.append(of_compared(compared))
    lines += [of_gain(name, found) for name, found in (gains or {}).items()]
    return [*lines, NOT_A_DEVICE]


def holds_of(holds: Sequence[tuple[object, str, str, str]]) -> list[HoldSaid]:
    """What is said of holds; a reason stays where it is sealed."""
    return [HoldSaid(str(on), answer, by) for on, answer, by, _ in holds]


def of_adherence(found: Adherence) -> str:
    """How many nights and mornings there were, of how many."""
    ran = f"{found.run} of {counted(found.to_run, 'night')} that were due ran"
    told = f"{found.told} of {counted(found.to_tell, 'morning')} told"
    late = f", {found.late} of them more than a day later, from memory" if found.late else ""
    return f"{ran}; {told}{late}."


def of_reported(measure: Measure) -> list[str]:
    """Counts per reported night, baseline and since, with what the missing mornings could hide."""
    both = (("Baseline", measure.before), ("Since", measure.since), ("Follow-up", measure.later))
    return [_reported(name, found) for name, found in both if found is not None]


def of_changes(measures: Sequence[Measure]) -> list[str]:
    """Every change; what is refused for one and the same reason is said once."""
    refused: dict[str, list[str]] = {}
    asked = [measure for measure in measures if any(value is not None for value in measure.values)]
    for measure in asked:
        if measure.change.why_not:
            refused.setdefault(measure.change.why_not, []).append(NAMES[measure.name].partition(" (")[0])
    lines = [of_change(measure) for measure in asked if not measure.change.why_not]
    return lines + [f"No change is said of {', '.join(names)}: {why}." for why, names in refused.items()]


def of_change(measure: Measure) -> str:
    """A change against the own spread, or why none is said."""
    what, found = NAMES[measure.name], measure.change
    if found.by is None or found.spreads is None:
        return f"{_capital(what)}: no change is said, because {found.why_not}."
    way = "higher" if found.by.value > 0 else "lower"
    size = f"{_n(abs(found.by.value))} {way} than in the baseline"
    size += f" (change {_interval(found.by, sign=True)}; {abs(found.spreads):.1f} of its spreads)"
    beyond = (
        "more than this person's own ups and downs explain" if found.is_beyond else "no more than own ups and downs"
    )
    worst = ""
    if found.worst is not None and found.from_worst is not None:
        week, seen = _n(found.worst), _n(found.from_worst, sign=True)
        worst = f" Measured from the worst baseline week alone ({week}) it would look like {seen}."
    return f"{_capital(what)}: {size}; {beyond}.{worst}"


def of_figure(measure: Measure, what: str) -> str:
    """What a figure shows, in one sentence."""
    told = [value for value in measure.values if value is not None]
    missing = len(measure.values) - len(told)
    over = f"over {counted(len(told), 'told night')}"
    left = f"; {counted(missing, 'night')} not told" if missing else ""
    if measure.name in COUNTS:
        return f"{int(sum(told))} {what} {over}{left}."
    return f"{_capital(what)}: {_n(sum(told) / len(told))} on average {over}{left}."


def of_telling(night: NightTold) -> str:
    """Whether a morning was told, and when."""
    if night.answers is None:
        return "no"
    return "later" if night.is_late else "yes"


def of_hold(hold: HoldSaid) -> str:
    """That cues were held, and what came of it."""
    if not hold.answer:
        return f"Cues are held since {hold.on}: more nightmares than agreed on. Nobody has answered yet."
    then = "cues went on" if hold.answer == "go on" else "cues stayed held"
    return f"Cues were held on {hold.on}: more nightmares than agreed on. {hold.by} answered, and {then}."


def of_compared(found: Compared) -> str:
    """The arms of a trial over one person's nights."""
    if found.by is None or found.p is None:
        return f"The arms are not compared: {found.why_not}."
    first, second = found.arms
    left = f" {counted(found.left_out, 'night')} not told or not washed out left out." if found.left_out else ""
    return (
        f"{first} against {second}: {_n(found.by, sign=True)} nightmares a night, p = {found.p:.3f} by re-drawing the "
        f"{found.arrangements:,} schedules that could have been drawn, over {sum(found.nights)} nights.{left} "
        "It speaks of this person's nights alone."
    )


def of_gain(name: str, found: Nearer) -> str:
    """What shared nights did to a score beyond control nights."""
    if found.beyond is None or found.shared is None or found.control is None:
        return f"{_capital(name)}: nothing is said of shared nights, because {found.why_not}."
    both = f"{_n(found.shared.value, sign=True)} over shared nights, {_n(found.control.value, sign=True)} over control"
    left_out = "the interval leaves 0 out" if found.beyond.low > 0 or found.beyond.high < 0 else "0 lies within it"
    beyond = f"{_n(found.beyond.value, sign=True)} ({_interval(found.beyond, sign=True)}; {left_out})"
    return f"{_capital(name)}, after minus before: {both} nights; beyond them {beyond}."


def _reported(name: str, found: Reported) -> str:
    if found.rate is None or found.if_none is None or found.if_worst is None:
        return f"{name}: none of {counted(found.nights, 'morning')} was told, so nothing is said."
    rate = f"{name}: {_n(found.rate.value)} nightmares per reported night ({_interval(found.rate)}), "
    rate += f"{found.total} in {found.told}"
    if not found.missing:
        return f"{rate}; every morning was told."
    told = f"{rate}. {found.missing} of {counted(found.nights, 'morning')} not told"
    return (
        f"{told}: had they been free of them, or each as bad as the worst, {_n(found.if_none)} to {_n(found.if_worst)}."
    )


def _interval(found: Mean, *, sign: bool = False) -> str:
    return f"95 % from {_n(found.low, sign=sign)} to {_n(found.high, sign=sign)}"


def _n(value: float, *, sign: bool = False) -> str:
    text = f"{value:+.2f}" if sign else f"{value:.2f}"
    return text.replace("-", "−")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
