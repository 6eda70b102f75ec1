"""Which numbers come first? A pod's sleep and cues as a few large figures; a dash and why, where none can be given."""

from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.night_clock import duration
from dreamloom.gallery.night_statistics import CueStatistics, NightStatistics, SleepStatistics
from dreamloom.gallery.sentences import WORTH_SAYING_S
from dreamloom.vocabulary.stages import Stage

DASH = "–"


def sleep_figures(statistics: NightStatistics) -> Markup:
    """Eight figures on sleep."""
    sleep = statistics.sleep
    rem = next(time for time in sleep.stages if time.stage is Stage.R)
    share = "" if rem.percent_of_sleep is None else f" {rem.percent_of_sleep:.0f} %"
    return _figures(
        _figure("asleep", _least(sleep), f" of {duration(sleep.in_bed_s)} in bed"),
        _figure("from lights off to sleep", _latency(sleep.sleep_latency_s, certain=sleep.latency_certain)),
        _figure("awake after sleep onset", _time(sleep.waso_s)),
        _figure("sleep efficiency", *_efficiency(sleep)),
        _figure("REM sleep", _time(rem.duration_s if sleep.total_sleep_s else None), share, class_="rem"),
        _figure("from sleep onset to REM", _latency(sleep.rem_latency_s, certain=sleep.rem_latency_certain)),
        _figure("awakenings", str(sleep.awakenings), f" {sleep.transitions} stage changes"),
        _figure("arousals per hour of sleep", _rate(sleep.arousals_per_hour), f" {sleep.arousals} in all"),
    )


def cue_figures(cues: CueStatistics) -> Markup:
    """Four figures on cues."""
    rem = next((share for share in cues.played_by_stage if share.stage is Stage.R), None)
    others = [f"{cues.failed} failed"] * bool(cues.failed) + [f"{cues.unknown} unknown"] * bool(cues.unknown)
    return _figures(
        _figure("cues played", f"{cues.played:,}", f" {', '.join(others)}", class_="cue"),
        _figure("of them in REM", f"{rem.percent:.0f} %" if rem else ("0 %" if cues.played else DASH)),
        _figure("cues per hour of REM", _rate(cues.per_rem_hour)),
        _figure("planned level", *_levels(cues)),
    )


def _figures(*figures: Markup) -> Markup:
    return tag("dl", join(*figures), class_="numbers")


def _figure(name: str, value: str, aside: str = "", *, class_: str | None = None) -> Markup:
    small = tag("small", aside) if aside.strip() else Markup()
    return tag("div", tag("dt", name), tag("dd", value, small, class_=class_))


def _time(span_s: float | None) -> str:
    return DASH if span_s is None else duration(span_s)


def _least(sleep: SleepStatistics) -> str:
    """Unread time may have held more sleep."""
    least = "≥ " if sleep.total_sleep_s and sleep.unscored_s >= WORTH_SAYING_S else ""
    return f"{least}{_time(sleep.total_sleep_s)}"


def _latency(span_s: float | None, *, certain: bool) -> str:
    """An unread epoch before it may have held what was looked for: then it is an upper bound."""
    return DASH if span_s is None else f"{'' if certain else '≤ '}{duration(span_s)}"


def _efficiency(sleep: SleepStatistics) -> tuple[str, str]:
    least, most = sleep.efficiency_percent, sleep.efficiency_at_most_percent
    if least is None or most is None:
        return DASH, ""
    exact = round(least) == round(most)
    return (f"{least:.0f} %", "") if exact else (f"{least:.0f}–{most:.0f} %", f" {duration(sleep.unscored_s)} unread")


def _rate(per_hour: float | None) -> str:
    return DASH if per_hour is None else f"{per_hour:.1f}"


def _levels(cues: CueStatistics) -> tuple[str, str]:
    if cues.level_low_db is None or cues.level_high_db is None:
        return DASH, ""
    late = "" if cues.late_median_s is None else f" late by {1000 * cues.late_median_s:.0f} ms"
    if cues.level_low_db == cues.level_high_db:
        return f"{cues.level_low_db:.0f} dB", late
    return f"{cues.level_low_db:.0f}–{cues.level_high_db:.0f} dB", late
