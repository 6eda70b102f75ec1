"""Which words of a language carry nothing, how are endings cut, and in which language was a report told?"""

from collections.abc import Iterable

from msgspec import Struct


def listed(text: str) -> tuple[str, ...]:
    """The words of a list as it is best read; `|` parts entries of several words."""
    return tuple(text.split("|")) if "|" in text else tuple(text.split())


class Language(Struct, frozen=True):
    """A language as the tests, the codes and the weave read it; lists and rules are ours.

    Attributes:
        empty: words that carry no content of their own.
        endings: what is cut off a word, longest first, if at least three letters stay.
        doubled: an ending leaves a doubled letter behind (`running`), which is made single.
    """

    code: str
    empty: frozenset[str]
    endings: tuple[str, ...]
    doubled: bool = False


ENGLISH = Language(
    "en",
    frozenset(
        listed(
            "a about above across after again against all almost alone along already also although always am "
            "among an and another any anybody anyone anything are around as at away back be became because become "
            "been before began behind being below between both but by came can cannot come could did do does "
            "doing done down during each either else enough even ever every everybody everyone everything few "
            "first for found from further gave get gets getting give go goes going gone got had has have having "
            "he her here hers herself him himself his how however i if in inside into is it its itself just kept "
            "knew know last later least less let like long look looked made make many may maybe me meanwhile "
            "might mine more most much must my myself near neither never next no nobody none nor not nothing now "
            "of off often on once one only onto or other others our ours out outside over own past perhaps put "
            "quite rather really remember right said same saw say says see seemed seen several she should since "
            "so some somebody somehow someone something sometimes soon still such suddenly take tell than that "
            "the their theirs them themselves then there these they thing things think this those though thought "
            "three through till to together told too took toward towards two under until up upon us used very "
            "want wanted was way we well went were what when where whether which while who whole whom whose why "
            "will with within without would yes yet you your yours dream dreamt dreamed dreaming woke awake don't "
            "didn't wasn't couldn't i'm it's i'd i've there's that's can't won't wouldn't isn't weren't hadn't"
        )
    ),
    ("ingly", "edly", "ings", "ing", "ies", "ied", "ed", "es", "ly", "y", "s", "e"),
    doubled=True,
)
GERMAN = Language(
    "de",
    frozenset(
        listed(
            "aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist "
            "da dabei dahin damit dann das dass daß dazu dein deine dem den denn der des dich die dies diese "
            "diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einige er es "
            "etwas euch euer fast für ganz gar gegen gehabt gewesen habe haben hat hatte hatten hier hin hinter "
            "ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jemand "
            "jetzt kam kann kein keine keinem keinen keiner konnte konnten machen man manche mehr mein meine "
            "meinem meinen meiner mich mir mit muss musste nach nicht nichts noch nun nur ob oder ohne plötzlich "
            "sagte sagten sah schon sehr sein seine seinem seinen seiner seit sich sie sind so sollte sonst sowie "
            "über um und uns unser unsere unter viel vom von vor wann war waren warum was weg weil weiter welche "
            "wenn wer werde werden wie wieder will wir wird wo wollte wollten worden wurde wurden zu zum zur "
            "zurück zwei zwischen traum träumte geträumt ging gingen irgendwie dachte"
        )
    ),
    ("erinnen", "ungen", "innen", "ern", "est", "em", "en", "er", "es", "te", "e", "s", "n", "t"),
)
LANGUAGES = {each.code: each for each in (ENGLISH, GERMAN)}


def language_named(code: str) -> Language:
    """By its code, such as de or de-AT; English where it is not known."""
    return LANGUAGES.get(code.lower()[:2], ENGLISH)


LEAST_WORDS = 20
LEAST_LEAD = 0.08
"""By so much of the words must one language's empty ones lead before it is called that of a report. Ours."""


def stem(word: str, language: Language = ENGLISH) -> str:
    """A word without its ending, so that `trees` and `tree` are one; crude, the same for every report."""
    word = word.removesuffix("'s").removesuffix("’s")
    for ending in language.endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if language.doubled and len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word


def told_in(words: Iterable[str]) -> str:
    """The language that these lower-case words are plainly of, by its empty words; "" where it is not plain."""
    listed = list(words)
    if len(listed) < LEAST_WORDS:
        return ""
    shares = {code: sum(word in each.empty for word in listed) / len(listed) for code, each in LANGUAGES.items()}
    first, second = sorted(shares, key=lambda code: -shares[code])[:2]
    return first if shares[first] - shares[second] >= LEAST_LEAD else ""
