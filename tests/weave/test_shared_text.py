"""Is what an interviewer wrote down taken out, and what each dreamer said kept?"""

import numpy as np

from dreamloom.testing.dream_groups import Plan, group
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.design import design_of
from dreamloom.weave.chance.findings import findings_of
from dreamloom.weave.chance.likeness import alike
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


def test_an_interviewers_words_make_no_likeness_and_no_report_is_cut_for_it() -> None:
    found = {"looked for": [], "left out": []}
    for seed in range(6):
        design = design_of(group(seed, Plan(n=8, trap="near-verbatim")), Registration())
        whole = texts_of([(each.tested, each.before) for each in design.dreamers], [0] * 8)
        stems = without_shared(whole)[0].told_alike
        assert {"happen", "order", "pleas"} <= stems
        found["looked for"].append(alike(whole, seed=1, draws=199).p)
        found["left out"].append(alike(whole._replace(told_alike=stems), seed=1, draws=199).p)
    assert max(found["looked for"]) < 0.1
    assert min(found["left out"]) > 0.02
    assert 0.3 < sum(found["left out"]) / 6 < 0.8


def test_likeness_is_asked_of_whole_reports_and_of_cut_ones_only_by_a_model() -> None:
    reports = group(2, Plan(n=8, trap="verbatim"))
    read: list[str] = []

    def embed(texts: list[str]) -> FloatArray:
        read.extend(texts)
        return np.random.Generator(np.random.PCG64(1)).normal(size=(len(texts), 4))

    findings_of(reports, Registration(tests=("T3",), primary="T3"), embed=embed)
    assert read
    assert not any("went through your mind just before" in text for text in read)
