"""Angles: directions and spreads against what is known of them."""

import numpy as np

from dreamloom.statistics.circular import mean_rad, sd_rad, spread
from dreamloom.vocabulary.chance import stream


def test_spread_of_a_wrapped_normal_is_its_standard_deviation() -> None:
    angles_rad = stream(1, "angles").normal(0.2, 0.5, 20_000)
    assert abs(sd_rad(angles_rad) - 0.5) < 0.01
    assert abs(mean_rad(angles_rad) - 0.2) < 0.02


def test_the_mean_of_angles_about_half_a_turn_is_half_a_turn() -> None:
    assert abs(abs(mean_rad(np.radians([170.0, -170.0]))) - np.pi) < 1e-9


def test_intervals_hold_the_figure_and_shrink_with_more_angles() -> None:
    angles_rad = stream(2, "angles").normal(0.0, 0.4, 1600)
    few, many = spread(angles_rad[:50]), spread(angles_rad)
    assert few is not None
    assert many is not None
    for each in (few, many):
        assert each.sd_ci_deg[0] <= each.sd_deg <= each.sd_ci_deg[1]
        assert each.mean_ci_deg[0] <= each.mean_deg <= each.mean_ci_deg[1]
    assert many.sd_ci_deg[1] - many.sd_ci_deg[0] < few.sd_ci_deg[1] - few.sd_ci_deg[0]


def test_one_angle_has_no_spread() -> None:
    assert spread(np.array([0.1])) is None
