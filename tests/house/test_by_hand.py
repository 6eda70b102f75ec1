"""What does the person in charge ask for while a night runs?"""

from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.cli import by_hand as verbs
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Outside
from dreamloom.house import by_hand, making, replaying, running
from dreamloom.house.by_hand import Cue, Note, Stage
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    CommandGiven,
    CueDue,
    CuePlayed,
    LetterSeen,
    NoteMade,
    OperatorStaged,
)
from dreamloom.testing.company import ToldBed, always, told_night
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.vocabulary.stages import Stage as Asleep
from dreamloom.vocabulary.units import NightTime


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time from leaving a word to looking for it."""
    monkeypatch.setattr(by_hand, "COMMAND_S", 300.0)


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    bed = PodAsked(id="p1", sleeper="S01", source="sim:typical,start=3h,hours=0.03")
    return making.write_night(House(tmp_path), "tonight", [bed], str(tmp_path / "eager.yaml"), seed=1)


def lived(night: NightFolder, *words: by_hand.AnyWord, at_tick: int = 40) -> list[AnyEvent]:
    """The night's events, with these words left at this tick."""

    def leave(tick: int, *_: object) -> None:
        if tick == at_tick:
            for word in words:
                by_hand.leave(night, word)

    running.run_night(night, RunOptions(speed_x=None, listeners=[leave]))
    with read_only(night.record) as record:
        return list(record.events())


def test_words_are_taken_once_told_with_their_name_and_decided_again_the_same(night: NightFolder) -> None:
    events = lived(
        night,
        Note(pod="p1", by="Anna", text="snores"),
        Cue(pod="p1", by="Anna", cue="chord"),
        Stage(pod="p1", by="Bo", stage="R"),
    )
    kinds = (NoteMade, CommandGiven, OperatorStaged)
    assert [(type(event), event.by) for event in events if isinstance(event, kinds)] == [
        (NoteMade, "Anna"),
        (CommandGiven, "Anna"),
        (OperatorStaged, "Bo"),
    ]
    assert list((night.root / by_hand.FOLDER).glob("*")) == []
    assert replaying.replay_night(night).first_difference is None


def test_the_words_of_a_note_lie_sealed_and_nowhere_in_plain(night: NightFolder) -> None:
    events = lived(night, Note(pod="p1", by="Anna", text="she said a name that nobody else may read"))
    note = next(event for event in events if isinstance(event, NoteMade))
    assert note.text is not None
    assert note.text.subject == "S01"
    files = [path.read_bytes() for path in night.root.rglob("*") if path.is_file()]
    assert not any(b"nobody else may read" in content for content in files)


def test_what_was_left_before_a_night_is_over_when_it_opens(night: NightFolder) -> None:
    by_hand.leave(night, Cue(pod="p1", by="Anna", cue="chord"))
    assert not any(isinstance(event, CommandGiven) for event in lived(night))


def test_words_that_cannot_be_read_are_dropped_and_the_night_goes_on(night: NightFolder) -> None:
    def scribble(tick: int, *_: object) -> None:
        if tick == 10:
            (night.root / by_hand.FOLDER).mkdir(exist_ok=True)
            (night.root / by_hand.FOLDER / "1.json").write_bytes(b'{"what":"cue"')

    result = running.run_night(night, RunOptions(speed_x=None, listeners=[scribble]))
    assert result.epochs > 0
    assert list((night.root / by_hand.FOLDER).glob("*.json")) == []


def scribbled(night: NightFolder, **changes: object) -> list[AnyEvent]:
    """The night's events, with a cue asked for by hand, and these changes in what was written."""
    word = msgspec.to_builtins(Cue(pod="p1", by="Anna", cue="chord"))

    def leave(tick: int, *_: object) -> None:
        if tick == 40:
            path = by_hand.leave(night, Cue(pod="p1", by="Anna", cue="chord"))
            path.write_bytes(msgspec.json.encode({**word, "left_s": boot_s(), **changes}))

    running.run_night(night, RunOptions(speed_x=None, listeners=[leave]))
    with read_only(night.record) as record:
        return [event for event in record.events() if isinstance(event, CommandGiven)]


