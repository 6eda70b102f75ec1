"""What did a rehearsal look like? One page: the numbers of all sleepers, then each night with its cues; no script."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dreamloom.gallery import tables
from dreamloom.gallery.cue_ribbon import cue_ribbon
from dreamloom.gallery.frame import Frame, Size
from dreamloom.gallery.hypnogram import hypnogram
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.night_clock import NightClock, duration, night_time
from dreamloom.gallery.page_style import style_sheet
from dreamloom.gallery.pod_night import PodNight, bouts, pod_night
from dreamloom.gallery.reasons import IN_WORDS
from dreamloom.gallery.scene_strip import InScene, of_scenes, scene_strip, scenes_of
from dreamloom.gallery.words import STAGE_NAMES
from dreamloom.record.events import AnyEvent

SIZES: tuple[Size, Size] = ("wide", "narrow")
PLUMBING = (
    "Simulated sleepers show how a dreamscape's rules work together. They are no evidence of how a person sleeps, what "
    "wakes anybody, or what anybody dreams."
)


class BedShown(NamedTuple):
    """One sleeper: the pod, the preset, a row of numbers as text, and the events of that night."""

    pod: str
    preset: str
    numbers: Sequence[str]
    events: Sequence[AnyEvent]


def rehearsal_page(
    *, title: str, sentence: str, head: Sequence[str], beds: Iterable[BedShown], withheld: Mapping[str, int]
) -> str:
    """The rehearsal as one HTML document.

    Args:
        title: the dreamscape's name.
        sentence: the whole in words.
        head: what the numbers of a bed mean, behind pod and preset.
        beds: one by one.
        withheld: occasions that passed without a cue, by reason.
    """
    page_head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=content_policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("title", f"Rehearsal of {title}"),
        tag("style", Markup(style_sheet())),
    )
    header = tag("header", tag("h1", f"Rehearsal of {title}"), tag("p", sentence), tag("p", PLUMBING, class_="note"))
    main = tag("main", cards(head=head, beds=beds, withheld=withheld))
    footer = tag("footer", tag("p", "Not a medical device."))
    return f"<!doctype html>\n{tag('html', page_head, tag('body', header, main, footer), lang='en')}\n"


def content_policy() -> str:
    """Whatever else comes to stand on the page, it loads nothing and runs nothing."""
    digest = b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def cards(*, head: Sequence[str], beds: Iterable[BedShown], withheld: Mapping[str, int]) -> Markup:
    """The numbers of all, why cues were withheld, then each night with its picture, for any page."""
    shown = list(beds)
    return join(_numbers(head, shown), _why(withheld), *(_night(bed) for bed in shown))


def _numbers(head: Sequence[str], beds: Sequence[BedShown]) -> Markup:
    rows = [
        tag("tr", tag("th", f"{bed.pod} {bed.preset}", scope="row"), *(tag("td", text) for text in bed.numbers))
        for bed in beds
    ]
    columns = tag("tr", tag("th", "sleeper", scope="col"), *(tag("th", name, scope="col") for name in head))
    return _card("numbers", "Every sleeper", tag("table", tag("thead", columns), tag("tbody", *rows)))


def _why(withheld: Mapping[str, int]) -> Markup:
    if not withheld:
        return _card("why", "Why cues were withheld", tag("p", "None was."))
    rows = [
        tag("tr", tag("th", IN_WORDS.get(reason, reason), scope="row"), tag("td", f"{count}"))
        for reason, count in withheld.items()
    ]
    head = tag("tr", tag("th", "reason", scope="col"), tag("th", "occasions", scope="col"))
    return _card("why", "Why cues were withheld", tag("table", tag("thead", head), tag("tbody", *rows)))


def _night(bed: BedShown) -> Markup:
    night, name = pod_night(bed.events, bed.pod), f"pod-{bed.pod}"
    frames = [Frame(size, night.begins_s, night.ends_s, NightClock()) for size in SIZES]
    scenes = scenes_of(bed.events, bed.pod, night.ends_s)
    told = f"{len(night.cues)} cues were due in this simulated night. {of_scenes(scenes)}".strip()
    stairs = [
        hypnogram(night, frame, name=f"{name}-stages", title=f"Stages of {bed.pod}, {bed.preset}", sentence=told)
        for frame in frames
    ]
    ribbons = [
        cue_ribbon(night, frame, name=f"{name}-cues", title=f"Cues of {bed.pod}, {bed.preset}", sentence=told)
        for frame in frames
    ]
    strips = [
        scene_strip(scenes, frame, name=f"{name}-scenes", title=f"Scenes of {bed.pod}, {bed.preset}", sentence=told)
        for frame in frames
        if scenes
    ]
    drawn = join(*stairs, *strips, *ribbons, tables.behind("The same as tables", _tables(bed, night, scenes)))
    return _card(name, f"{bed.pod}, {bed.preset}", tag("figure", tag("figcaption", told), drawn))


def _tables(bed: BedShown, night: PodNight, scenes: Sequence[InScene]) -> Markup:
    """Stages and scenes in their order, cues by the hour."""
    slept = [
        [night_time(bout.from_s), STAGE_NAMES[bout.stage], duration(bout.to_s - bout.from_s)]
        for bout in bouts(night.epochs)
    ]
    spent = sorted((span.from_s, each.scene, span.to_s - span.from_s) for each in scenes for span in each.spans)
    there = [[night_time(from_s), scene, duration(lasting_s)] for from_s, scene, lasting_s in spent]
    by_the_hour = tables.by_the_hour(night)
    drawn = [tables.table(f"{bed.pod}: stages", ["Night time", "Stage", "For"], slept, numeric=[2])]
    drawn += [tables.table(f"{bed.pod}: scenes", ["Night time", "Scene", "For"], there, numeric=[2])] if there else []
    drawn += [tables.table(f"{bed.pod}: cues by the hour", tables.HOUR_HEADS, by_the_hour, numeric=[1, 2, 3])]
    return join(*drawn)


def _card(name: str, title: str, *children: str) -> Markup:
    return tag("section", tag("h2", title, id=f"{name}-h"), *children, class_="card", aria_labelledby=f"{name}-h")
