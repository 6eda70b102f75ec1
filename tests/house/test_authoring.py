"""Is an author told the same as on the command line, at every moment of writing?"""

import threading
from multiprocessing import active_children

import pytest

from dreamloom.dreamscape import builtin, checker
from dreamloom.dreamscape.nodes import MAX_BYTES
from dreamloom.house.authoring import look
from dreamloom.house.beginning_to_write import begin, first_text
from dreamloom.house.rehearsing import RehearsalAsked
from dreamloom.house.rehearsing_beside import RehearsalBeside
from dreamloom.house.side_by_side import HowFar
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError


@pytest.mark.parametrize("name", builtin.names())
def test_what_comes_with_the_product_is_told_whole(name: str) -> None:
    text, dreamscape = builtin.load(name)
    told = look(text, file="x.yaml")
    assert (told.name, told.plays, told.errors) == (dreamscape.name, "plays", 0)
    assert [each.text for each in told.findings if each.severity != "later"] == [
        each.text for each in checker.check(dreamscape)
    ]
    assert told.sentences
    assert told.map.startswith("<svg")
    assert "<style" not in told.map


def test_every_problem_of_a_text_is_told_by_its_own_place() -> None:
    told = look("dreamscape: a\nversion: x\nfoo: 1\n", file="x.yaml")
    assert [(each.line, each.code) for each in told.findings] == [
        (1, "DL-E377"),
        (2, "DL-E376"),
        (3, "DL-E375"),
    ]
    assert told.plays == "cannot be played"
    assert (told.map, told.sentences) == ("", ())


@pytest.mark.parametrize("text", ["", "\x00", "[", "a: &b c", "\ud800", "# " + "ä" * MAX_BYTES, "- " * 3000, "{" * 50])
def test_whatever_is_typed_is_answered_with_findings(text: str) -> None:
    told = look(text, file="x.yaml")
    assert told.errors
    assert told.plays == "cannot be played"


def test_a_new_file_begins_with_a_small_whole_dreamscape_that_bears_its_name(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, called in (("tide", "tide"), ("9 Lives", "dreamscape_9_lives"), ("Ä", "dreamscape")):
        assert look(first_text(name), file="x.yaml").findings == ()
        assert look(first_text(name), file="x.yaml").name == called
    file, start = begin("tide.yaml")
    assert start == first_text("tide")
    assert begin("tdi_n1")[0].path.name == "tdi_n1.yaml"
    assert begin("tdi_n1")[1] == begin("mine.yaml", like="tdi_n1")[1] == builtin.load("tdi_n1")[0]
    assert list(tmp_path.iterdir()) == []
    file.save(start, seen_sha256="")
    assert begin("tide.yaml")[1] == ""
    with pytest.raises(UsageError, match="already"):
        begin("tide.yaml", like="tdi_n1")
    with pytest.raises(UsageError, match="neither") as told:
        begin("tdi_n")
    assert "tdi_n1" in told.value.do
    with pytest.raises(ConfigError):
        begin("other.yaml", like="tdi_n")


class Slow:
    """A rehearsal that goes on until it is let go."""

    def __init__(self) -> None:
        self.go, self.going, self.told = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, asked: RehearsalAsked, *, progress) -> object:
        self.going.set()
        for _ in range(2000):
            progress(HowFar(0, 3600.0, 1.0, 9.0))
            self.told.set()
            if self.go.wait(0.01):
                break
        return asked


ASKED = RehearsalAsked(text="", file="x.yaml", sleepers=2, hours=1.0)


def test_one_rehearsal_runs_at_a_time_tells_how_far_it_is_and_ends_when_told() -> None:
    slow = Slow()
    beside = RehearsalBeside(slow)
    beside.begin(ASKED)
    assert slow.going.wait(10)
    with pytest.raises(RefusedError, match="already"):
        beside.begin(ASKED)
    assert slow.told.wait(10)
    assert (beside.state, beside.share, beside.left_s) == ("running", 0.5, 9.0)
    beside.stop()
    beside.wait(10)
    assert (beside.state, beside.found) == ("stopped", None)
    slow.go.set()
    beside.begin(ASKED)
    beside.wait(10)
    assert (beside.state, beside.found) == ("done", ASKED)


def test_a_rehearsal_that_cannot_be_says_why() -> None:
    beside = RehearsalBeside()
    beside.begin(RehearsalAsked(text="dreamscape: a\n", file="x.yaml", sleepers=1, hours=0.1))
    beside.wait(30)
    assert beside.state == "failed"
    assert "lacks" in str(beside.failure)


@pytest.mark.slow
def test_a_night_that_all_sleep_together_is_stopped_as_well_and_leaves_no_process(tmp_path) -> None:
    before, beside = set(active_children()), RehearsalBeside()
    text = builtin.load("group_shared")[0]
    beside.begin(RehearsalAsked(text=text, file=str(tmp_path / "x.yaml"), sleepers=4, hours=12.0))
    beside.stop()
    beside.wait(100)
    assert beside.state == "stopped"
    assert set(active_children()) <= before
