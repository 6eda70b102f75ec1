"""What a text means once it is read, and what the reader never lets through."""

import hashlib
import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.dreamscape import nodes, words
from dreamloom.dreamscape.model import (
    SILENCE,
    ArousalStop,
    AwakeningStop,
    Comparison,
    Cue,
    Dreamscape,
    Gate,
    MeanConfidence,
    possible_cues,
)
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.dreamscape.scalars import Refused, read_comparison, read_quantity
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.stages import Stage

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as refusal:
        read(text, file="night.yaml")
    return str(refusal.value)


def test_every_quantity_of_the_example_arrives_in_its_unit() -> None:
    dreamscape = read(EXAMPLE, file="night.yaml")
    part = dreamscape.parts[0]
    assert (dreamscape.name, dreamscape.version, dreamscape.tags) == ("nightmare_rem_tmr", 1, ("therapy", "music"))
    assert dreamscape.cues["chord"] == Cue(
        because="ours",
        kind="sound",
        sound_class="sleep",
        make="chord",
        notes=("C5", "E5", "G5", "A5", "D6"),
        duration_s=1.0,
    )
    assert part.when == Gate(
        stage=(Stage.R,), confidence=Comparison(">=", 0.8), stable_for_s=20.0, after_lights_off_s=1800.0
    )
    assert (part.play, part.every_s) == ("chord", 10.0)
    assert part.ramp
    assert (part.ramp.over_s, part.budget.per_hour, part.budget.per_night) == (120.0, 200, 800)
    (phone,) = part.else_
    assert phone.when == Gate(after_sleep_onset_s=16_200.0, for_s=5_400.0)
    assert (dreamscape.levels.cap_dba, dreamscape.levels.over_threshold_db) == (45.0, 10.0)
    assert {name: (arm.cue, arm.trained) for name, arm in dreamscape.arms.items()} == {
        "active": ("chord", True),
        "control": ("chord", False),
        "sham": ("silence", True),
    }


def test_the_stop_rules_of_the_example_arrive_in_seconds_and_decibels() -> None:
    stop = read(EXAMPLE, file="night.yaml").stop
    assert stop
    assert stop.arousal == ArousalStop(fade_s=0.1, pause_s=120.0, lower_db=3.0)
    assert stop.cue_locked_awakenings == AwakeningStop(more_than=2, within_s=1800.0, then="no more tonight")


def test_a_mean_says_over_how_many_seconds_it_reaches() -> None:
    mean = MeanConfidence(at_least=0.9, over_readings=240, reading_every_s=1.0)
    assert mean.over_s == 240.0


def test_a_comparison_holds_above_its_bound_and_at_it_only_if_it_says_so() -> None:
    shares = (0.79, 0.8, 0.81)
    assert [Comparison(">=", 0.8).holds(share) for share in shares] == [False, True, True]
    assert [Comparison(">", 0.8).holds(share) for share in shares] == [False, False, True]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("100 ms", 0.1), ("1 s", 1.0), ("1s", 1.0), ("4.5 h", 16200.0), (".5 min", 30.0), ("2e1 s", 20.0), ("0 s", 0.0)],
)
def test_durations_are_kept_in_seconds(written: str, meant: float) -> None:
    assert read_quantity(written, "s") == meant


def test_a_share_may_be_written_in_percent() -> None:
    assert read_comparison("> 80 %") == (">", 0.8)
    assert read_quantity("85%", "share") == 0.85


@pytest.mark.parametrize(
    "text", ["on", "yes", "03:00", "2026-11-20", "0x1F", "1_000", "~", "null", "", "١٢ s", "1,5 s"]
)
def test_nothing_yaml_would_guess_becomes_a_duration(text: str) -> None:
    with pytest.raises(Refused):
        read_quantity(text, "s")


def test_the_word_on_stays_a_word() -> None:
    assert read(EXAMPLE.replace("[therapy, music]", "[on, no, null]"), file="night.yaml").tags == ("on", "no", "null")


@given(st.floats(min_value=0.001, max_value=50_000, allow_nan=False))
def test_a_duration_said_back_reads_the_same(seconds: float) -> None:
    kept = float(f"{seconds:.4g}")
    assert read_quantity(words.duration(kept), "s") == pytest.approx(kept, rel=1e-5)


