"""Does a permutation test count as it says: no p of 0, no p without another arrangement, and chance calls it rarely?"""

from dreamloom.statistics.permutation import permuted
from dreamloom.vocabulary.chance import stream


def test_where_nothing_can_change_places_there_is_no_p():
    tried = permuted(lambda order: order[:, 0] * 1.0, [[0], [1]], units=2, seed=1)
    assert (tried.p, tried.arrangements, len(tried.drawn)) == (None, 1, 0)


def test_the_arrangement_that_happened_counts_as_one():
    tried = permuted(lambda order: (order[:, 0] == 0) * 1.0, [list(range(50))], units=50, seed=1, draws=199)
    assert tried.p == round((1 + tried.drawn.sum()) / 200, 4)
    assert tried.p >= 1 / 200


def test_units_of_one_class_never_lie_at_the_places_of_another():
    tried = permuted(lambda order: (order[:, :2].max(axis=1) < 2) * 1.0, [[0, 1], [2, 3, 4]], units=5, seed=1, draws=50)
    assert tried.drawn.all()
    assert tried.arrangements == 12


def test_under_chance_a_p_below_a_twentieth_comes_about_once_in_twenty():
    hits = 0
    for seed in range(200):
        values = stream(seed, "null").normal(size=10)

        def value(order, drawn=values):
            return drawn[order[:, :5]].mean(axis=1)

        hits += permuted(value, [list(range(10))], units=10, seed=seed, draws=99).p <= 0.05
    assert 2 <= hits <= 20
