"""Is a report the same thing wherever it came from?"""

import hashlib

import msgspec
import pytest

from dreamloom.weave.reports import Report, allowed, in_time, withdrawn


def told(dreamer: str = "d1", **more: object) -> Report:
    return Report(**{"dreamer": dreamer, "night": "n1", "arm": "a", "text": "A house.", **more})  # type: ignore[arg-type]


def test_a_report_is_cited_by_the_hash_it_was_locked_with_else_by_its_text() -> None:
    assert told().sha256 == hashlib.sha256(b"A house.").hexdigest()
    assert told(locked_sha256="ab").sha256 == "ab"


def test_a_report_is_for_statistics_alone_unless_its_dreamer_says_more() -> None:
    one, two = told(), told("d2", scopes=frozenset({"weave"}))
    assert allowed([one, two], "statistics") == [one]
    assert allowed([one, two], "weave") == [two]


def test_one_withdrawal_takes_every_report_of_that_dreamer_and_no_other() -> None:
    both = frozenset({"statistics", "weave"})
    reports = [told(scopes=both), told(night="n2", scopes=both), told("d2", scopes=both)]
    assert [each.dreamer for each in allowed(withdrawn(reports, dreamer="d1", scope="weave"), "weave")] == ["d2"]
    assert len(allowed(withdrawn(reports, dreamer="d1", scope="weave"), "statistics")) == 3
    assert [each.dreamer for each in allowed(withdrawn(reports, dreamer="d1"), "statistics")] == ["d2"]


def test_reports_stand_in_time_however_they_came() -> None:
    reports = [told(order=2), told("d2", order=1), told(order=1)]
    assert in_time(reports) == in_time(reversed(reports))
    assert [each.order for each in in_time(reports)] == [1, 1, 2]


def test_a_report_cannot_be_changed_and_travels_as_json() -> None:
    report = told(heard=True)
    with pytest.raises(AttributeError):
        report.text = "Another."  # type: ignore[misc]
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report