@given(st.text(max_size=30), st.sampled_from(["s", "dB", "dBA", "share"]))
def test_any_text_is_a_finite_quantity_or_refused_with_a_remedy(text: str, unit: str) -> None:
    try:
        assert math.isfinite(read_quantity(text, unit))
    except Refused as problem:
        told = problem
        assert all((told.what, told.why, told.do))


def test_several_mistakes_are_told_together_and_the_first_has_the_place() -> None:
    text = EXAMPLE.replace("stable_for: 20 s", "stable_for: 20").replace("cap: 45 dBA", "cap: loud")
    text = text.replace("version: 1", "version: one")
    told = refused(text)
    assert told.startswith("night.yaml:2:10 DL-E376 version: 'one'")
    assert "Also night.yaml:12:56: parts[0].when.stable_for: '20' has no unit. Write 20 s" in told
    assert "Also night.yaml:24:15: levels.cap: 'loud' cannot be read. Write 45 dBA" in told


def test_so_many_mistakes_that_nobody_would_read_on_are_counted() -> None:
    told = refused(EXAMPLE + "".join(f"key{n}: 1\n" for n in range(30)))
    assert told.count("Also ") == 19
    assert told.endswith("And 10 more.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1 DL-E370 The text is empty."),
        ("# only a remark\n", "1:1 DL-E370 The text is empty."),
        ("- a\n", "1:1 DL-E370 The text does not begin with words and values."),
        ("a: 1\n---\nb: 2\n", "2:1 DL-E370 This is not YAML."),
        ('"\\UFFFFFFFF": 1', "1:1 DL-E370 This is not YAML."),
        ("a: 1\n\x85b: 2", "2:1 DL-E372 The character U+0085"),
        ("a: 1\rb: 2", "1:5 DL-E372 The character U+000D"),
        ("x: \u202e1", "1:4 DL-E372 The character U+202E"),
        ("a" * (nodes.MAX_BYTES + 1), "1:1 DL-E371 The text has 262145 bytes; a dreamscape has at most 262144."),
        ("a: [" + "a," * 9000 + "]", "1:9999 DL-E371 There are more than 5000 names and values."),
        ("[" * 21, "1:21 DL-E371 This is nested deeper than 20 levels."),
        ("<<: {a: b}", "1:1 DL-E375 '<<' is not known."),
    ],
)
def test_a_text_that_is_no_plain_bounded_yaml_is_refused(text: str, told: str) -> None:
    assert refused(text).startswith(f"night.yaml:{told}")


def test_half_a_character_from_an_escape_is_refused_at_its_value() -> None:
    told = refused(EXAMPLE.replace("[therapy, music]", '[therapy, "\\uD800"]'))
    assert told.startswith("night.yaml:5:17 DL-E372 The character U+D800 stands in the text.")


def test_nesting_of_any_depth_never_ends_in_a_recursion_error() -> None:
    for opening in ("[", "{a: ", "- ", "? "):
        assert "DL-E371" in refused(opening * 20_000)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain, windows = read(EXAMPLE, file="a"), read("\ufeff" + EXAMPLE.replace("\n", "\r\n"), file="a")
    assert msgspec.structs.replace(windows, origin=plain.origin) == plain
    assert windows.origin.places == plain.origin.places
    assert windows.origin.provenance == plain.origin.provenance


def test_the_hash_is_of_the_exact_bytes() -> None:
    assert sha256(EXAMPLE) == hashlib.sha256(Path(__file__).with_name("example.yaml").read_bytes()).hexdigest()
    assert sha256(EXAMPLE + " ") != sha256(EXAMPLE)


def test_places_are_counted_from_one() -> None:
    places = read(EXAMPLE, file="night.yaml").origin.places
    assert places["version"] == (2, 10)
    assert places["parts[0].when.stable_for"] == (12, 56)


def test_the_origin_cannot_be_written_by_an_author() -> None:
    assert "1:1 DL-E375 'origin' is not known." in refused("origin: {file: x}\n" + EXAMPLE)


def test_possible_cues_hold_every_arm_and_a_silence_as_long_as_the_sound() -> None:
    cues = possible_cues(read(EXAMPLE, file="night.yaml"))
    assert list(cues) == ["chord", SILENCE]
    assert (cues[SILENCE].kind, cues[SILENCE].duration_s) == ("silence", cues["chord"].duration_s)


def test_the_model_alone_refuses_what_the_reader_would() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"dreamscape": "a b"}, Dreamscape)
