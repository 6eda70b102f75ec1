"""The set-up's own promises: the lock holds every dependency and no place, and the closing line counts all that ran."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()


def of_file(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_pins_every_dependency_with_a_hash():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {plain(re.match(r"[\w.-]+", each)[0]) for each in asked}
    pinned = {plain(each) for each in re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE)}
    assert names <= pinned
    pins = re.split(r"^(?=\w)", LOCK, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in pin for pin in pins)


def test_the_lock_names_no_index_no_host_and_no_path():
    assert not re.search(r"://|/|--(?!hash=)|@", LOCK.split("\n", 1)[1])


@pytest.fixture
def build(tmp_path):
    xml = '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="2"/></testsuites>'
    (tmp_path / "tests.xml").write_text(xml)
    (tmp_path / "real_time.xml").write_text('<testsuite tests="2" failures="0" errors="0" skipped="0"/>')
    (tmp_path / "waits.xml").write_text('<testsuite tests="4" failures="0" errors="0" skipped="1"/>')
    (tmp_path / "checks.txt").write_text(
        "ok        1 s  ruff check\nFAILED    2 s  mypy\nFAILED   99 s  pytest\nok        9 s  pytest, in real time\n"
    )
    rows = [{"verdict": verdict} for verdict in ("kept", "SHORT", "ERROR", "shown")]
    (tmp_path / "promises.json").write_text(json.dumps({"promises": rows}))
    return tmp_path


def test_the_closing_line_counts_tests_checks_and_promises_once(build, capsys):
    assert of_file("ci_count").main(build) == 1
    assert capsys.readouterr().out == "14 passed, 5 failed\n"


def test_what_did_not_run_counts_as_failed(build, capsys):
    for name in ("tests.xml", "real_time.xml", "waits.xml", "checks.txt", "promises.json"):
        (build / name).unlink()
    assert of_file("ci_count").main(build) == 1
    assert capsys.readouterr().out == "0 passed, 5 failed\n"


def test_all_passed_is_exit_code_0(build, capsys):
    (build / "tests.xml").write_text('<testsuite tests="3" failures="0" errors="0" skipped="0"/>')
    (build / "checks.txt").write_text("ok        1 s  ruff check\nok       99 s  pytest\n")
    (build / "promises.json").write_text(json.dumps({"promises": [{"verdict": "kept"}]}))
    assert of_file("ci_count").main(build) == 0
    assert capsys.readouterr().out == "10 passed, 0 failed\n"
