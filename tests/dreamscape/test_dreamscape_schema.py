"""The exported JSON Schema describes the text as authors write it."""

import json
import re
from typing import Any

from dreamloom.dreamscape.scalars import Refused, read_quantity
from dreamloom.dreamscape.schema import json_schema


def gate() -> dict[str, Any]:
    schema = json_schema()
    part = schema["properties"]["parts"]["anyOf"][0]["items"]["$ref"].rpartition("/")[2]
    gate = schema["$defs"][part]["properties"]["when"]["$ref"].rpartition("/")[2]
    return schema["$defs"][gate]["properties"]


def test_the_schema_is_json_and_closed() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["dreamscape", "version", "cues", "levels"]
    assert "origin" not in schema["properties"]


def test_the_schema_uses_the_authors_words_not_the_models() -> None:
    assert {"stage", "confidence", "stable_for", "after_lights_off", "for"} <= set(gate())
    assert not [name for name in gate() if name.endswith("_s")]


def test_a_duration_of_the_schema_is_one_the_reader_reads() -> None:
    pattern = gate()["stable_for"]["pattern"]
    for text in ("20 s", "100 ms", "4.5 h", "20", "20 sec", "soon", "03:00", "-5 s"):
        try:
            read_quantity(text, "s")
        except Refused:
            assert not re.search(pattern, text)
        else:
            assert re.search(pattern, text)


def test_stages_leave_out_unscored() -> None:
    assert gate()["stage"]["anyOf"][1]["enum"] == ["W", "N1", "N2", "N3", "R"]
