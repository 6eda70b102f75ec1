"""What does the staff of a night read in the morning? One page of words, numbers, charts and tables."""

import hashlib
from base64 import b64encode

from dreamloom.gallery import sentences, tables
from dreamloom.gallery.cue_ribbon import cue_ribbon
from dreamloom.gallery.frame import Frame, Size
from dreamloom.gallery.gate_strip import gate_strip, of_gates
from dreamloom.gallery.hypnogram import hypnogram, rem_strip
from dreamloom.gallery.key_figures import cue_figures, sleep_figures
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.morning import METHOD, NOT_MEDICAL, Morning, PodMorning
from dreamloom.gallery.night_clock import NightClock, duration, night_time
from dreamloom.gallery.page_style import style_sheet
from dreamloom.gallery.pod_night import Span
from dreamloom.gallery.words import counted
from dreamloom.record.verdict import Verdict
from dreamloom.vocabulary.units import EPOCH_S

SIZES: tuple[Size, Size] = ("wide", "narrow")
STAFF = (
    "It names the dreamscape and its cues. Keep it from the sleepers until their dreams are told, and from anyone who "
    "rates them blind. Which arm a sleeper was in stays sealed and is not on this page."
)
AASM = (
    "Latency, wake after sleep onset, efficiency, stage shares and the arousal index are defined as in the AASM Manual "
    "for the Scoring of Sleep and Associated Events (version 2.6, parameters to be reported), on whole 30-s epochs "
    "between lights off and lights on."
)
AROUSALS = (
    "Arousals are those the live rule noticed, second by second; the rule is made to be early, so it counts some that "
    "an expert would not."
)
LEVELS = "Levels are the planned ones, the same for every arm. A cue counts for the stage of the epoch it began in."
DASHES = "A dash means that it cannot be said; ≤ and ≥ that unread time leaves a bound only."
GATE_KEY = (
    "Filled: the stages were as the part asks. What it says of the time, and every veto, comes on top. Below it, why "
    "cues were let pass: hollow while waiting, solid to protect the sleeper, hatched where something was missing."
)
RIBBON_KEY = "Hollow bars wait for the right moment, solid ones protect the sleeper; hatched: something was missing."


def morning_page(morning: Morning) -> str:
    """The report as one HTML document, the same bytes for the same record and verdict; no script, nothing loaded."""
    pods = (_pod(morning, pod) for pod in morning.pods)
    return page_of(morning, _glance(morning), *pods, record_card(morning), _reading(morning))


