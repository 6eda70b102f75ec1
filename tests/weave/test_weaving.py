"""Is a weave the dreamers' own words, of enough of them, and of nobody who did not agree?"""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dreamloom.testing.dream_groups import night_to_weave
from dreamloom.weave.narrative import FORMS, Form, Wanted, is_of_few, public, rebuilt, uncited, weave, words_by_dreamer
from dreamloom.weave.redaction import proposals, redacted
from dreamloom.weave.reports import withdrawn
from dreamloom.weave.threads import threads, woven
from dreamloom.weave.words import sentences_of

TONIGHT, BEFORE = night_to_weave(2, n=12)


@pytest.mark.parametrize("form", FORMS)
def test_every_word_is_a_joint_or_cited(form: Form) -> None:
    told = weave(TONIGHT, BEFORE, Wanted(form=form))  # type: ignore[arg-type]
    assert told.form == form
    assert uncited(told, TONIGHT) == []
    quoted = [piece for piece in told.pieces if piece.source is not None]
    assert len(quoted) >= 6
    assert all(piece.source is not None and piece.source.consent.startswith("leaf-") for piece in quoted)
    assert {piece.thread for piece in quoted} == {each.id for each in told.threads}


def test_a_changed_word_is_seen() -> None:
    told = weave(TONIGHT, BEFORE, Wanted())
    at = next(place for place, piece in enumerate(told.pieces) if piece.source is not None)
    bent = replace(told.pieces[at], text=f"{told.pieces[at].text} And more.")
    assert len(uncited(replace(told, pieces=(*told.pieces[:at], bent, *told.pieces[at + 1 :])), TONIGHT)) == 1
    assert len(uncited(replace(told, pieces=(replace(told.pieces[0], text="Once."), *told.pieces[1:])), TONIGHT)) == 1


def test_a_planted_theme_is_a_thread_of_enough_dreamers() -> None:
    found = threads(woven(TONIGHT), BEFORE)
    assert {"glaci", "crevass", "icicl", "morain", "meltwat", "avalanch"} & set(found.public[0].motifs)
    assert all(len(each.weights) >= 3 for each in found.public)
    assert found.private
    assert all(len(each.weights) < 3 for each in found.private)


def test_nobody_has_more_than_a_third_and_no_name_is_told() -> None:
    for seed in range(5):
        tonight, before = night_to_weave(seed, n=12)
        told = weave(tonight, before, Wanted(seed=seed))
        for thread in told.threads:
            own = [piece.source.report for piece in told.pieces if piece.thread == thread.id and piece.source]
            assert max(own.count(each) for each in own) * 3 <= max(3, len(own))
            assert len(set(own)) >= 3
        assert not any(each.dreamer in told.text for each in tonight)


def test_three_who_tell_the_same_are_one() -> None:
    copied = "We found the obelisk under the old tarpaulin and it hummed quietly until the morning came. "
    nearly = copied.replace("found", "saw").replace("quietly", "softly")
    tonight = [
        replace(each, text=f"{(copied, nearly, copied)[place]}{each.text}") if place < 3 else each
        for place, each in enumerate(TONIGHT)
    ]
    told = weave(tonight, BEFORE, Wanted())
    assert "obelisk" not in told.text
    assert not any("obelisk" in motif for each in told.threads for motif in each.motifs)
    own = [
        replace(each, text=f"{opening} {each.text}")
        for each, opening in zip(
            TONIGHT,
            (
                "An obelisk stood there.",
                "My aunt had an obelisk at home.",
                "I could see one obelisk, far off.",
            ),
            strict=False,
        )
    ]
    found = threads(woven([*own, *TONIGHT[3:]]), BEFORE)
    assert any("obelisk" in each.motifs for each in found.public)
    whole = [replace(each, text=TONIGHT[0].text) if place in (1, 2) else each for place, each in enumerate(TONIGHT)]
    assert len(woven(whole)) == len(TONIGHT) - 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from(["statistics", "weave", "gallery"])), min_size=12, max_size=12), st.integers(0, 9)
)
def test_nothing_of_a_report_is_told_without_consent(scopes: list[set[str]], seed: int) -> None:
    tonight = [replace(each, scopes=frozenset(own)) for each, own in zip(TONIGHT, scopes, strict=True)]
    told = weave(tonight, BEFORE, Wanted(form=FORMS[seed % 3], seed=seed))  # type: ignore[arg-type]
    allowed = {each.sha256 for each in tonight if "weave" in each.scopes}
    assert {piece.source.report for piece in told.pieces if piece.source is not None} <= allowed
    assert uncited(told, tonight) == []
    for thread in told.threads:
        own = {piece.source.report for piece in told.pieces if piece.thread == thread.id and piece.source is not None}
        assert len(own) >= 3


def test_a_withdrawal_weaves_anew_and_leaves_a_hash() -> None:
    old = weave(TONIGHT, BEFORE, Wanted())
    whose = max(words_by_dreamer(old, TONIGHT), key=lambda dreamer: words_by_dreamer(old, TONIGHT)[dreamer])
    after = withdrawn(TONIGHT, dreamer=whose, scope="weave")
    new = rebuilt(old, after, BEFORE, Wanted())
    assert new.gone_sha256 == old.sha256 != new.weave.sha256
    assert whose not in words_by_dreamer(new.weave, TONIGHT)
    assert uncited(new.weave, after) == []
    assert uncited(old, after)


