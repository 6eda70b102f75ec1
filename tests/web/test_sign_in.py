"""Who gets in, for how long, and how often may one guess?"""

import pytest

from dreamloom.web.sign_in import LINK_S, MOST_TRIES, SESSION_S, TRIES_S, SignIn


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> SignIn:
    return SignIn(clock)


def test_a_link_opens_one_session_of_its_role_and_is_used_up(door: SignIn) -> None:
    token = door.link("orchestrator", name="anna")
    cookie = door.enter(token)
    assert cookie is not None
    session = door.session(cookie)
    assert session is not None
    assert (session.role, session.name, session.pod) == ("orchestrator", "anna", None)
    assert door.enter(token) is None


def test_a_link_that_is_too_old_opens_nothing(door: SignIn, clock: Clock) -> None:
    token = door.link("researcher", name="bo")
    clock.now_s = float(LINK_S)
    assert door.enter(token) is None


def test_a_session_ends_with_its_time_or_when_somebody_leaves(door: SignIn, clock: Clock) -> None:
    first, second = (door.enter(door.link("sleeper", name="S01", pod="p1")) or "" for _ in range(2))
    door.leave(first)
    assert door.session(first) is None
    assert door.session(second) is not None
    clock.now_s = float(SESSION_S)
    assert door.session(second) is None


@pytest.mark.parametrize("cookie", [None, "", "x", "é" * 1000])
def test_nobody_elses_cookie_is_a_session(door: SignIn, cookie: str | None) -> None:
    assert door.session(cookie) is None


def test_whoever_guesses_is_kept_out_for_a_while_with_everybody_else(door: SignIn, clock: Clock) -> None:
    token = door.link("orchestrator", name="anna")
    for guess in range(MOST_TRIES):
        assert door.enter(f"guess {guess}") is None
    assert door.enter(token) is None
    clock.now_s = float(TRIES_S)
    assert door.enter(token) is not None


def test_neither_links_nor_cookies_are_kept_as_they_are(door: SignIn) -> None:
    token = door.link("orchestrator", name="anna")
    assert token not in repr(vars(door))
    cookie = door.enter(token)
    assert cookie is not None
    assert cookie not in repr(vars(door))
