"""Is the order of a stored record judged alike, however quickly it is read?"""

from hypothesis import given
from hypothesis import strategies as st

from dreamloom.record.chain import Order, resume_order
from dreamloom.vocabulary.errors import RecordError

IDS = st.lists(
    st.builds("{}.{}.{}".format, st.sampled_from(["p1", "p2", "a@b/p1.0"]), st.integers(0, 2), st.integers(0, 3)),
    max_size=9,
)


def one_by_one(ids: list[str]) -> Order | None:
    order = Order(7)
    return None if any(order.admit(each, None) for each in ids) else order


def resumed(ids: list[str]) -> Order | None:
    try:
        return resume_order(ids, 7)
    except RecordError:
        return None


@given(IDS)
def test_a_stored_record_is_in_order_where_each_of_its_events_could_have_come_next(ids: list[str]) -> None:
    assert resumed(ids) == one_by_one(ids)


@given(st.integers(0, 2), st.integers(1, 20), st.integers(0, 20))
def test_long_runs_and_what_breaks_them_are_read_alike(boot: int, length: int, odd: int) -> None:
    ids = [f"p1.{boot}.{n}" for n in range(length)]
    for more in ([], [f"p1.{boot}.{odd}"], [f"p1.{boot + 1}.0", f"p1.{boot}.{length}"], [f"p1.{boot}.0{length}"]):
        assert resumed([*ids, *more]) == one_by_one([*ids, *more])
