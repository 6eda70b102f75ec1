"""Which words tell nothing about a night's theme? Those of the language itself, and those that every night uses."""

from msgspec import Struct


class PlainWords(Struct, frozen=True):
    """One language, as far as the lint of themes needs it; the lists and rules are ours.

    Attributes:
        empty: words without content, and words of sleeping, dreaming and telling, which belong to every night.
        endings: cut off a word, longest first, as long as three letters stay.
        other_forms: forms that no ending explains, by the form they are counted as.
    """

    code: str
    empty: frozenset[str]
    endings: tuple[str, ...]
    other_forms: dict[str, str]


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _forms(table: str) -> dict[str, str]:
    rows = (row.split() for row in table.strip().splitlines())
    return {form: first for first, *others in rows for form in others}


ENGLISH = PlainWords(
    "en",
    _each(
        """
        a about above across after again against all almost alone along already also although always am among an and
        another any anybody anyone anything are around as asked asks ask at away back be became because become been
        before began begin begins behind being below beside better between both but by came can cannot change come
        comes could did different do does doing done down during each either else end ending enough even ever every
        everybody everyone everything far feel felt few first five for four from further gave get gets getting give
        given gives go goes going gone good got had half has have having he help helped helps her here hers herself
        him himself his hour hours how however i if in inside into is it its itself just keep keeps kept knew know
        known knows last later learn learned least leave left less let lets like little live long look looked looks
        made make makes making many may maybe me mean means meanwhile met might mine minute minutes more most much
        must my myself near nearly need needs neither never new next no nobody none nor not nothing now of off often
        on once one only onto open or order other others our ours out outside over own people per perhaps person
        persons place plain put quite rather ready really right said same say says second seconds see seen several
        shall she should show since so some somebody someone something sometimes soon still stop such take taken
        takes tell tells than that the their theirs them themselves then there these they thing things think this
        those though thought three through thus till time times to together told too toward towards try two under
        until up upon us use used uses using very want wanted wants was way we well went were what whatever when
        where whether which while who whole whom whose why will with within without words word would yes yet you
        your yours yourself
        agreed agrees arm arms arousal awake awakened awakening awakenings bed beds bedtime cap class control cue cued
        cues dream dreamed dreamer dreamers dreaming dreams dreamscape dreamscapes dreamt evening hear heard hears
        intent level levels listen loud mind minds morning mornings night nights nightmare nightmares ours part parts
        play played plays practise practised prompt recall recording rem remember remembered remind reminder report
        reported reports scene scenes sham signal signals silence silent sleep sleeper sleepers sleeping sleeps slept
        soft softly sound sounded sounds source sourced speech stage staging stir stirs stirred talk theme themes
        tested training version voice wake wakes waking woke woken
        """
    ),
    ("ingly", "edly", "iest", "ings", "ing", "ies", "ied", "ier", "ers", "ed", "es", "er", "ly", "y", "s", "e"),
    _forms(
        """
        tooth teeth
        foot feet
        goose geese
        mouse mice
        man men
        woman women
        child children
        person people
        leaf leaves
        knife knives
        wolf wolves
        life lives
        fly flew flown flies flying flight flights
        fall fell fallen
        swim swam swum
        sing sang sung song songs
        run ran
        drive drove driven
        fight fought
        ride rode ridden
        drown drowned
        bury buried burial
        drink drank drunk
        eat ate eaten
        teach taught
        hide hid hidden
        lose lost loss losses
        die died dying death deaths dead
        """
    ),
)
GERMAN = PlainWords(
    "de",
    _each(
        """
        aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beide beim bin bis bist
        da dabei dadurch dafur dahin damit danach dann das dass dazu dein deine deinem deinen deiner dem den denn der
        des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines
        einige einmal er es etwas euch euer fast fur ganz gar gegen gehen geht gehabt gewesen haben hat hatte hatten
        habe hast heute hier hilft hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede
        jedem jeden jeder jedes jemand jetzt kam kann kein keine keinem keinen keiner konnte konnten lass lassen mal
        man mehr mein meine mich mir mit mochte mochtest muss musste nach nicht nichts noch nun nur ob oder ohne sagen
        sagte schon sehr sein seine seinem seinen seiner seit selbst sich sie sind so sollte sonst uber um und uns
        unser unsere unter viel vom von vor wann war waren warum was weg weil weiter welche wenn wer werde werden wie
        wieder will willst wir wird wo wollte worden worte wurde wurden zeit zu zum zur zuruck zwei zwischen
        abend arm bett horen horst gehort klang klange leise nacht nachte morgen schlaf schlafen schlafer schlafes
        stille stimme thema themen traum traume traumen getraumt traumst traumte teil ton uben wach wachen wecken
        """
    ),
    ("erinnen", "ungen", "innen", "ungs", "ung", "ern", "em", "en", "er", "es", "te", "e", "s", "n", "t"),
    _forms(
        """
        baum baume baumen
        haus hauser hausern
        zahn zahne zahnen
        fliegen flog geflogen flug fluge
        fallen fiel gefallen fall
        schwimmen schwamm geschwommen
        singen sang gesungen lied lieder
        sterben starb gestorben tod tot
        """
    ),
)
LANGUAGES = {each.code: each for each in (ENGLISH, GERMAN)}
