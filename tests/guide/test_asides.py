"""What may a model put between the steps of an evening, and does the talk stay the sleeper's own?"""

import pytest

from dreamloom.dreamscape import builtin
from dreamloom.guide import asides, evening
from dreamloom.guide.actions import ALLOWED, Ask, ProposeIncubationPhrase, Reflect, Refused, decode
from dreamloom.guide.evening import EveningTalk
from dreamloom.guide.languages import wording
from dreamloom.guide.lint import ThemeWords, theme_words
from dreamloom.guide.saying import Situation, followed
from dreamloom.guide.turns import Turn, as_turn

EN = wording("en")
WISH = EveningTalk(answers={"wish": "the old orchard and its well"})


def now(talk: EveningTalk = WISH, between: tuple[Turn, ...] = (), theme: ThemeWords | None = None) -> Situation:
    found = asides.situation(talk, between, theme=theme or ThemeWords())
    assert found is not None
    return found


def put(action: Ask | Reflect | ProposeIncubationPhrase, answer: str, talk: EveningTalk = WISH) -> Turn:
    return asides.answered(as_turn(followed(action, now(talk), EN), EN), answer)


@pytest.mark.parametrize(
    ("talk", "between"),
    [
        (EveningTalk(), ()),
        (EveningTalk(answers={"wish": ""}), ()),
        (EveningTalk(answers={**WISH.answers, "phrase": "yes", "practise": "yes"}), ()),
        (WISH, (Turn(action="end"),)),
        (WISH, (Turn(action="offer_stop"),)),
        (WISH, (Turn(action="reflect", text="x"),) * asides.MOST),
    ],
    ids=["no wish yet", "none wished", "the practice", "ended", "stopped", "enough"],
)
def test_a_model_has_no_place_but_around_a_wish(talk: EveningTalk, between: tuple[Turn, ...]) -> None:
    assert asides.situation(talk, between, theme=ThemeWords()) is None


def test_what_a_step_asked_no_model_asks_again_and_the_other_way_round() -> None:
    told = EveningTalk(answers={**WISH.answers, "draws": "it smells of home"})
    for question in ("like_to_dream", "draws_you"):
        for about in ("", "the old orchard"):
            with pytest.raises(Refused, match="AGAIN"):
                followed(Ask(question=question, about=about), now(told), EN)  # type: ignore[arg-type]
    first = put(Ask(question="see_first", about="its well"), "a ladder")
    assert "its well" in first.text
    later = evening.answered(asides.begun([first]), WISH.answers["wish"])
    with pytest.raises(Refused, match="AGAIN"):
        followed(Ask(question="see_first"), now(later, (first,)), EN)


def test_a_step_that_was_asked_between_the_others_is_not_asked_a_second_time() -> None:
    first = put(Ask(question="draws_you", about="its well"), "it smells of home")
    talk = asides.begun([first])
    seen = []
    for answer in ("the old orchard and its well", "a ladder", "yes", "no", "done", "yes"):
        step = evening.now(talk)
        assert step is not None
        seen.append(step.id)
        talk = evening.answered(talk, answer)
    assert seen == ["wish", "picture", "phrase", "practise", "waking", "close"]
    assert evening.now(talk) is None
    assert talk.answers["draws"] == "it smells of home"


def test_a_sentence_that_was_agreed_to_is_that_of_the_night_letter_for_letter() -> None:
    yes = put(ProposeIncubationPhrase(words="its well"), "yes")
    talk = evening.answered(asides.begun([yes]), "the old orchard and its well")
    assert evening.intention(talk, EN).sentence == "Tonight I would like to dream of its well."
    assert evening.intention(talk, EN).sentence in yes.text
    assert asides.is_theirs(talk, [yes])
    no = put(ProposeIncubationPhrase(words="its well"), "no")
    asked_anew = evening.answered(asides.begun([no]), "the old orchard and its well")
    assert "phrase" not in asked_anew.answers


def test_a_sentence_that_a_page_made_up_is_nobodys() -> None:
    forged = Turn(action=asides.PHRASE, about="your doom", text="", answer="yes")
    talk = evening.answered(asides.begun([forged]), "the old orchard and its well")
    assert not asides.is_theirs(talk, [forged])


def test_what_was_answered_beside_the_steps_may_be_said_back() -> None:
    heard = put(Ask(question="hear_there"), "a bucket on its chain")
    found = now(WISH, (heard,))
    assert found.own == ("the old orchard and its well", "a bucket on its chain")
    assert followed(Reflect(quote="on its chain"), found, EN).quotes == ("on its chain",)


def test_a_passage_that_names_tonights_theme_is_not_said_back_though_it_is_theirs() -> None:
    theme = theme_words(builtin.load("group_shared")[1], registered=("orchard",))
    for action in (Reflect(quote="the old orchard"), ProposeIncubationPhrase(words="the old orchard")):
        with pytest.raises(Refused, match="NAMES_THEME"):
            followed(action, now(theme=theme), EN)
    with pytest.raises(Refused, match="NAMES_THEME"):
        followed(Ask(question="draws_you", about="orchard"), now(theme=theme), EN)
    assert followed(Reflect(quote="its well"), now(theme=theme), EN).text == 'You said: "its well".'


@pytest.mark.parametrize("name", builtin.names())
def test_the_fixed_texts_of_an_evening_name_no_theme_of_ours(name: str) -> None:
    theme = theme_words(builtin.load(name)[1])
    for action in sorted(ALLOWED["evening"] - {"ask", "reflect", "propose_incubation_phrase"}):
        assert followed(decode(f'{{"action":"{action}"}}'), now(theme=theme), EN).text
    for question in ("draws_you", "see_first", "hear_there", "dream_sign", "anything_else"):
        assert followed(Ask(question=question), now(theme=theme), EN).text  # type: ignore[arg-type]
