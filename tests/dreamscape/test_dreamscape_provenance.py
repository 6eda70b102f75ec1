"""Who says so: each parameter is sourced or ours, by the nearest word its author wrote."""

from pathlib import Path

from dreamloom.dreamscape.parameters import Parameter, parameters
from dreamloom.dreamscape.reader import read

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")


def rows(text: str) -> dict[str, Parameter]:
    return {row.path: row for row in parameters(read(text, file="night.yaml"))}


def test_a_comment_behind_a_value_is_its_source() -> None:
    found = rows(EXAMPLE)["parts[0].every"]
    assert found == Parameter("parts[0].every", 10.0, "s", "sourced: one sound each 10 s during REM", labelled=True)


def test_a_reason_in_a_mapping_covers_all_it_holds() -> None:
    found = rows(EXAMPLE)
    assert [found[f"parts[0].budget.{name}"].labelled for name in ("per_hour", "per_night")] == [True, True]
    assert found["cues.chord.notes"].value == "C5, E5, G5, A5, D6"


def test_a_value_without_a_named_source_is_ours_and_not_labelled() -> None:
    found = rows(EXAMPLE)["levels.cap"]
    assert (found.value, found.unit, found.provenance, found.labelled) == (45.0, "dBA", "ours", False)


def test_a_remark_that_names_no_source_is_no_source() -> None:
    assert rows(EXAMPLE)["arms.control.trained"].provenance == "ours"
    assert not rows(EXAMPLE)["arms.control.trained"].labelled


def test_a_comment_behind_a_key_covers_the_lines_below_it_until_a_nearer_one() -> None:
    text = EXAMPLE.replace("stop:\n", "stop:   # sourced: Author 1999\n").replace(
        "lower: 3 dB}", "lower: 3 dB}  # ours"
    )
    found = rows(text)
    assert found["stop.cue_locked_awakenings.within"].provenance == "sourced: Author 1999"
    assert found["stop.arousal.pause"].provenance == "ours"


def test_the_reason_in_a_line_goes_before_the_comment_behind_it() -> None:
    text = EXAMPLE.replace("per_night: 800, because: ours}", "per_night: 800, because: ours}  # sourced: Author 1999")
    assert rows(text)["parts[0].budget.per_hour"].provenance == "ours"


def test_a_hash_inside_a_quoted_value_is_no_comment() -> None:
    text = EXAMPLE.replace("levels: {cap: 45 dBA,", 'levels: {because: "ours # sourced: nobody", cap: 45 dBA,')
    assert rows(text)["levels.cap"].provenance == "ours # sourced: nobody"


def test_a_comment_on_the_first_line_of_a_part_does_not_cover_the_part() -> None:
    text = EXAMPLE.replace("- for: each sleeper", "- for: each sleeper   # sourced: Author 1999")
    assert not rows(text)["parts[0].when.stable_for"].labelled


def test_every_row_has_a_unit_where_the_value_has_one() -> None:
    units = {row.path.rsplit(".", 1)[-1]: row.unit for row in parameters(read(EXAMPLE, file="night.yaml"))}
    expected = {"duration": "s", "confidence": "share", "cap": "dBA", "lower": "dB", "per_hour": "", "fade": "s"}
    assert {name: units[name] for name in expected} == expected
