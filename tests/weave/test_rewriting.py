"""Does a rewritten passage say what was told, and does the dreamer's own stand where it does not?"""

import pytest

from dreamloom.weave.rewriting import objection, rewritten

SOURCE = "I walked through the old market with my aunt and we carried a red lamp."


def test_what_was_told_may_be_told_again() -> None:
    text = "With my aunt I walked through the old market, and we carried a red lamp."
    found = rewritten(SOURCE, "model-7", lambda _: text)
    assert (found.text, found.source, found.by, found.why_not) == (text, SOURCE, "model-7", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (SOURCE * 3, "longer"),
        ("I walked through the old market with my aunt and we carried 3 red lamps.", "number"),
        ("I walked through the old market with my aunt Maria and we carried a red lamp.", "name"),
        ("I walked.", "leaves out"),
        (SOURCE.removesuffix(".") + " beside horses, trumpets and towers of silver glass.", "adds too much"),
        ("I walked through the old market with my aunt, carried a red lamp and was attacked.", "harsher"),
    ],
)
def test_what_was_not_told_does_not_stand(text: str, why: str) -> None:
    assert why in objection(SOURCE, text)
    found = rewritten(SOURCE, "model-7", lambda _: text)
    assert (found.text, found.by) == (SOURCE, "")
    assert why in found.why_not


def test_a_model_that_fails_leaves_the_dreamers_words() -> None:
    def broken(_: str) -> str:
        raise ConnectionError

    assert rewritten(SOURCE, "model-7", broken).why_not == "it did not answer (ConnectionError)"
