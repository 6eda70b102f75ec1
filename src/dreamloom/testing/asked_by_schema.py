"""Does a server keep to its own description? Asked by its OpenAPI document, fit and unfit; answers judged by it."""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from dreamloom.house import demonstrating, people, pod_links
from dreamloom.house.demo_desk import DemoDesk
from dreamloom.house.dreamscape_files import DreamscapeFile
from dreamloom.house.layout import House, NightFolder
from dreamloom.testing.browsers import night_that_is_over, night_that_waits, serving
from dreamloom.testing.nights import EAGER
from dreamloom.web import sign_in
from dreamloom.web.author_app import make_author_app
from dreamloom.web.desk import Desk
from dreamloom.web.serving import Served, Server
from dreamloom.web.sign_in import Role, cookie_of

JUDGED_BY = (
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
)
MOST_TOLD = 12


def asked(base_url: str, cookie: Mapping[str, str], *, cases: int, known: Mapping[str, list[str]]) -> dict[str, Any]:
    """Asks at least so many times, each operation alike.

    Args:
        base_url: of the server.
        cookie: of somebody who may ask for everything.
        cases: how many requests in all.
        known: names of things that are there; every other request names one of them.

    Returns:
        cases: how many were asked. statuses: how often each was answered. crashed: answers of 500 and above.
        wrong: where an answer was not as described, in words, each once.
    """
    described = httpx.get(f"{base_url}/schema/openapi.json").json()
    told: Counter[int] = Counter()
    wrong: Counter[str] = Counter()
    ways = [(doc, mode) for doc in (described, _narrowed(described, known)) for mode in GenerationMode]
    schemas = [(schemathesis.openapi.from_dict(doc), mode) for doc, mode in ways]
    operations = [
        (found.ok(), mode) for schema, mode in schemas for found in schema.get_all_operations() if isinstance(found, Ok)
    ]
    each = -(-cases // len(operations))
    while sum(told.values()) < cases:
        for number, (operation, mode) in enumerate(operations):
            _ask(operation, mode, each, salt=number + sum(told.values()), tell=_Teller(base_url, cookie, told, wrong))
    crashed = sum(count for status, count in told.items() if status >= 500)
    statuses = {str(status): count for status, count in sorted(told.items())}
    listed = [f"{count} x {what}" for what, count in wrong.most_common(MOST_TOLD)]
    return {"cases": sum(told.values()), "statuses": statuses, "crashed": crashed, "wrong": listed}


class _Teller:
    def __init__(self, base_url: str, cookie: Mapping[str, str], told: Counter[int], wrong: Counter[str]) -> None:
        self._base_url, self._cookie, self._told, self._wrong = base_url, cookie, told, wrong

    def __call__(self, case: Any) -> None:
        answer = case.call(base_url=self._base_url, cookies=dict(self._cookie))
        self._told[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=list(JUDGED_BY))
        except FailureGroup as group:
            for failure in group.exceptions:
                self._wrong[f"{case.method} {case.operation.path}: {str(failure)[:300]}"] += 1


def _ask(operation: Any, mode: GenerationMode, count: int, *, salt: int, tell: _Teller) -> None:
    """Nothing is unfit for what takes no words: then nothing is asked."""
    quiet = list(HealthCheck)

    @seed(salt)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=quiet, phases=[Phase.generate])
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        tell(case)

    try:
        run()
    except Unsatisfiable:
        return


def _narrowed(described: dict[str, Any], known: Mapping[str, list[str]]) -> dict[str, Any]:
    """The same description, with names that are there."""
    doc: dict[str, Any] = json.loads(json.dumps(described))
    for path in doc["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in known:
                    parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
    return doc


SERVERS = ("over", "waiting", "bed", "demo", "author")
"""A night that is over, one that has not begun and takes words, a bed of it, a demo, and an author's page."""


def ask_servers(folder: Path, cases: int, *, only: Sequence[str] = SERVERS) -> dict[str, dict[str, Any]]:
    """Each of these servers so many cases."""
    waiting = night_that_waits(folder / "waiting")
    (folder / "tide.yaml").write_text(EAGER, encoding="utf-8")
    desk = Desk(DreamscapeFile(folder / "tide.yaml"), start="", name="anna")
    found = {}
    for name in only:
        if name == "over":
            over = night_that_is_over(folder / "over", hours=0.02)
            found[name] = _ask_served(Server(over, port=0), "orchestrator", cases=cases, night=over)
        elif name == "demo":
            shown = demonstrating.prepare(House(folder / "demo"), length_s=600.0).folder
            DemoDesk(shown, pace_x=30.0)
            found[name] = _ask_served(Server(shown, port=0), "orchestrator", cases=cases, night=shown)
        elif name == "author":
            found[name] = _ask_served(_author(desk), "architect", cases=cases)
        else:
            joined = str(pod_links.enter(waiting, pod_links.make(waiting, "p1")[0]))
            at_bed = {pod_links.COOKIE: joined} if name == "bed" else {}
            found[name] = _ask_served(Server(waiting, port=0), "blinded", cases=cases, night=waiting, also=at_bed)
    desk.rehearsal.stop()
    return found


def _author(desk: Desk) -> Served:
    return Served(lambda door, hosts: make_author_app(desk, door, hosts=hosts), port=0)


def _ask_served(
    server: Served,
    role: Role,
    *,
    cases: int,
    night: NightFolder | None = None,
    also: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """At the name at which passkeys are made; tries are not counted, so that each is heard to its end."""
    known = {"pod": ["p1", "p2", "all"]}
    if night is not None:
        known |= {"night": [night.name], "token": [people.invite(night.house, "carla", "council", by="anna")]}
    with serving(server), patch.object(sign_in, "MOST_TRIES", sys.maxsize):
        token = str(server.door.enter(server.door.link(role, name="anna")))
        cookies = {cookie_of(server.port): token, **also}
        return asked(f"http://localhost:{server.port}", cookies, cases=cases, known=known)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(ask_servers(Path(sys.argv[1]), int(sys.argv[2]))))
