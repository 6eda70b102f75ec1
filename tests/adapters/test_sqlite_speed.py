"""How fast is the record? `pytest tests/adapters/test_sqlite_speed.py -m slow -s` prints it; bounds are generous."""

import time

import pytest

from dreamloom.adapters.keys import FolderVault, known_keys
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.record.belonging import ByRule
from dreamloom.record.events import StageScored
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing.ledger_contract import ORIGIN, by_pod

EVENTS = 100_000


def scored(n: int) -> StageScored:
    return StageScored(
        id=f"p1.0.{n}",
        tick=n // 8,
        onset_s=float(n // 8),
        pod="p1",
        stage="N2",
        confidence=0.5,
        probabilities={"W": 0.1, "N1": 0.1, "N2": 0.5, "N3": 0.2, "R": 0.1},
        window_s=30.0,
        decided_at_s=31.0,
        quality=1.0,
        method="flat 0123456789abcdef",
    )


class Watch:
    def __init__(self):
        self.began_s = time.perf_counter()

    def lap_s(self, what: str) -> float:
        took_s, self.began_s = time.perf_counter() - self.began_s, time.perf_counter()
        print(f"{what}: {took_s:.2f} s")
        return took_s


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_hundred_thousand_events_are_written_reopened_and_verified_in_seconds(tmp_path):
    path, vault = tmp_path / "record.sqlite", FolderVault(tmp_path / "keys")
    asked = {"origin": ORIGIN, "vault": vault, "subject_of": by_pod}
    events = [scored(n) for n in range(EVENTS + 200)]
    watch = Watch()
    with open_ledger(path, **asked) as ledger:
        for event in events[:EVENTS]:
            ledger.append([event])
        ledger.commit()
        assert watch.lap_s(f"\n{EVENTS} appends one by one, committed in groups") < 100
    print(f"{path.stat().st_size / EVENTS:.0f} bytes per event")
    watch = Watch()
    with open_ledger(path, **asked) as ledger:
        assert watch.lap_s(f"reopening {EVENTS}") < 15
        for event in events[EVENTS:]:
            ledger.append([event])
            ledger.commit()
        watch.lap_s("200 single commits, fsync each")
    watch = Watch()
    with read_only(path) as reader:
        verdict = verify(
            reader.rows(),
            reader.checkpoints(),
            key_of=known_keys(vault),
            public_key=public_key(vault.signing_key()),
            origin=ORIGIN,
            belonging=ByRule(by_pod),
        )
    assert watch.lap_s(f"verifying {verdict.events}") < 60
    assert (verdict.ok, verdict.events, verdict.signed) == (True, EVENTS + 200, EVENTS + 200)
