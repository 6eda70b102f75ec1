"""Are reports read from a lab's own file, and is what is wrong in it named by its place?"""

import json
from pathlib import Path

import pytest

from dreamloom.house.dreams_met import themes_of
from dreamloom.house.report_files import read_reports
from dreamloom.vocabulary.errors import ConfigError, UsageError


def written(tmp_path: Path, text: str, name: str = "told.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read_with_quotes_line_ends_and_other_columns(tmp_path: Path) -> None:
    head = "\ufeffDreamer,night,arm,text,heard,order,extra\n"
    text = f'{head}d1,n1,a,"A ""red"" house,\nand a tree.",yes,3,x\n\nd2,n1,,,,,\n'
    first, second = read_reports(written(tmp_path, text))
    assert first.text == 'A "red" house,\nand a tree.'
    assert (first.heard, first.order, first.scopes) == (True, 3, frozenset({"statistics", "judges"}))
    assert (second.text, second.arm, second.heard) == ("", "", None)


def test_semicolons_tabs_and_json_lines_are_read_alike(tmp_path: Path) -> None:
    rows = [("d1", "n1", "a", "A house, a tree."), ("d2", "n1", "b", "Über Bäume.")]
    comma = read_reports(written(tmp_path, "dreamer;night;arm;text\n" + "\n".join(";".join(row) for row in rows)))
    tab = read_reports(written(tmp_path, "dreamer\tnight\tarm\ttext\n" + "\n".join("\t".join(row) for row in rows)))
    lines = [json.dumps(dict(zip(("dreamer", "night", "arm", "text"), row, strict=True))) for row in rows]
    assert comma == tab == read_reports(written(tmp_path, "\n".join(lines), "told.jsonl"))


def test_what_a_report_may_be_used_for_is_read(tmp_path: Path) -> None:
    text = "dreamer,night,arm,text,scopes\nd1,n1,a,x,weave gallery\nd1,n2,a,x,private\n"
    first, second = read_reports(written(tmp_path, text))
    assert first.scopes == frozenset({"weave", "gallery"})
    assert second.scopes == frozenset()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "DL-E704", (1, 1)),
        ("dreamer,night,arm,text\n", "DL-E701", (1, 1)),
        ("dreamer,night,arm,tekst\nd,n,a,x\n", "DL-E704", (1, 4)),
        ("dreamer,night,arm,text,night\nd,n,a,x,n\n", "DL-E705", (1, 5)),
        ("dreamer,night,arm,text\nd,n,a,x\nd,n,a,one, two\n", "DL-E702", (3, 5)),
        ('dreamer,night,arm,text\nd,n,a,"x\ny"\nd,n,a\n', "DL-E702", (4, 4)),
        ('dreamer,night,arm,text\nd,n,a,"x" y\n', "DL-E703", (2, 1)),
        ("dreamer,night,arm,text\n,n,a,x\n", "DL-E708", (2, 1)),
        ("dreamer,night,arm,text,order\nd,n,a,x,soon\n", "DL-E708", (2, 5)),
        ("dreamer,night,arm,text,heard\nd,n,a,x,perhaps\n", "DL-E708", (2, 5)),
        ("dreamer,night,arm,text,scopes\nd,n,a,x,all\n", "DL-E708", (2, 5)),
        ('{"dreamer": "d", "night": "n", "arm": "a"}\n', "DL-E706", (1, 42)),
        ('{"dreamer": "d", "night": "n", "arm": "a", "text": "x"}\n{"dreamer": \n', "DL-E707", (2, 13)),
        ('{"dreamer": "d", "night": "n", "arm": "a", "text": "x"}\n[1]\n', "DL-E707", (2, 1)),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(
    tmp_path: Path, text: str, code: str, place: tuple[int, int]
) -> None:
    with pytest.raises(ConfigError) as raised:
        read_reports(written(tmp_path, text))
    where = raised.value.where
    assert raised.value.code == code
    assert where is not None
    assert (where.line, where.column) == place


def test_a_theme_is_a_list_of_words_perhaps_of_one_arm() -> None:
    assert themes_of(["tree, forest,leaf*"]) == {"": ("tree", "forest", "leaf*")}
    assert themes_of(["tree forest"]) == {"": ("tree", "forest")}
    assert themes_of(["a=tree;leaf", "b=fork", "a=bark"]) == {"a": ("tree", "leaf", "bark"), "b": ("fork",)}
    for wrong in ("", "a=", "=tree"):
        with pytest.raises(UsageError, match="names no theme"):
            themes_of([wrong])
