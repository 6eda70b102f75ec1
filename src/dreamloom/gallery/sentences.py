"""What does a night say in one sentence? For the top of the report and beside every chart."""

from dreamloom.gallery.morning import Morning, PodMorning
from dreamloom.gallery.night_clock import NightClock, duration
from dreamloom.gallery.night_statistics import CueStatistics, NightStatistics, SleepStatistics
from dreamloom.gallery.words import REASONS, counted, stage_in_words
from dreamloom.record.verdict import Verdict
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.stages import Stage

WORTH_SAYING_S = 600.0
"""Unread time from which on "at least" is said; below it nothing anyone would round to changes."""


def summary(pod: PodMorning) -> str:
    """The pod's night in one sentence, without the sleeper's name at its head."""
    cues = pod.statistics.cues
    parts = [slept(pod.statistics.sleep), played(cues), by_the_clock(pod), let_pass(cues)]
    if pod.withdrawn_s is not None:
        parts.append("consent was withdrawn during the night")
    return "; ".join(part for part in parts if part) + "."


def slept(sleep: SleepStatistics) -> str:
    """How much sleep there was, as far as anybody can say."""
    if sleep.total_sleep_s is None:
        return "could not be staged, so nobody can say whether there was sleep"
    if not sleep.total_sleep_s:
        return "did not fall asleep as far as the live track can tell"
    least = "at least " if sleep.unscored_s >= WORTH_SAYING_S else ""
    return f"slept {least}{duration(sleep.total_sleep_s)}"


def played(cues: CueStatistics) -> str:
    """Which cues played, and in which stage most of them."""
    if not cues.played:
        return "no cue was played" + (f", {counted(cues.failed, 'cue')} failed" if cues.failed else "")
    most = max(cues.played_by_stage, key=lambda share: share.cues)
    failed = f", {cues.failed:,} failed" if cues.failed else ""
    if most.cues == cues.played:
        return f"{counted(cues.played, 'cue')} played, all in {stage_in_words(most.stage)}{failed}"
    return f"{counted(cues.played, 'cue')} played, {most.cues:,} of them in {stage_in_words(most.stage)}{failed}"


def by_the_clock(pod: PodMorning) -> str:
    """How many cues asked for no stage; empty where every one did."""
    unstaged = sum(cue.fate == "played" and cue.label == "unstaged" for cue in pod.night.cues)
    return f"{unstaged:,} of them unstaged, by the clock alone" if unstaged else ""


def let_pass(cues: CueStatistics) -> str:
    """How often a cue was withheld, and why mostly."""
    if not cues.withheld:
        return "none was withheld"
    occasions = cues.occasions_withheld
    mostly = "" if len(cues.withheld) == 1 else "mostly "
    most = max(cues.withheld, key=lambda tally: tally.occasions)
    return f"withheld {counted(occasions, 'time')}, {mostly}because {REASONS[most.reason].because}"


def of_hypnogram(statistics: NightStatistics, clock: NightClock) -> str:
    """What the hypnogram shows."""
    sleep = statistics.sleep
    if not sleep.total_sleep_s:
        return f"{_capital(slept(sleep))}."
    rem = next(time for time in sleep.stages if time.stage is Stage.R)
    parts = [_capital(slept(sleep))]
    if sleep.sleep_latency_s is not None:
        parts[0] += f", {_onset(sleep.sleep_latency_s)}"
    parts.append(
        f"{duration(rem.duration_s)} of it REM ({rem.percent_of_sleep:.0f} %)" if rem.epochs else "none of it REM"
    )
    parts.append(f"{counted(sleep.awakenings, 'awakening')} and {counted(sleep.arousals, 'arousal')}")
    ends = "" if clock.local(0.0) else " Times are hours of night, counted from its opening."
    return ", ".join(parts) + "." + ends


def of_rem_strip(pod: PodMorning) -> str:
    """What the strip of REM probability shows."""
    known = [epoch for epoch in pod.night.epochs if epoch.rem is not None]
    if not known:
        return "The live track gave no probability in this night."
    likely = sum((epoch.rem or 0.0) >= 0.5 for epoch in known) * 30.0
    when = f"during {duration(likely)}" if likely else "at no time"
    return f"The live track held REM for more likely than not {when}."


def of_ribbon(pod: PodMorning) -> str:
    """What the cue ribbon shows."""
    said = (_capital(played(pod.statistics.cues)), by_the_clock(pod), let_pass(pod.statistics.cues))
    return "; ".join(part for part in said if part) + "."


def of_status(morning: Morning) -> str:
    """Whether the night is over, and how it ended."""
    closed = morning.closed
    if closed is None:
        return (
            "This night has no end in its record: it is still running, or it broke off. "
            "What follows is what is known so far."
        )
    if closed.status == "complete":
        return "The night ran to its end."
    how = "was interrupted" if closed.status == "interrupted" else "failed"
    return f"The night {how}: {closed.reason}." if closed.reason else f"The night {how}."


def of_verdict(verdict: Verdict | DreamloomError) -> str:
    """Whether the record is the one that was written."""
    if isinstance(verdict, DreamloomError):
        return f"The record could not be checked: {verdict.what} {verdict.do}".strip()
    if verdict.standing == "not signed yet":
        return f"This record is not signed yet: {verdict.why}."
    if not verdict.ok:
        return f"This record does not verify. First: {verdict.first_bad}. It is because: {verdict.why}."
    note = f" But {verdict.why}." if verdict.why else ""
    return f"The record verifies: {counted(verdict.events, 'event')}, {verdict.signed:,} of them signed.{note}"


def _onset(latency_s: float) -> str:
    return f"beginning {duration(latency_s)} after lights off" if latency_s else "from lights off on"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
