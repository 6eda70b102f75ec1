"""What becomes of a page's form that is filled in wrongly? Every form, by whoever may open it; never a crash."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import httpx
import numpy as np

from dreamloom.house import pod_links
from dreamloom.house.dreamscape_files import DreamscapeFile
from dreamloom.testing.browsers import night_that_is_over, night_that_waits, serving
from dreamloom.testing.courses import CLINICIAN, NAME, a_course, days_ago
from dreamloom.testing.nights import EAGER
from dreamloom.testing.told_mornings import invented, whole_morning
from dreamloom.web.author_app import make_author_app
from dreamloom.web.desk import Desk
from dreamloom.web.serving import Served, Server
from dreamloom.web.sign_in import Role, cookie_of

Rng = np.random.Generator
Content = str | bytes
TALK = "/nights/tide/beds/p1/talk"
MOST_TOLD = 12
PLAIN: tuple[Content, ...] = ("", "p1", "S01", "tide", "0", "1", "5", "ready", "back", "shared", "content", "yes", "no")
"""What might be meant, at the wrong place."""
ODD: tuple[Content, ...] = (
    " \t\r\n",
    "-1",
    "9" * 5000,
    "1e400",
    "nan",
    "٣",
    "²",
    "0-99999999999",
    f"{'8' * 4400}-{'9' * 4400}",
    "5-2",
    "\x00",
    "a\x00b",
    "\u202eturned\u2066",
    "🌒" * 400,
    "x" * 20_000,
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "[" * 20_000,
    '{"a":' * 9_000,
    '{"text":1}',
    '"\\ud800"',
    "null",
    "../../house/keys",
    "{{ 7 * 7 }}",
    "<script>1</script>",
    "%00%ff%zz",
    "dreamscape: x\nscenes: [" + "[" * 300,
)
"""What no page of ours sends."""
HEADERS: tuple[Mapping[str, str], ...] = (
    {"Accept-Language": "de;q=nan,en;q=1e999,;q=,*;q=-1"},
    {"Accept-Language": ";q=" * 900},
    {"Accept": "text/html"},
    {"Content-Type": "application/json"},
    {"Content-Type": "multipart/form-data; boundary="},
    {"Last-Event-ID": "9" * 5000},
    {"Cookie": "dreamloom_pod=%ff; dreamloom-lang=xx; =;;"},
)


class Form(NamedTuple):
    """Where it leads, and its fields, each with a word that it offers."""

    action: str
    fields: tuple[tuple[str, str], ...]


class Visitor(NamedTuple):
    """Somebody who may open these pages, and where more can be sent than the pages show just now."""

    name: str
    cookies: Mapping[str, str]
    pages: Sequence[str]
    sent: Sequence[str] = ()


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method", "").lower() == "post":
            self.found.append((told.get("action", ""), []))
            self._is_open = True
        elif self._is_open and told.get("name"):
            self.found[-1][1].append((told["name"], told.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._is_open = self._is_open and tag != "form"


def forms_of(html: str, *, at: str) -> list[Form]:
    """The forms of a page that lies at this address; those without an action lead there."""
    reader = _Read()
    reader.feed(html)
    return [Form(action or at, tuple(fields)) for action, fields in reader.found]


class Filler:
    """Fills in and sends, and keeps how it was answered."""

    def __init__(self, base_url: str, *, seed: int) -> None:
        self.base_url, self.rng = base_url, np.random.Generator(np.random.Philox(seed))
        self.statuses: Counter[int] = Counter()
        self.sent: set[str] = set()
        self.crashed: list[str] = []
        self._seen: dict[str, Form] = {}

    def send(self, visitor: Visitor, cases: int) -> None:
        """So many requests by this visitor: pages opened, and their forms sent."""
        until = self.statuses.total() + cases
        with httpx.Client(base_url=self.base_url, cookies=dict(visitor.cookies), timeout=60.0) as client:
            while self.statuses.total() < until:
                page = self._one(visitor.pages)
                answer = self._ask(client, "GET", page, query=self._query())
                found = forms_of(answer.text, at=page) if answer.status_code == 200 else []
                self._seen.update({f"{visitor.name} {form.action}": form for form in found})
                for form in [*found, *self._out_of_turn(visitor)]:
                    filled_in = self._content(("told", "report", "say", "evening"))[:500] or b"-"
                    address = form.action.replace("{}", quote(filled_in, safe=""))
                    self._ask(client, "POST", address, body=self._body(form.fields))
                    self.sent.add(form.action.partition("?")[0])

    def _out_of_turn(self, visitor: Visitor) -> Iterator[Form]:
        """Forms that the page does not show now, and addresses that none of them leads to."""
        seen = [form for name, form in self._seen.items() if name.startswith(f"{visitor.name} ")]
        if seen:
            yield self._one(seen)
        for address in visitor.sent:
            fields = [field for form in seen for field in form.fields]
            picked = tuple(self._one(fields) for _ in range(3)) if fields else ()
            yield Form(address, picked)

    def _ask(self, client: httpx.Client, method: str, path: str, *, query: str = "", body: bytes = b"") -> Any:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        if self.rng.random() < 0.1:
            headers |= self._one(HEADERS)
        address = f"{path}?{query}" if query else path
        answer = client.request(method, address, content=body, headers=headers)
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.crashed.append(f"{method} {address[:120]} {body[:200]!r}: {answer.status_code}")
        return answer

    def _body(self, fields: Sequence[tuple[str, str]]) -> bytes:
        if self.rng.random() < 0.03:
            return self.rng.bytes(int(self.rng.integers(0, 3000)))
        filled: list[tuple[str, Content]] = []
        is_meant = self.rng.random() < 0.3
        for name, value in fields:
            times = 1 if is_meant else int(self.rng.choice([0, 1, 1, 1, 1, 2]))
            filled += [(name, value if is_meant and value else self._content((value,))) for _ in range(times)]
        if self.rng.random() < 0.05:
            filled += [(f"field{n}", "x") for n in range(100)]
        return urlencode(filled).encode()

    def _content(self, offered: Sequence[str]) -> Content:
        kinds: Sequence[Sequence[Content]] = (offered, PLAIN, ODD)
        found: Content = self._one(kinds[int(self.rng.integers(len(kinds)))])
        return found

    def _query(self) -> str:
        if self.rng.random() < 0.8:
            return ""
        names = ("theme", "lang", "change", "left", "again")
        return urlencode({self._one(names): self._content(("day", "de", "1"))[:2000]})

    def _one(self, of: Sequence[Any]) -> Any:
        return of[int(self.rng.integers(len(of)))]


OF_BED = ("/morning", "/morning?change=1", "/story", "/consent", "/guide/evening", "/guide/after", "/guide/help")
SENT_AT_BED = ("/morning/{}", "/story/{}", "/outcomes/tell/{}", "/guide/after", "/circle/morning", "/circle/evening")
CIRCLE = ("/circle/evening", "/circle/morning")
OUTCOMES = ("/outcomes", *(f"/outcomes/tell/{each}" for each in ("evening", "morning", "before", "after", "rehearsal")))
AUTHOR = ("/check", "/save", "/undo", "/agree")


def fill(folder: Path, cases: int, *, seed: int = 7) -> dict[str, Any]:
    """At a night that is over, at one that has not begun, and at an author's page, so many requests in all.

    Returns:
        cases: how many were sent. statuses: how often each was answered. crashed: what was answered by 500 or above.
        forms: to which addresses forms were sent, without what was filled into those.
    """
    over, waiting = (
        night_that_is_over(folder / "over", beds=3, hours=0.02),
        night_that_waits(folder / "waiting", beds=3),
    )
    a_course(over.house, first=days_ago(3))
    whole_morning(over, "S03", text=invented("S03", over.name))
    (folder / "tide.yaml").write_text(EAGER, encoding="utf-8")
    desk = Desk(DreamscapeFile(folder / "tide.yaml"), start="", name="anna")
    author = Served(lambda door, hosts: make_author_app(desk, door, hosts=hosts), port=0)
    told = []
    for number, (server, visitors) in enumerate(
        (
            (at_over := Server(over, port=0), _of_a_night(at_over, over)),
            (at_waiting := Server(waiting, port=0), _of_a_night(at_waiting, waiting)),
            (author, [Visitor("author", _signed_in(author, "architect", "anna"), ("/",), AUTHOR)]),
        )
    ):
        with serving(server):
            filler = Filler(f"http://localhost:{server.port}", seed=seed + number)
            for visitor in visitors:
                filler.send(visitor, -(-cases // (2 * 6 + 1)))
            told.append(filler)
    desk.rehearsal.stop()
    statuses = sum((each.statuses for each in told), Counter[int]())
    crashed = [each for filler in told for each in filler.crashed]
    return {
        "cases": statuses.total(),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "crashed": len(crashed),
        "wrong": list(dict.fromkeys(crashed))[:MOST_TOLD],
        "forms": sorted(set().union(*(each.sent for each in told))),
    }


def _of_a_night(server: Server, night: Any) -> list[Visitor]:
    at_bed, told = (
        {pod_links.COOKIE: str(pod_links.enter(night, pod_links.make(night, pod)[0]))} for pod in ("p1", "p3")
    )
    sleeper = _signed_in(server, "sleeper", "S02", pod="p2")
    course = f"/courses/{NAME}"
    return [
        Visitor("bed", at_bed, (*OF_BED, *CIRCLE), (*SENT_AT_BED, "/consent/withdraw")),
        Visitor("told", told, OF_BED, SENT_AT_BED),
        Visitor("own", at_bed, OUTCOMES, ("/outcomes/share", "/outcomes/tell/{}")),
        Visitor("sleeper", sleeper, (*CIRCLE, *OUTCOMES, "/"), ("/outcomes/share",)),
        Visitor("host", _signed_in(server, "orchestrator", "anna"), (*CIRCLE, TALK, "/nights/tide"), (TALK,)),
        Visitor("clinician", _signed_in(server, "clinician", CLINICIAN), (course, "/"), (f"{course}/answer",)),
    ]


def _signed_in(server: Served, role: Role, name: str, *, pod: str | None = None) -> dict[str, str]:
    return {cookie_of(server.port): str(server.door.enter(server.door.link(role, name=name, pod=pod)))}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fill(Path(sys.argv[1]), int(sys.argv[2]))))
