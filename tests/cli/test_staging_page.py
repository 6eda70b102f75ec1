"""The benchmark page's section on staging: figures of every method, caveats and how far confidence can be believed."""

from pathlib import Path

from dreamloom.bench import staging
from dreamloom.bench.staging import Staged
from dreamloom.bench.staging_page import BEGIN, END, section
from dreamloom.vocabulary.stages import SCORED_STAGES

W, N1, N2, N3, R = SCORED_STAGES
ROOT = Path(__file__).resolve().parents[2]


def test_the_section_tells_every_method_and_whose_sleep_it_was() -> None:
    answers = {name: [W, N2, N2, R] for name in staging.CAUSAL}
    told = staging.compare([Staged(Path("night.edf"), ("EEG",), 100.0, [W, N2, N3, R], answers, ())])
    text = section(told)
    assert text.startswith(BEGIN)
    assert text.endswith(END)
    assert all(name in text for name in staging.CAUSAL)
    assert "One person, 84 minutes" in text
    assert "| 0.9-1.0 |" in text


def test_the_page_that_ships_holds_the_section() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    assert BEGIN in page
    assert END in page
    assert (ROOT / "docs" / "staging.svg").is_file()
