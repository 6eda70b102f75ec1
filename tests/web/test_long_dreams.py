"""May a dream be as long as it is said to be, in whatever script it is told?"""

from pathlib import Path

from litestar.testing import TestClient

from dreamloom.guide.questions import MOST_CHARACTERS
from dreamloom.house import mornings, pod_links
from dreamloom.house.pod_links import COOKIE
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.web.app import make_app
from dreamloom.web.sign_in import SignIn

HOST = "night.test:8770"


def test_a_dream_of_as_many_characters_as_may_be_is_kept_in_any_script(tmp_path: Path) -> None:
    night = night_that_is_over(tmp_path / "house", hours=0.01)
    token, _ = pod_links.make(night, "p1")
    cookie = pod_links.enter(night, token)
    assert cookie is not None
    form = {"report": mornings.new_name(), "piece": "0", "recall": "content", "text": "夢" * MOST_CHARACTERS}
    with TestClient(make_app(night, SignIn(lambda: 0.0), hosts=[HOST]), base_url=f"http://{HOST}") as client:
        client.cookies.set(COOKIE, cookie)
        answer = client.post("/morning/report", data=form, headers={"host": HOST}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    assert mornings.morning_of(night.house, "S01", night.name).pieces