def test_same_seed_same_bytes_in_any_order_and_any_process() -> None:
    told = weave(TONIGHT, BEFORE, Wanted(seed=5))
    assert told.bytes == weave(TONIGHT[::-1], BEFORE[::-1], Wanted(seed=5)).bytes
    assert told.bytes != weave(TONIGHT, BEFORE, Wanted(seed=6)).bytes
    script = (
        "from dreamloom.testing.dream_groups import night_to_weave; "
        "from dreamloom.weave.narrative import Wanted, weave; "
        "print(weave(*night_to_weave(2, n=12), Wanted(seed=5)).sha256)"
    )
    for number in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": number},
        )
        assert ran.stdout.strip() == told.sha256


def test_few_dreamers_who_woke_often_are_as_few() -> None:
    four = TONIGHT[:4]
    again = [replace(each, text=BEFORE[place].text, locked_sha256="", order=50) for place, each in enumerate(four)]
    told = weave([*four, *again], BEFORE, Wanted())
    assert (told.reports, told.form, is_of_few(told)) == (8, "kind page", True)
    assert all(piece.source is None for piece in told.pieces)
    assert not is_of_few(weave(TONIGHT, BEFORE, Wanted()))


def test_few_dreamers_are_named_sentence_by_sentence_or_not_told() -> None:
    few = TONIGHT[:5]
    assert weave(few, BEFORE, Wanted()).form == "kind page"
    assert weave([], BEFORE, Wanted()).pieces[0].text.startswith("Nobody told")
    span = next(iter(sentences_of(few[1].text)))
    agreed = frozenset({(few[1].sha256, *span), (few[2].sha256, 0, 3)})
    told = weave(few, BEFORE, Wanted(agreed=agreed, names={few[1].dreamer: "Ada", few[2].dreamer: "Bo"}))
    assert told.form == "named collage"
    quoted = [piece for piece in told.pieces if piece.source is not None]
    assert [(piece.by, piece.text) for piece in quoted] == [("Ada", few[1].text[span.start : span.end])]
    assert uncited(told, few) == []
    nameless = weave(few, BEFORE, Wanted(agreed=agreed))
    assert nameless.form == "kind page"


def test_only_what_was_ratified_is_public() -> None:
    told = weave(TONIGHT, BEFORE, Wanted())
    first = told.threads[0].id
    shown = public(told, frozenset({first}))
    assert [each.id for each in shown.threads] == [first]
    assert {piece.thread for piece in shown.pieces if piece.source} == {first}
    assert not [piece for piece in public(told, frozenset()).pieces if piece.source]


def test_a_thread_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="would tell who they are"):
        weave(TONIGHT, BEFORE, Wanted(k=2))


def test_what_could_tell_who_it_was_is_proposed_and_hidden_as_accepted() -> None:
    text = (
        "I met Anna Berg in Leipzig and called +49 341 1234567. Anna Berg lives at 12 Oak Tree Road, she said. "
        "Anna left. Then grandpa wrote to a.b@example.org on 3 May 2019. See www.example.org/x."
    )
    found = proposals(text, own=["Grandpa"])
    assert [(each.said, each.instead) for each in found] == [
        ("Anna Berg", "[Person 1]"),
        ("Leipzig", "[Person 2]"),
        ("+49 341 1234567", "[number 1]"),
        ("Anna Berg", "[Person 1]"),
        ("12 Oak Tree Road", "[place 1]"),
        ("Anna", "[Person 1]"),
        ("grandpa", "[somebody 1]"),
        ("a.b@example.org", "[address 1]"),
        ("3 May 2019", "[day 1]"),
        ("www.example.org/x", "[address 2]"),
    ]
    assert redacted(text, found).startswith("I met [Person 1] in [Person 2] and called [number 1]. [Person 1] lives")
    assert redacted(text, []) == text
    assert not proposals("Then I saw a house. I'm sure it was Monday, and I left.")
    assert not proposals("Der Hund lief in den Garten.", nouns_have_capitals=True)


def test_what_was_accepted_is_hidden_in_the_weave_and_still_cited() -> None:
    told = weave(TONIGHT, BEFORE, Wanted())
    source = next(piece.source for piece in told.pieces if piece.source is not None)
    report = next(each for each in TONIGHT if each.sha256 == source.report)
    word = report.text[source.start : source.end].split()[0]
    hidden = [
        replace(
            each, start=source.start, end=source.start + len(word), said=word, instead="[Person 1]", why="your own list"
        )
        for each in proposals("I met Anna.")
    ]
    after = weave(TONIGHT, BEFORE, Wanted(accepted={report.sha256: tuple(hidden)}))
    piece = next(each for each in after.pieces if each.source and each.source.transform == "redacted")
    assert piece.text.startswith("[Person 1]")
    assert uncited(after, TONIGHT) == []


def test_large_nights_stay_quick() -> None:
    tonight, before = night_to_weave(7, n=60)
    told = weave(tonight, before, Wanted())
    assert len(told.threads) <= 9
    assert np.isfinite(len(told.bytes))


def test_a_language_may_be_told_with_its_country() -> None:
    text = "Ich ging mit meiner Mutter durch den Wald und sie hatte die Laterne."
    (found,) = woven([replace(TONIGHT[0], text=text, language="de-AT")])
    assert found.stems == {"mutt", "wald", "latern"}
