"""What may whoever is blinded read in the morning? The night without what could tell an arm, as data and as a page."""

from typing import Any

from dreamloom.gallery import tables
from dreamloom.gallery.markup import Markup, tag
from dreamloom.gallery.morning import Morning, PodMorning, as_data
from dreamloom.gallery.morning_page import card, page_of, record_card
from dreamloom.gallery.night_clock import duration
from dreamloom.gallery.sentences import of_status, of_verdict, slept
from dreamloom.gallery.words import counted

HIDDEN = ("arms", "levels", "arousals", "what became of cues", "why cues were withheld", "happenings")
"""Each could tell an arm: a sound wakes, a silence does not."""
WHY = (
    "The arms of this night are sealed. Levels, arousals, what became of cues and why some were withheld could tell "
    "them, so they are not on this page until the arms are opened."
)
HIDDEN_OF_POD = ("happenings", "arousals_s", "cue_list", "silences")
HIDDEN_OF_SLEEP = ("arousals", "arousals_per_hour")


def blinded_data(morning: Morning) -> dict[str, Any]:
    """The report's numbers without what could tell an arm; `hidden` names what was left out."""
    data = as_data(morning)
    return {
        **data,
        "role": "blinded",
        "hidden": list(HIDDEN),
        "pods": [_pod_data(pod) for pod in data["pods"]],
    }


def _pod_data(pod: dict[str, Any]) -> dict[str, Any]:
    seen = {name: value for name, value in pod.items() if name not in HIDDEN_OF_POD}
    sleep = {name: value for name, value in pod["sleep"].items() if name not in HIDDEN_OF_SLEEP}
    return {**seen, "sleep": sleep, "cues": {"due": pod["cues"]["due"]}}


def blinded_page(morning: Morning) -> str:
    """The report for whoever is blinded, as one HTML document."""
    verdict = tag("p", of_verdict(morning.verdict))
    glance = card("glance", "At a glance", tag("p", WHY), tag("p", of_status(morning)), verdict)
    return page_of(morning, glance, *(_pod(morning, pod) for pod in morning.pods), record_card(morning))


def _pod(morning: Morning, pod: PodMorning) -> Markup:
    due = pod.statistics.cues.due
    cues = f"{counted(due, 'cue')} {'was' if due == 1 else 'were'} due."
    signal = f"{duration(pod.statistics.signal.recorded_s)} recorded."
    said = f"{slept(pod.statistics.sleep)}. {cues} {signal}"
    return card(
        f"pod-{pod.seat.pod}",
        pod.seat.sleeper,
        tag("p", said[:1].upper() + said[1:]),
        tables.of_stages(pod),
        tables.behind("The stages in their order", tables.of_bouts(pod, morning.clock)),
        tables.behind("REM by the hour", tables.of_rem(pod, morning.clock)),
    )
