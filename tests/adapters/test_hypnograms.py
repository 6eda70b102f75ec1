"""An expert's stages as files in the field hold them: EDF+ annotations, tables, one stage a line; all numberings."""

from collections import Counter
from pathlib import Path

import edfio
import numpy as np
import pytest

from dreamloom.adapters.hypnograms import own_stages, read_hypnogram
from dreamloom.adapters.stage_words import given_codes, in_words
from dreamloom.house import recordings
from dreamloom.statistics.hypnograms import epoch_stages
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, StreamError, UsageError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage

W, N1, N2, N3, R = SCORED_STAGES
LENGTH_S = 180.0
EXPERT = [W, N1, N2, N3, R, R]
"""Six epochs in every notation below."""


def edf(path: Path, texts: list[str], *, samples: bool) -> Path:
    notes = [edfio.EdfAnnotation(30.0 * k, 30.0, text) for k, text in enumerate(texts)]
    rows = np.sin(np.arange(int(LENGTH_S) * 100)) * 20
    signals = [edfio.EdfSignal(rows, 100, label="EEG C4-M1", physical_dimension="uV")] if samples else []
    edfio.Edf(signals, annotations=notes).write(path)
    return path


def told(path: Path, text: str, *, length_s: float = LENGTH_S, codes: str = "") -> list[Stage | None]:
    path.write_text(text)
    found = read_hypnogram(path, duration_s=length_s, codes=given_codes(codes) if codes else None)
    return epoch_stages(found, int(length_s // 30))


@pytest.mark.parametrize(
    "text",
    [
        "W\nN1\nN2\nN3\nR\nR\n",
        "Wake\nS1\nS2\nS4\nREM\nREM",
        "Stage\n0\n1\n2\n3\n4\n4\n",
        "0\n1\n2\n4\n5\n5\n",
        "0 1 2 3 5 5",
        "onset,stage\n0,5\n30,3\n60,2\n90,1\n120,4\n",
        "Time,Stage\n0,5\n30.01,3\n60.01,2\n90,1\n120.0,4\n",
        "onset_s,duration_s,stage\n0,30,W\n30,30,N1\n60,30,N2\n90,30,N3\n120,60,R\n",
        "onset\tduration\tdescription\n0\t30\tSleep stage W\n30\t30\tN1\n60\t30\tStage 2\n90\t30\tS4\n120\t60\tREM\n",
        "0;W\n30;N1\n60;N2\n90;N3\n120;R\n",
        "0,W\n1,N1\n2,N2\n3,N3\n4,R\n5,R\n",
        "epoch,stage\n1,W\n2,N1\n3,N2\n4,N3\n5,R\n6,R\n",
        "onset,stage\n0,0\n30,1\n60,2\n90,3\n120,4\n",
        "[Hypnogram]\n" + "\n".join(n for n in "532144" for _ in range(6)),
    ],
)
def test_one_sleep_in_many_notations_is_one_sleep(tmp_path: Path, text: str) -> None:
    assert told(tmp_path / "expert.txt", text) == EXPERT


def test_what_the_scorer_left_open_stays_open(tmp_path: Path) -> None:
    assert told(tmp_path / "e.txt", "W\n?\nMT\nN2\nR\nR\n") == [W, None, None, N2, R, R]
    assert told(tmp_path / "e.txt", "0\n-1\n7\n2\n4\n4\n") == [W, None, None, N2, R, R]


def test_the_person_may_say_what_numbers_mean(tmp_path: Path) -> None:
    assert told(tmp_path / "e.txt", "1\n2\n3\n4\n9\n9\n", codes="1=W,2=N1,3=N2,4=N3,9=REM") == EXPERT
    with pytest.raises(UsageError, match=r"DL-E109 --codes cannot be read at '1'"):
        given_codes("1")


def test_edf_annotations_are_read_from_a_file_of_their_own_and_from_the_recording(tmp_path: Path) -> None:
    texts = [f"Sleep stage {name}" for name in "W1234R"]
    expected = [W, N1, N2, N3, N3, R]
    alone = edf(tmp_path / "hypnogram.edf", texts, samples=False)
    assert epoch_stages(read_hypnogram(alone, duration_s=LENGTH_S), 6) == expected
    inside = edf(tmp_path / "night.edf", texts, samples=True)
    assert epoch_stages(own_stages(inside, duration_s=LENGTH_S), 6) == expected


def test_other_annotations_of_a_recording_are_no_stages(tmp_path: Path) -> None:
    noted = edf(tmp_path / "night.edf", ["1", "Lights off", "W", "R", "arousal", "Sleep stage ?"], samples=True)
    assert epoch_stages(own_stages(noted, duration_s=LENGTH_S), 6) == [None] * 6


def test_the_bundled_experts_stages_fill_the_bundled_recording() -> None:
    expert = recordings.expert_of(recordings.bundled())
    assert expert is not None
    stages = epoch_stages(read_hypnogram(expert, duration_s=5028.0), 167)
    rows = [line.split(",") for line in expert.read_text().splitlines()[1:]]
    seconds = [stage for _, length, stage in rows for _ in range(int(length))]
    majority = [Counter(seconds[k : k + 30]).most_common(1)[0][0] for k in range(0, 167 * 30, 30)]
    assert [str(stage) for stage in stages] == majority


@pytest.mark.parametrize("text", ["", "\n\n", "hello\nworld\n", "a,b\nc,d\n", "onset,stage\n22:30:00,W\n", "0,W\n30\n"])
def test_what_tells_no_stages_is_refused_with_the_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.csv").write_text(text)
    with pytest.raises(ConfigError, match=r"DL-E(340|609) .*(CSV|--codes)"):
        read_hypnogram(tmp_path / "e.csv", duration_s=LENGTH_S)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"DL-E236 The hypnogram .*none\.csv cannot be read"):
        read_hypnogram(tmp_path / "none.csv", duration_s=LENGTH_S)


def test_any_bytes_are_read_or_refused_by_name(tmp_path: Path) -> None:
    for raw in (b"\x00\xff\xfe", b"0       broken", b",,,\n,,,", b"\xef\xbb\xbfW\nW\n", b"[Hypnogram]\n", b"1e999\n"):
        (tmp_path / "e").write_bytes(raw)
        try:
            read_hypnogram(tmp_path / "e", duration_s=60.0)
        except DreamloomError as error:
            assert error.code.startswith("DL-E")


@pytest.mark.parametrize(
    ("text", "stage"),
    [("SLEEP-S2", N2), ("REM sleep|5", R), ("Stage 1 sleep|1", N1), ("Sleep stage ?", Stage.UNSCORED), ("N3", N3),
     ("Lights off", None), ("", None)],
)  # fmt: skip
def test_words_of_many_scorers_name_the_same_stages(text: str, stage: Stage | None) -> None:
    assert in_words(text) is stage
