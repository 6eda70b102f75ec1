"""What does somebody read of a course, or of their own mornings? Sentences, figures with their tables, what is held."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence

from dreamloom.gallery import outcome_sentences as sentences
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.outcome_charts import Shown, chart
from dreamloom.gallery.outcome_sentences import NAMES, HoldSaid
from dreamloom.gallery.outcome_style import standalone
from dreamloom.gallery.tables import behind, table
from dreamloom.outcomes.account import Account, Measure
from dreamloom.outcomes.own_voice import OwnVoice
from dreamloom.outcomes.trends import Week

TITLES = {
    "nightmares": "Nightmares that woke",
    "distress": "Weight of the night's dreaming",
    "sleep_quality": "Sleep",
    "rested": "Rested",
    "mood_morning": "Mood in the morning",
    "mood_evening": "Mood in the evening",
}
TOPS = {"distress": 4, "sleep_quality": 10, "rested": 10, "mood_morning": 10, "mood_evening": 10}
LEAST_TOP = 3
KEY = "A bar or dot is a night, a hatched column one that was not told; the line is a week's mean, the band its 95 %."


def figures(account: Account, holds: Sequence[HoldSaid]) -> Markup:
    """Every measure as a figure with its sentence, its numbers behind it."""
    told = [measure for measure in account.measures if any(value is not None for value in measure.values)]
    if not told:
        return tag("p", "Nothing was told yet, so there is nothing to show.")
    drawn = (_figure(account, measure, holds) for measure in told)
    return join(tag("p", KEY, class_="dim"), tag("div", *drawn, class_="figures"))


def said(lines: Sequence[str], *, is_sealed: bool) -> Markup:
    """All that can be said, a line each; that it is no device stands at the foot."""
    lines = [line for line in lines if line != sentences.NOT_A_DEVICE]
    lines += ["Which arm a night was in stays sealed until the trial is opened."] if is_sealed else []
    return tag("ul", *(tag("li", line) for line in lines))


def nights(account: Account) -> Markup:
    """Which night is when, whether it ran, and whether it was told; no answer is in it."""
    rows = [
        [str(night.due.number), f"{night.due.evening}", night.due.kind, night.slept or "–", sentences.of_telling(night)]
        for night in account.nights
    ]
    rows += [[str(due.number), f"{due.evening}", due.kind, "ahead", ""] for due in account.ahead]
    return table("Every night of the course", ["Night", "Evening", "Kind", "Run", "Told"], rows)


def own_words(found: OwnVoice) -> Markup:
    """The index over weeks, for nobody but its dreamer."""
    if found.baseline is None or found.weeks is None:
        return tag("p", f"Nothing is said of it yet: {found.why_not}.")
    usual = f"{100 * found.baseline.value:.0f} %"
    rows = [[f"{week + 1}", f"{100 * share:.0f} %", str(count)] for week, (share, count) in found.weeks.items()]
    return join(
        tag("p", f"Before, {usual} of the words that are either yours or common were yours. It is no measure of good."),
        table("Your own words, week by week", ["Week", "Yours", "Dreams"], rows, numeric=[1, 2]),
    )


def page(title: str, body: Markup, *, footer: str = sentences.NOT_A_DEVICE) -> str:
    """A page in a file of its own: no script, nothing loaded, made to be printed on one sheet."""
    sheet = Markup(standalone())
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        tag("style", sheet),
    )
    main = tag("main", tag("h1", title), body, tag("footer", tag("p", footer)))
    return f"<!doctype html>\n{tag('html', head, tag('body', main), lang='en')}\n"


def _figure(account: Account, measure: Measure, holds: Sequence[HoldSaid]) -> Markup:
    shown = _shown(account, measure, holds)
    rows = [
        [str(night.due.number), f"{night.due.evening}", "not told" if value is None else f"{value:g}"]
        for night, value in zip(account.nights, measure.values, strict=True)
    ]
    numbers = table(f"{shown.title}, night by night", ["Night", "Evening", "Told"], rows, numeric=[2])
    weekly = [[str(n), f"{week.told} of {week.nights}", *_mean(week)] for n, week in enumerate(measure.weeks, 1)]
    means = table(f"{shown.title}, week by week", ["Week", "Told", "Mean", "95 %"], weekly, numeric=[2, 3])
    return tag(
        "figure",
        tag("h3", shown.title),
        tag("figcaption", shown.sentence),
        chart(shown),
        behind("The numbers behind it", join(means, numbers)),
    )


def _mean(week: Week) -> list[str]:
    found = week.mean
    return ["–", "–"] if found is None else [f"{found.value:.2f}", f"{found.low:.2f} to {found.high:.2f}"]


def _shown(account: Account, measure: Measure, holds: Sequence[HoldSaid]) -> Shown:
    kinds = [night.due.kind for night in account.nights]
    begins = next((n for n, kind in enumerate(kinds) if kind != "baseline"), None)
    mornings = [str(night.due.morning) for night in account.nights]
    known = [value for value in measure.values if value is not None]
    is_count = measure.name not in TOPS
    return Shown(
        name=measure.name,
        title=TITLES[measure.name],
        sentence=sentences.of_figure(measure, NAMES[measure.name]),
        top=TOPS.get(measure.name, max(LEAST_TOP, int(max(known, default=0)))),
        is_count=is_count,
        values=measure.values,
        evenings=[night.due.evening for night in account.nights],
        weeks=measure.weeks,
        begins=begins,
        held=[mornings.index(hold.on) for hold in holds if hold.on in mornings] if measure.name == "nightmares" else [],
    )
