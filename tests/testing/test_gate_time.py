"""The measurement of the gate times every decision of a night, and the rules are asked of each of its cues."""

from dreamloom.testing.gate_time import measured


def test_every_cue_of_a_night_is_timed_with_the_rules_it_was_asked_of() -> None:
    told = measured(pods=2, seconds=80.0)
    assert told["cues"] > 4
    assert 0.0 < told["rules_p50_ms"] <= told["rules_p99_ms"] <= 1000.0
    assert told["rules_p50_ms"] < told["gate_p50_ms"]
