"""What tracking costs: measured in a process of its own, and told as data and in words."""

import json

import pytest
from typer.testing import CliRunner

from dreamloom.bench import tracking_cost
from dreamloom.cli.app import app


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_cost_of_tracking_is_told_for_each_part_and_for_all_at_once() -> None:
    ran = CliRunner().invoke(app, ["bench", "tracking", "--sleepers", "3", "--json"])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert (told["sleepers"], told["channels"], told["sfreq_hz"], told["hop_s"]) == (3, 3, 256, 5)
    assert min(told["batched_per_core"], told["alone_per_core"], told["start_up_wall_s"], told["gain_x"]) > 0
    assert [part["name"] for part in told["parts"]] == [part.name for part in tracking_cost.PARTS]
    assert all(part["alone_ms"] > 0 and part["batched_ms"] > 0 for part in told["parts"])


def test_no_sleepers_at_all_are_refused() -> None:
    assert CliRunner().invoke(app, ["bench", "tracking", "--sleepers", "0"]).exit_code == 2
