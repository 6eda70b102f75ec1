"""Which numbers lie behind a chart? Tables with a caption and heads, for everybody who would rather read."""

from collections.abc import Sequence

from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.morning import PodMorning
from dreamloom.gallery.night_clock import NightClock, duration, night_time
from dreamloom.gallery.night_statistics import Withheld
from dreamloom.gallery.pod_night import Cue, Epoch, PodNight, bouts
from dreamloom.gallery.words import GROUPS, REASONS, STAGE_NAMES, failure
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S

HOUR_S = 3600
Row = Sequence[str]


def table(caption: str, heads: Sequence[str], rows: Sequence[Row], *, numeric: Sequence[int] = ()) -> Markup:
    """A table whose first column heads its rows; `numeric` columns are set to the right."""
    classes = ["n" if i in numeric else None for i in range(len(heads))]
    head = join(*(tag("th", text, scope="col", class_=class_) for text, class_ in zip(heads, classes, strict=True)))
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row", class_="when"),
            *(tag("td", cell, class_=class_) for cell, class_ in zip(row[1:], classes[1:], strict=True)),
        )
        for row in rows
    ]
    whole = tag("table", tag("caption", caption), tag("thead", tag("tr", head)), tag("tbody", *body))
    return scrollable(whole, caption)


def scrollable(content: str, label: str) -> Markup:
    """Scrolls sideways by itself on a small screen, also by keyboard."""
    return tag("div", content, class_="scroll", role="region", tabindex="0", aria_label=label)


def behind(summary: str, content: str) -> Markup:
    """Folded away until somebody asks."""
    return tag("details", tag("summary", summary), content)


def of_bouts(pod: PodMorning, clock: NightClock) -> Markup:
    """The hypnogram as a table."""
    rows = [
        [*moment(bout.from_s, clock), _named(bout.stage), duration(bout.to_s - bout.from_s)]
        for bout in bouts(pod.night.epochs)
    ]
    heads = [*moment_heads(clock), "Stage", "For"]
    return table(f"{pod.seat.sleeper}: stages in the order of the night", heads, rows, numeric=[len(heads) - 1])


def of_losses(pod: PodMorning, clock: NightClock) -> Markup:
    """Where samples are missing."""
    rows = [[*moment(loss.from_s, clock), loss.kind, f"{loss.to_s - loss.from_s:.1f} s"] for loss in pod.night.losses]
    heads = [*moment_heads(clock), "What", "For"]
    return table(f"{pod.seat.sleeper}: where samples are missing", heads, rows, numeric=[len(heads) - 1])


