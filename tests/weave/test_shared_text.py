"""Is what an interviewer wrote down taken out, and what each dreamer said kept?"""

from dreamloom.testing.dream_groups import Plan, group
from dreamloom.weave.chance.design import design_of
from dreamloom.weave.chance.registration import Registration
from dreamloom.weave.chance.texts import Texts, cut_to_common_length, texts_of, without_shared, without_theme
from dreamloom.weave.words import lexicon


def texts(trap: str = "", n: int = 8) -> Texts:
    design = design_of(group(11, Plan(n=n, trap=trap)), Registration())  # type: ignore[arg-type]
    return texts_of([(each.tested, each.before) for each in design.dreamers], [0] * n)


def test_a_sentence_that_all_have_is_taken_out_word_for_word_or_nearly() -> None:
    plain = texts()
    for trap in ("verbatim", "near-verbatim"):
        cleaned, found = without_shared(texts(trap))
        assert found > 8 * 15
        for at in plain.slots.seen.tolist():
            assert "happened" not in cleaned.words[at] or "happened" in plain.words[at]
        assert cleaned.lengths[plain.slots.seen].sum() > 0.9 * plain.lengths[plain.slots.seen].sum()


def test_hardly_a_word_is_lost_where_nothing_is_shared() -> None:
    plain = texts()
    cleaned, _ = without_shared(plain)
    assert cleaned.lengths.sum() > 0.97 * plain.lengths.sum()


def test_a_theme_is_deleted_with_its_phrases() -> None:
    told = texts_of([(["The swimming pools were full of trees."], ["A tree."])], [0])
    left = without_theme(told, lexicon(["swimming pool", "tree"]))
    assert left.words == [["the", "were", "full", "of"], ["a"]]


def test_cut_reports_of_a_dreamer_have_one_length() -> None:
    cut = cut_to_common_length(texts())
    for first, size in zip(cut.slots.firsts.tolist(), cut.slots.sizes, strict=True):
        assert len({len(words) for words in cut.words[first : first + size]}) == 1
        assert size >= 6
