"""What does somebody read of a course, or of their own mornings? Sentences, figures with their tables, what is held."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence

from dreamloom.gallery import outcome_sentences as sentences
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.outcome_charts import Shown, chart
from dreamloom.gallery.outcome_sentences import TOPS, HoldSaid
from dreamloom.gallery.outcome_style import standalone
from dreamloom.gallery.tables import behind, table
from dreamloom.outcomes.account import Account, Measure
from dreamloom.outcomes.courses import Due
from dreamloom.outcomes.own_voice import OwnVoice
from dreamloom.outcomes.trends import Week
from dreamloom.vocabulary.texts import Number, Say, in_english

TITLES = {
    "nightmares": "Nightmares that woke",
    "distress": "Weight of the night's dreaming",
    "sleep_quality": "Sleep",
    "rested": "Rested",
    "mood_morning": "Mood in the morning",
    "mood_evening": "Mood in the evening",
}
LEAST_TOP = 3
KEY = "A bar or dot is a night, a hatched column one that was not told; the line is a week's mean, the band its 95 %."


def figures(account: Account, holds: Sequence[HoldSaid], *, say: Say = in_english) -> Markup:
    """Every measure as a figure with its sentence, its numbers behind it."""
    told = [measure for measure in account.measures if any(value is not None for value in measure.values)]
    if not told:
        return tag("p", say("Nothing was told yet, so there is nothing to show."))
    drawn = (_figure(account, measure, holds, say) for measure in told)
    return join(tag("p", say(KEY), class_="dim"), tag("div", *drawn, class_="figures"))


def said(lines: Sequence[str], *, is_sealed: bool, say: Say = in_english) -> Markup:
    """All that can be said, a line each; that it is no device stands at the foot."""
    lines = [line for line in lines if line != say(sentences.NOT_A_DEVICE)]
    lines += [say("Which arm a night was in stays sealed until the trial is opened.")] if is_sealed else []
    return tag("ul", *(tag("li", line) for line in lines))


def nights(account: Account, *, say: Say = in_english) -> Markup:
    """Which night is when, whether it ran, and whether it was told; no answer is in it."""
    rows = [
        [*_due(night.due, say), say(night.slept) if night.slept else "–", sentences.of_telling(night, say=say)]
        for night in account.nights
    ]
    rows += [[*_due(due, say), say("ahead"), ""] for due in account.ahead]
    heads = [say("Night"), say("Evening"), say("Kind"), say("Run"), say("Told")]
    return table(say("Every night of the course"), heads, rows)


def _due(due: Due, say: Say) -> list[str]:
    return [str(due.number), f"{due.evening}", say(due.kind)]


def own_words(found: OwnVoice, *, say: Say = in_english) -> Markup:
    """The index over weeks, for nobody but its dreamer."""
    if found.baseline is None or found.weeks is None:
        return tag("p", say("Nothing is said of it yet: {why}.", why=found.why_not))
    usual = say(
        "Before, {share} % of the words that are either yours or common were yours. It is no measure of good.",
        share=Number(100 * found.baseline.value, ".0f"),
    )
    rows = [[f"{week + 1}", f"{100 * share:.0f} %", str(count)] for week, (share, count) in found.weeks.items()]
    return join(
        tag("p", usual),
        table(say("Your own words, week by week"), [say("Week"), say("Yours"), say("Dreams")], rows, numeric=[1, 2]),
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


def _figure(account: Account, measure: Measure, holds: Sequence[HoldSaid], say: Say) -> Markup:
    shown = _shown(account, measure, holds, say)
    rows = [
        [str(night.due.number), f"{night.due.evening}", say("not told") if value is None else say(Number(value))]
        for night, value in zip(account.nights, measure.values, strict=True)
    ]
    heads = [say("Night"), say("Evening"), say("Told")]
    numbers = table(say("{what}, night by night", what=shown.title), heads, rows, numeric=[2])
    weekly = [
        [str(n), say("{some} of {all}", some=week.told, all=week.nights), *_mean(week, say)]
        for n, week in enumerate(measure.weeks, 1)
    ]
    heads = [say("Week"), say("Told"), say("Mean"), "95 %"]
    means = table(say("{what}, week by week", what=shown.title), heads, weekly, numeric=[2, 3])
    return tag(
        "figure",
        tag("h3", shown.title),
        tag("figcaption", shown.sentence),
        chart(shown, say=say),
        behind(say("The numbers behind it"), join(means, numbers)),
    )


def _mean(week: Week, say: Say) -> list[str]:
    found = week.mean
    if found is None:
        return ["–", "–"]
    value, low, high = (Number(each, ".2f") for each in (found.value, found.low, found.high))
    return [say(value), say("{low} to {high}", low=low, high=high)]


def _shown(account: Account, measure: Measure, holds: Sequence[HoldSaid], say: Say) -> Shown:
    kinds = [night.due.kind for night in account.nights]
    begins = next((n for n, kind in enumerate(kinds) if kind != "baseline"), None)
    mornings = [str(night.due.morning) for night in account.nights]
    known = [value for value in measure.values if value is not None]
    is_count = measure.name not in TOPS
    return Shown(
        name=measure.name,
        title=say(TITLES[measure.name]),
        sentence=sentences.of_figure(measure, say=say),
        top=TOPS.get(measure.name, max(LEAST_TOP, int(max(known, default=0)))),
        is_count=is_count,
        values=measure.values,
        evenings=[night.due.evening for night in account.nights],
        weeks=measure.weeks,
        begins=begins,
        held=[mornings.index(hold.on) for hold in holds if hold.on in mornings] if measure.name == "nightmares" else [],
    )