def of_rem(pod: PodMorning, clock: NightClock) -> Markup:
    """The REM strip by the hour."""
    hours: dict[int, list[Epoch]] = {}
    for epoch in pod.night.epochs:
        hours.setdefault(int(epoch.onset_s) // HOUR_S, []).append(epoch)
    rows = [[*moment(hour * HOUR_S, clock), *_rem_hour(epochs)] for hour, epochs in sorted(hours.items())]
    heads = [*moment_heads(clock), "Mean probability of REM", "In REM", "Without a stage"]
    return table(f"{pod.seat.sleeper}: REM by the hour", heads, rows, numeric=range(len(heads) - 3, len(heads)))


def of_cues(pod: PodMorning, clock: NightClock) -> Markup:
    """Every cue with its outcome; the level is the planned one, the arm is sealed."""
    rows = [
        [*moment(cue.onset_s, clock), cue.name, _met(cue), level(cue.level_db), _late(cue), _fate(cue)]
        for cue in pod.night.cues
    ]
    heads = [*moment_heads(clock), "Cue", "Stage", "Planned level", "Late by", "Outcome"]
    return table(f"{pod.seat.sleeper}: every cue", heads, rows, numeric=[len(heads) - 3, len(heads) - 2])


def _met(cue: Cue) -> str:
    """The stage it fell into; of one that asked for none, that too."""
    return f"{cue.stage}, {cue.label}" if cue.label else str(cue.stage)


HOUR_HEADS = ["From", "Cues played", "Not played", "Withheld"]


def by_the_hour(night: PodNight) -> list[list[str]]:
    """A row an hour of night: how many cues played, how many did not, on how many occasions none was let through."""
    first, last = int(night.begins_s) // HOUR_S, max(int(night.begins_s), int(night.ends_s) - 1) // HOUR_S
    rows = []
    for hour in range(first, last + 1):
        cues = [cue for cue in night.cues if int(cue.onset_s) // HOUR_S == hour]
        played = sum(cue.fate == "played" for cue in cues)
        held = sum(each.occasions for each in night.silences if int(each.from_s) // HOUR_S == hour)
        rows.append([night_time(hour * HOUR_S), f"{played}", f"{len(cues) - played}", f"{held}"])
    return rows


def of_silences(pod: PodMorning, clock: NightClock) -> Markup:
    """Every stretch in which cues were withheld, in the order of the night."""
    told = sorted(pod.night.silences, key=lambda silence: silence.from_s)
    rows = [
        [
            *moment(each.from_s, clock),
            REASONS[each.reason].short,
            duration(each.to_s - each.from_s),
            f"{each.occasions}",
        ]
        for each in told
    ]
    heads = [*moment_heads(clock), "Why", "For", "Times"]
    numeric = [len(heads) - 2, len(heads) - 1]
    return table(f"{pod.seat.sleeper}: every silence", heads, rows, numeric=numeric)


def of_withheld(pod: PodMorning) -> Markup:
    """Why cues were let pass, in plain words, by what the reason is for."""
    tallies = {tally.reason: tally for tally in pod.statistics.cues.withheld}
    body: list[Markup] = []
    for group, title in GROUPS.items():
        own = [tallies[reason] for reason, words in REASONS.items() if words.group == group and reason in tallies]
        if own:
            head = tag("tr", tag("th", title, colspan="4", scope="rowgroup", class_="group"))
            body.append(tag("tbody", head, *(_withheld_row(tally) for tally in own)))
    caption = f"{pod.seat.sleeper}: what was withheld, and why"
    heads = [("Reason", None), ("Times", "n"), ("Episodes", "n"), ("Lasting", "n")]
    top = tag("tr", *(tag("th", text, scope="col", class_=class_) for text, class_ in heads))
    whole = tag("table", tag("caption", caption), tag("thead", top), *body)
    return scrollable(whole, caption)


def of_stages(pod: PodMorning) -> Markup:
    """Minutes and share of each stage, with a bar."""
    times = {time.stage: time for time in pod.statistics.sleep.stages}
    longest_s = max(time.duration_s for time in times.values()) or 1.0
    rows = []
    for stage in (stage for stage in STAGE_NAMES if stage in times):
        time = times[stage]
        share = "" if time.percent_of_sleep is None else f"{time.percent_of_sleep:.1f} %"
        bar = tag("rect", width=100 * time.duration_s / longest_s, height=14, class_=f"stage-{stage.lower()}")
        picture = tag("svg", bar, viewBox="0 0 100 14", preserveAspectRatio="none", aria_hidden="true")
        cells = [tag("td", f"{time.duration_s / 60:g} min", class_="n"), tag("td", share, class_="n")]
        rows.append(tag("tr", tag("th", _named(stage), scope="row", class_="when"), *cells,
                        tag("td", picture, class_="share")))  # fmt: skip
    caption = f"{pod.seat.sleeper}: time in each stage between lights off and lights on"
    heads = [("Stage", None), ("Time", "n"), ("Of sleep", "n"), ("", "share")]
    head = tag(
        "tr",
        *(tag("th" if text else "td", text, scope="col" if text else None, class_=class_) for text, class_ in heads),
    )
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows))
    return scrollable(whole, caption)


def moment(time_s: float, clock: NightClock) -> list[str]:
    """Night time, and local time where it is known."""
    local = clock.local_text(time_s, "%H:%M:%S")
    return [night_time(time_s), local] if clock.local(0.0) else [night_time(time_s)]


def moment_heads(clock: NightClock) -> list[str]:
    """The heads of `moment`."""
    return ["Night time", "Local time"] if clock.local(0.0) else ["Night time"]


def level(level_db: float | None) -> str:
    """A planned level; a dash when the record does not hold it."""
    return "–" if level_db is None else f"{level_db:.1f} dB"


def _withheld_row(tally: Withheld) -> Markup:
    words = REASONS[tally.reason]
    numbers = [f"{tally.occasions:,}", f"{tally.episodes:,}", duration(tally.duration_s)]
    meaning = tag("span", words.meaning, class_="meaning")
    return tag("tr", tag("th", words.short, meaning, scope="row"), *(tag("td", text, class_="n") for text in numbers))


def _rem_hour(epochs: Sequence[Epoch]) -> list[str]:
    known = [epoch.rem for epoch in epochs if epoch.rem is not None]
    mean = f"{100 * sum(known) / len(known):.0f} %" if known else "–"
    minutes = [sum(epoch.stage is stage for epoch in epochs) * EPOCH_S / 60 for stage in (Stage.R, Stage.UNSCORED)]
    return [mean, *(f"{value:g} min" for value in minutes)]


def _named(stage: Stage) -> str:
    """Letter and name; a stage that is none has only its name."""
    return STAGE_NAMES[stage] if stage is Stage.UNSCORED else f"{stage} {STAGE_NAMES[stage]}"


def _late(cue: Cue) -> str:
    return "–" if cue.late_s is None else f"{1000 * cue.late_s:.1f} ms"


def _fate(cue: Cue) -> str:
    if cue.fate == "failed":
        return failure(cue.why)
    return "played" if cue.fate == "played" else "no word of the speaker"
