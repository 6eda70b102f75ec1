"""The script for Cedar's public tests agrees where they are right and says which one differs."""

import importlib.util
import json
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "cedar_corpus.py"
SCHEMA = "entity A; entity B; action go appliesTo { principal: [A], resource: [B], context: { ok: Bool } };"
ASKED = {
    "principal": {"type": "A", "id": "1"},
    "action": {"type": "Action", "id": "go"},
    "resource": {"type": "B", "id": "1"},
    "context": {"ok": True},
    "decision": "allow",
}


@pytest.fixture
def main():
    spec = importlib.util.spec_from_file_location("cedar_corpus", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


def corpus(folder, *requests):
    (folder / "p.cedar").write_text("permit (principal, action, resource) when { context.ok };")
    (folder / "e.json").write_text("[]")
    (folder / "s.cedarschema").write_text(SCHEMA)
    test = {"policies": "p.cedar", "entities": "e.json", "schema": "s.cedarschema", "shouldValidate": True}
    (folder / "t.json").write_text(json.dumps({**test, "requests": requests}))
    return folder


def test_a_corpus_that_agrees_is_counted(tmp_path, main, capsys):
    refused = {**ASKED, "context": {"ok": False}, "decision": "Deny"}
    assert main(corpus(tmp_path, ASKED, refused)) == 0
    assert "3 of 3 answers as written, in 1 tests" in capsys.readouterr().out


def test_a_decision_that_differs_is_named(tmp_path, main, capsys):
    assert main(corpus(tmp_path, {**ASKED, "decision": "deny", "description": "never"})) == 1
    assert "t.json: never: Allow" in capsys.readouterr().out


def test_a_folder_without_tests_proves_nothing(tmp_path, main):
    assert main(tmp_path) == 1