def test_a_cue_asked_for_by_hand_is_obeyed_in_time_only(night: NightFolder) -> None:
    assert len(scribbled(night)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"left_s": boot_s() - 3e5}, {"left_s": boot_s() + 6e6}, {"cue": "no such cue"}, {"by": "a b"}, {"pod": "p9"}],
)
def test_a_word_too_old_or_of_nothing_known_is_dropped_and_the_night_goes_on(
    night: NightFolder, changes: dict[str, object]
) -> None:
    assert scribbled(night, **changes) == []
    assert list((night.root / by_hand.FOLDER).glob("*")) == []


def test_a_word_that_cannot_be_taken_away_is_never_obeyed(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent.name == by_hand.FOLDER:
            raise PermissionError(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert not any(isinstance(event, CommandGiven) for event in lived(night, Cue(pod="p1", by="Anna", cue="chord")))


def test_a_night_that_does_not_run_leaves_nothing_of_a_word_behind(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "ANSWER_WITHIN_S", 0.2)
    with pytest.raises(RefusedError, match="DL-E536"):
        verbs.note(str(night.root), "p1", "a secret", by="Anna", as_json=False)
    assert list((night.root / by_hand.FOLDER).glob("*")) == []


def called(stage: str, at_s: float) -> Outside:
    event = OperatorStaged(onset_s=at_s, by="Anna", stage=stage)  # type: ignore[arg-type]  # a letter of a test
    return Outside(known_s=NightTime(at_s), pod="p1", event=event)


def cued_s(*script: Outside, stage: Asleep = Asleep.N2, duration_s: int = 800) -> list[float]:
    events, _ = told_night(EAGER, [ToldBed(stage_at=always(stage))], duration_s=duration_s, script=script)
    assert len([event for event in events if isinstance(event, CuePlayed)]) == len(
        [event for event in events if isinstance(event, CueDue)]
    )
    return [event.onset_s for event in events if isinstance(event, CueDue)]


def test_a_stage_that_a_person_calls_opens_the_gate_for_ten_minutes_and_no_longer() -> None:
    assert cued_s() == []
    told = cued_s(called("R", 60.5))
    assert 70.0 < told[0] < 80.0
    assert 650.0 < told[-1] <= 665.0


def test_a_call_is_taken_back_by_another_one() -> None:
    assert max(cued_s(called("R", 60.5), called("", 120.5))) <= 125.0
    assert max(cued_s(called("N2", 60.5), stage=Asleep.R, duration_s=300), default=0.0) <= 65.0


def test_a_word_reads_back_as_it_was_left() -> None:
    for word in (
        Cue(pod="p1", by="A", cue="chord"),
        Stage(pod="p1", by="A", stage=""),
        Note(pod="p1", by="A", text="x"),
    ):
        assert msgspec.json.decode(msgspec.json.encode(word), type=by_hand.AnyWord) == word


def test_a_night_that_asks_no_questions_says_so_and_leaves_no_word(night: NightFolder) -> None:
    with pytest.raises(UsageError, match=r"DL-E135 This night asks no questions\."):
        verbs.question(str(night.root), "p1", None, by="anna", as_json=False)
    with pytest.raises(UsageError, match="DL-E135 This night has no dialogue 'sums'"):
        verbs.question(str(night.root), "p1", "sums", by="anna", as_json=False)
    assert not list(night.root.glob("asked/*"))


def test_an_answer_is_told_in_words_and_one_that_is_unclear_names_no_number() -> None:
    seen = AnswerSeen(
        onset_s=1.0, dialogue=0, question=0, by="eyes", said="answer", number=2, confidence=0.9, judged="", at_s=1.0
    )  # fmt: skip
    letter = LetterSeen(
        onset_s=1.0, dialogue=0, question=0, said="answer", letter="K", confidence=0.9, judged="right", at_s=1.0
    )
    unclear = msgspec.structs.replace(seen, said="unclear", number=0)
    assert [verbs._meant(each) for each in (seen, letter, unclear)] == ["2", "K", ""]