def page_of(morning: Morning, *cards: Markup) -> str:
    """These cards under the head of this night."""
    sheet = Markup(style_sheet())
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        ),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("title", f"Night {morning.night}: morning report"),
        tag("style", sheet),
    )
    main = tag("main", *cards)
    footer = tag(
        "footer", tag("p", f"{NOT_MEDICAL} An instrument with honest statistics; it diagnoses and treats nothing.")
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', _header(morning), main, footer), lang='en')}\n"


def _header(morning: Morning) -> Markup:
    opened, clock = morning.opened, morning.clock
    ends_s = max((pod.night.ends_s for pod in morning.pods), default=0.0)
    facts: list[str] = []
    if began := clock.local(0.0):
        facts.append(f"{began.day} {began:%B %Y}, {clock.local_text(0.0)} to {clock.local_text(ends_s)}")
        facts += [changed] if (changed := clock.change_text()) else []
    if opened:
        facts += [f"{opened.mode} night", counted(len(opened.roster), "sleeper"), opened.timezone]
    staff = tag("p", tag("strong", "For the staff of this night only. "), STAFF, class_="staff")
    named = tag("p", "Dreamscape ", tag("b", opened.dreamscape), class_="facts") if opened else Markup()
    return tag(
        "header",
        staff,
        tag("p", "Morning report", class_="kicker"),
        tag("h1", f"Night {morning.night}"),
        tag("p", " · ".join(facts), class_="facts"),
        named,
    )


def _glance(morning: Morning) -> Markup:
    """One sentence per pod, whether the night is over, and whether its record stands."""
    told = [
        tag("li", tag("a", pod.seat.sleeper, href=f"#pod-{pod.seat.pod}"), f" {sentences.summary(pod)}")
        for pod in morning.pods
    ]
    verdict = tag("p", sentences.of_verdict(morning.verdict), class_=_verdict_class(morning))
    nobody = tag("p", "Nobody has been seen in this night yet.") if not told else Markup()
    return card(
        "glance",
        "At a glance",
        tag("p", sentences.of_status(morning), class_=None if morning.closed else "bad"),
        tag("ul", *told, class_="glance") if told else nobody,
        verdict,
    )


def _pod(morning: Morning, pod: PodMorning) -> Markup:
    clock, sleeper = morning.clock, pod.seat.sleeper
    heading = tag(
        "div",
        tag("h2", sleeper, id=f"pod-{pod.seat.pod}-h"),
        tag("p", f"pod {pod.seat.pod} · {pod.seat.source}"),
        class_="heading",
    )
    return tag(
        "section",
        heading,
        sleep_figures(pod.statistics),
        _charts(pod, clock),
        _cues(pod, clock),
        tag("h3", "Time in each stage"),
        tables.of_stages(pod),
        tag("div", _moments(pod, clock), _consent(pod), class_="pair"),
        id=f"pod-{pod.seat.pod}",
        class_="card pod",
        aria_labelledby=f"pod-{pod.seat.pod}-h",
    )


def _charts(pod: PodMorning, clock: NightClock) -> Markup:
    """Hypnogram and REM strip; a night without an epoch says so instead."""
    if not pod.night.epochs:
        return tag("p", "No epoch of this night was scored yet, so there is no hypnogram to draw.", class_="note")
    sleeper, name = pod.seat.sleeper, f"pod-{pod.seat.pod}"
    steps, strip = sentences.of_hypnogram(pod.statistics, clock), sentences.of_rem_strip(pod)
    stairs = [
        hypnogram(pod.night, frame, name=f"{name}-stages", title=f"Hypnogram of {sleeper}", sentence=steps)
        for frame in _frames(pod, clock)
    ]
    areas = [
        rem_strip(pod.night, frame, name=f"{name}-rem", title=f"Probability of REM, {sleeper}", sentence=strip)
        for frame in _frames(pod, clock)
    ]
    hatched = " Hatched: no stage could be read, or samples are missing." if _has_holes(pod) else ""
    lost = tables.behind("Where samples are missing", tables.of_losses(pod, clock)) if pod.night.losses else Markup()
    return join(
        tag("h3", "The night"),
        tag(
            "figure",
            tag("figcaption", steps, hatched),
            *stairs,
            tables.behind("The stages as a table", tables.of_bouts(pod, clock)),
        ),
        lost,
        _gates(pod, clock),
        tag("h3", "How likely REM was"),
        tag(
            "figure",
            tag("figcaption", strip),
            *areas,
            tables.behind("REM by the hour as a table", tables.of_rem(pod, clock)),
        ),
    )


def _gates(pod: PodMorning, clock: NightClock) -> Markup:
    """When the gates on stages were open; nothing for a bed without one."""
    if not pod.gates:
        return Markup()
    sentence = of_gates(pod.night, pod.gates)
    title = f"Gates of {pod.seat.sleeper}"
    strips = [
        gate_strip(pod.night, pod.gates, frame, name=f"pod-{pod.seat.pod}-gates", title=title, sentence=sentence)
        for frame in _frames(pod, clock)
    ]
    rows = [[f"gate {gate.part + 1}", *_open(span)] for gate in pod.gates for span in gate.spans or (None,)]
    listed = tables.table(f"{pod.seat.sleeper}: open gates", ["Gate", "From", "To", "Lasting"], rows, numeric=[])
    return join(
        tag("h3", "When the gates were open"),
        tag(
            "figure",
            tag("figcaption", f"{sentence} {GATE_KEY}"),
            *strips,
            tables.behind("The open gates as a table", listed),
        ),
    )


def _open(span: Span | None) -> list[str]:
    """From, to, lasting; dashes for a gate that never opened."""
    if span is None:
        return ["–", "–", "never open"]
    return [night_time(span.from_s), night_time(span.to_s), duration(span.to_s - span.from_s)]


def _cues(pod: PodMorning, clock: NightClock) -> Markup:
    """The ribbon, its tables and the numbers on cues; a night without any says so."""
    title = tag("h3", "Cues, and why some were withheld")
    if not pod.night.cues and not pod.night.silences:
        return join(title, tag("p", "In this night no cue was due and none was withheld.", class_="note"))
    sentence = sentences.of_ribbon(pod)
    ribbons = [
        cue_ribbon(
            pod.night, frame, name=f"pod-{pod.seat.pod}-cues", title=f"Cues of {pod.seat.sleeper}", sentence=sentence
        )
        for frame in _frames(pod, clock)
    ]
    every = tables.behind("Every cue as a table", tables.of_cues(pod, clock)) if pod.night.cues else Markup()
    silent = (
        tables.behind("Every silence as a table", tables.of_silences(pod, clock)) if pod.night.silences else Markup()
    )
    why = tables.of_withheld(pod) if pod.night.silences else Markup()
    return join(
        title,
        tag("figure", tag("figcaption", f"{sentence} {RIBBON_KEY}"), *ribbons, every, silent),
        cue_figures(pod.statistics.cues),
        why,
    )


def _moments(pod: PodMorning, clock: NightClock) -> Markup:
    told = [
        tag("li", tag("b", clock.local_text(item.onset_s) or night_time(item.onset_s)), tag("span", item.words))
        for item in pod.happenings
    ]
    signal = pod.statistics.signal
    lost = (
        f", {duration(signal.lost_s)} lost in {counted(_times(pod), 'stretch', 'stretches')}" if signal.lost_s else ""
    )
    words = f"{duration(signal.recorded_s)} recorded{lost or ' without a loss'}."
    listed = tag("ul", *told, class_="moments") if told else Markup()
    return tag("div", tag("h3", "What else happened"), tag("p", words, class_="note"), listed)


def _consent(pod: PodMorning) -> Markup:
    given = pod.consent
    if given is None:
        return tag(
            "div", tag("h3", "Consent"), tag("p", "No grant is in the record, so no cue was allowed.", class_="note")
        )
    withdrawn = "" if pod.withdrawn_s is None else " Withdrawn during the night."
    lines = [
        f"Cues in {', '.join(given.stages)}, at most {given.level_cap_db:g} dB and {given.cues_per_hour} an hour.",
        f"For: {', '.join(given.purposes)}. Until {given.expires}.",
        f"After a crash: armed again {given.rearm_after_crash}. Sheet: {given.sheet}.{withdrawn}",
    ]
    return tag("div", tag("h3", "Consent"), *(tag("p", line, class_="note") for line in lines))


def record_card(morning: Morning) -> Markup:
    """The verdict on the record, its hashes, its trial, versions and machine."""
    verdict, opened, host = morning.verdict, morning.opened, morning.host
    lines = [tag("p", sentences.of_verdict(verdict), class_=_verdict_class(morning))]
    rows: list[list[str]] = []
    if isinstance(verdict, Verdict):
        rows += [["Root of the record", verdict.root], ["Events whose key was destroyed", f"{verdict.erased:,}"]]
    rows += [["Compared root, shared by every honest replay", morning.compared_root]] if morning.compared_root else []
    if opened:
        rows += [["Dreamscape, SHA-256", opened.dreamscape_sha256], ["Consent, SHA-256", opened.consent_sha256]]
    if trial := morning.trial:
        rows += [
            ["Trial", f"{trial.design.trial}, night {trial.trial_night} of {trial.design.nights}"],
            ["Schedule, commitment", trial.commitment_sha256],
            ["Pre-registration, SHA-256", trial.preregistration_sha256 or "none was named"],
        ]
    if host:
        versions = ", ".join(f"{name} {version}" for name, version in host.versions.items())
        rows += [
            ["Opened (UTC)", host.utc],
            ["Speed", _speed(host.speed_x)],
            ["Software", versions],
            ["Machine", host.platform],
        ]
    cells = [tag("tr", tag("th", name, scope="row"), tag("td", tag("code", value))) for name, value in rows]
    listed = tables.scrollable(tag("table", tag("tbody", *cells)), "The record in numbers") if cells else Markup()
    return card("record", "The record", *lines, listed)


def _reading(morning: Morning) -> Markup:
    methods = sorted({method for pod in morning.pods for method in pod.methods})
    named = [tag("p", "Stager: ", tag("code", method)) for method in methods]
    times = "" if morning.clock.local(0.0) else (
        "This night ran at another speed than its own, or its zone is unknown, so times are hours of night and not of "
        "a wall clock."
    )  # fmt: skip
    notes = [METHOD, AROUSALS, AASM, LEVELS, times, DASHES, "Sleepers appear by pseudonym."]
    return card("reading", "How to read this page", *(tag("p", note) for note in notes if note), *named)


def card(name: str, title: str, *children: str) -> Markup:
    """A section with a heading."""
    return tag("section", tag("h2", title, id=f"{name}-h"), *children, class_="card", aria_labelledby=f"{name}-h")


def _frames(pod: PodMorning, clock: NightClock) -> list[Frame]:
    to_s = max(pod.night.ends_s, pod.night.begins_s + EPOCH_S)
    return [Frame(size, pod.night.begins_s, to_s, clock) for size in SIZES]


def _has_holes(pod: PodMorning) -> bool:
    sleep = pod.statistics.sleep
    return bool(pod.night.losses) or sleep.unscored_s > 0


def _times(pod: PodMorning) -> int:
    return len(pod.night.losses)


def _verdict_class(morning: Morning) -> str:
    return "good" if isinstance(morning.verdict, Verdict) and morning.verdict.ok else "bad"


def _speed(speed_x: float) -> str:
    return f"{speed_x:g} ×" if speed_x else "as fast as it went"
