"""Is a dream that the house said it has still there when whatever wrote it down is killed? At many moments, SIGKILL.

Two kinds of writers: `dreamloom tell` on a terminal, and the server of a bed's page. Run with a folder and how many
kills of each; one process imports everything and forks each of them, so that they are real and quick to come.
"""

import http.client
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guide import questions
from dreamloom.house import morning_steps, mornings, pod_links, told_reports
from dreamloom.house.house_record import ORIGIN, subject_of
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.morning_steps import Morning
from dreamloom.house.mornings import Dreamer
from dreamloom.house.pod_links import COOKIE
from dreamloom.record.belonging import ByRule
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing.browsers import night_that_is_over
from dreamloom.testing.told_mornings import invented
from dreamloom.vocabulary.chance import stream

TELLERS_A_HOUSE = 20
"""A record is read whole at every step; of so many mornings the last step takes no longer than the first."""
STEPS = 3
"""From the first heading to that behind the lock: two pieces, and enough."""
FIRST_STEP_S = 0.08
"""How long a step of a page is taken to last until one was seen."""
PACED = 3
"""Tellings that nobody cuts off, by which it is known how long a step takes here: a kill comes at a moment within."""
SHOWN = (questions.REPORT.heading, questions.MORE.heading, questions.PROBES.heading)
"""What a terminal shows before the first word, with each receipt of a piece, and with that of the lock."""
BEDS, GIVE_UP_S = 16, 30.0
ADDED = "And there was snow on the inside of the windows."


@dataclass(frozen=True, slots=True)
class Killed:
    """What so many kills came to.

    Attributes:
        kills: processes that were killed.
        in_between: of these, how many between the first word of a telling and its last receipt.
        receipts: pieces, locks and answers that somebody had been told the house has.
        unsaid: pieces that were written, and the kill came before the receipt.
        lost: of the receipts, how many are not there, or not as they were told.
        doubled: pieces that are there twice, or torn.
        broken: records that do not verify.
        mornings: how many were told.
        whole: of these, how many stand whole at the end, word for word and once.
    """

    kills: int = 0
    in_between: int = 0
    receipts: int = 0
    unsaid: int = 0
    lost: int = 0
    doubled: int = 0
    broken: int = 0
    mornings: int = 0
    whole: int = 0

    def __add__(self, more: "Killed") -> "Killed":
        return Killed(**{name: value + getattr(more, name) for name, value in asdict(self).items()})


# --- on a terminal ---------------------------------------------------------------------------------------------------


def tellings(kills: int, seed: int, folder: Path) -> Killed:
    """So many people who tell on a terminal, each cut off by a kill and gone on with."""
    found, chance = Killed(), stream(seed, "tellings")
    with workers() as process:
        step_s = max(_step_s(process, House(folder / "paced"), f"P{number}") for number in range(PACED))
        for number in range(kills):
            house = House(folder / f"house-{number // TELLERS_A_HOUSE}")
            wait_s, after = float(chance.uniform(0.0, step_s)), int(chance.integers(0, 4))
            found += _telling(process, house, f"S{number:03d}", after=after, wait_s=wait_s)
    return found


class _Told(NamedTuple):
    """A dream, and the file into which goes what its terminal shows."""

    dream: str
    said: Path


@contextmanager
def _begun(process: "subprocess.Popen[str]", house: House, who: str) -> Iterator[_Told]:
    """Somebody tells on a terminal of their own, and is killed when the block ends."""
    told = _Told(invented(who, "tide"), house.root.parent / f"{who}.said")
    told.said.parent.mkdir(parents=True, exist_ok=True)
    told.said.touch()
    keyboard, terminal = pty.openpty()
    writer = _born(process, f"tell {os.ttyname(terminal)} {told.said} {house.root} {who}")
    os.write(keyboard, f"1\n{told.dream}\n\n{ADDED}\n\n\n".encode())
    try:
        yield told
    finally:
        _kill(process, writer)
        os.close(keyboard)
        os.close(terminal)


def _wait_for(said: Path, headings: int) -> None:
    """Returns once so many of the headings were shown."""
    until_s = time.monotonic() + GIVE_UP_S
    while sum(map(said.read_text(encoding="utf-8", errors="replace").count, SHOWN)) < headings:
        if time.monotonic() > until_s:
            raise RuntimeError(f"a telling stood still: {said.read_text(encoding='utf-8')[-300:]}")
        time.sleep(0.002)


def _step_s(process: "subprocess.Popen[str]", house: House, who: str) -> float:
    """How long one step takes, from the first heading to that behind the lock."""
    with _begun(process, house, who) as told:
        _wait_for(told.said, 1)
        began_s = time.monotonic()
        _wait_for(told.said, STEPS + 1)
        return (time.monotonic() - began_s) / STEPS


def _telling(process: "subprocess.Popen[str]", house: House, who: str, *, after: int, wait_s: float) -> Killed:
    """Killed a while after it had shown so many of its headings."""
    with _begun(process, house, who) as told:
        _wait_for(told.said, after)
        time.sleep(wait_s)
    said, dream = told.said, told.dream
    shown = said.read_text(encoding="utf-8", errors="replace")
    pieces, locked = shown.count(questions.MORE.heading), shown.count(questions.PROBES.heading)
    found = judged(house, who, "", (dream, ADDED), kept=pieces, locked=bool(locked))
    began = questions.REPORT.heading in shown and not locked
    return found + Killed(kills=1, in_between=int(began)) + _gone_on(house, who, dream)


def _gone_on(house: House, who: str, dream: str) -> Killed:
    """The same morning, told to its end by somebody who was cut off."""
    morning = Morning(house, Dreamer(sleeper=who))
    if morning.step() == "report":
        morning_steps.keep(morning, "report", {"recall": ["content"], "text": [dream]})
    if morning.step() == "more":
        told = ADDED not in told_reports.text_of(house, morning.state.report)
        morning_steps.keep(morning, "more", {"text": [ADDED] if told else [], "enough": ["1"]})
    return _at_the_end(house, who, morning.state.report, dream)


# --- on a page -------------------------------------------------------------------------------------------------------


def pages(seed: int, folder: Path, *, beds: int = BEDS) -> Killed:
    """A night's beds, which tell on their pages while the server is killed at every step of theirs."""
    night, found, chance = night_that_is_over(folder, beds=beds, hours=0.01), Killed(), stream(seed, "pages")
    with workers() as process:
        asker = _Asker(process, night)
        for number in range(1, beds + 1):
            who = f"S{number:02d}"
            dream, report = invented(who, "tide"), mornings.new_name()
            asker.come_as(who)
            for at, (step, form) in enumerate(_steps(dream, report)):
                has_receipt = asker.told_and_killed(step, form, chance.uniform(0.0, 1.2))
                kept, locked = at + has_receipt, has_receipt and at > 1
                found += judged(night.house, who, night.name, (dream, ADDED), kept=kept, locked=locked)
                found += Killed(kills=1, in_between=int(not has_receipt))
                if not has_receipt:
                    asker.told_until_received(step, form)
            found += _at_the_end(night.house, who, report, dream)
        asker.leave()
    return found


class _Asker:
    """A bed's page, and the server it talks to, which comes back on the same port whenever it was killed."""

    def __init__(self, process: "subprocess.Popen[str]", night: NightFolder) -> None:
        self._process, self._night = process, night
        self._port, self._server, self._cookie = _free_port(), 0, ""
        self._takes_s = FIRST_STEP_S

    def come_as(self, who: str) -> None:
        """By a fresh link."""
        link, _ = pod_links.make(self._night, who)
        self._cookie = pod_links.enter(self._night, link) or ""

    def told_and_killed(self, step: str, form: dict[str, str], moment: float) -> bool:
        """Sends a form and kills the server at this share of the time that a form takes; whether a receipt came."""
        self._there()
        asked = self._sent("POST", f"/morning/{step}", form)
        time.sleep(moment * self._takes_s)
        self.leave()
        return _receipt(asked)

    def told_until_received(self, step: str, form: dict[str, str]) -> None:
        """As a page does: the same words under the same name, until the house says that it has them."""
        while True:
            self._there()
            began_s = time.monotonic()
            if _receipt(self._sent("POST", f"/morning/{step}", form)):
                self._takes_s = time.monotonic() - began_s
                return

    def leave(self) -> None:
        """Kills the server, if it is there."""
        if self._server:
            _kill(self._process, self._server)
        self._server = 0

    def _there(self) -> None:
        until_s = time.monotonic() + GIVE_UP_S
        self._server = self._server or _born(self._process, f"serve {self._port} {self._night.root}")
        while not _receipt(self._sent("GET", "/morning", {}), but=200):
            if time.monotonic() > until_s:
                raise RuntimeError("the server did not come back")
            time.sleep(0.01)

    def _sent(self, how: str, path: str, form: dict[str, str]) -> http.client.HTTPConnection | None:
        own = http.client.HTTPConnection("127.0.0.1", self._port, timeout=GIVE_UP_S)
        head = {"Cookie": f"{COOKIE}={self._cookie}", "Origin": f"http://127.0.0.1:{self._port}"}
        try:
            own.request(how, path, urlencode(form), {**head, "Content-Type": "application/x-www-form-urlencoded"})
        except OSError:
            return None
        return own


def _steps(dream: str, report: str) -> list[tuple[str, dict[str, str]]]:
    """The forms of one morning up to its lock."""
    return [
        ("report", {"recall": "content", "text": dream, "report": report}),
        ("more", {"text": ADDED, "piece": "1", "report": report}),
        ("more", {"text": "", "enough": "1", "report": report}),
    ]


def _receipt(asked: http.client.HTTPConnection | None, *, but: int = 303) -> bool:
    """Whether the answer came, and is the one that says so."""
    if asked is None:
        return False
    try:
        answer = asked.getresponse()
        if answer.status != but:
            raise RuntimeError(f"a page answered {answer.status}: {answer.read()[:300]!r}")
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# --- what is left ----------------------------------------------------------------------------------------------------


def judged(house: House, who: str, night: str, told: Sequence[str], *, kept: int, locked: bool) -> Killed:
    """What stands of one morning.

    Args:
        house: where it was told.
        who: who told it.
        night: behind which night; "" for none.
        told: the pieces, in order.
        kept: for how many of them, or for more, this person had a receipt.
        locked: and whether for the lock.
    """
    state = mornings.morning_of(house, who, night)
    text = told_reports.text_of(house, state.report) if state.report else ""
    there = text.split("\n\n") if text else []
    received = told[:kept]
    return Killed(
        receipts=len(received) + int(locked),
        unsaid=max(0, len(there) - len(received)),
        lost=sum(own not in there for own in received) + int(locked and not state.is_locked),
        doubled=len(there) - len(set(there)) + sum(own not in told for own in there),
        broken=int(not _verifies(house)),
    )


def _at_the_end(house: House, who: str, report: str, dream: str) -> Killed:
    known = mornings.of_house(house)
    state, text = known.get(report), told_reports.text_of(house, report)
    once = sum(each.sleeper == who for each in known.values()) == 1
    is_whole = state is not None and state.is_locked and once and text == f"{dream}\n\n{ADDED}"
    return Killed(mornings=1, whole=int(is_whole))


def _verifies(house: House) -> bool:
    if not house.record.is_file():
        return True  # killed before its first word
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        rows, checkpoints = list(record.rows()), record.checkpoints()
    if not rows:
        return True
    verdict = verify(
        rows, checkpoints, key_of=vault.subject_key, public_key=public_key(vault.signing_key()), origin=ORIGIN,
        belonging=ByRule(subject_of),
    )  # fmt: skip
    return verdict.first_bad is None


# --- who writes ------------------------------------------------------------------------------------------------------


@contextmanager
def workers() -> Iterator["subprocess.Popen[str]"]:
    """A process that has imported everything and forks whoever is to be killed."""
    command = [sys.executable, "-m", "dreamloom.testing.killed_tellings"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _born(process: "subprocess.Popen[str]", what: str) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{what}\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def _kill(process: "subprocess.Popen[str]", writer: int) -> None:
    assert process.stdout is not None
    with suppress(ProcessLookupError):
        os.kill(writer, signal.SIGKILL)
    process.stdout.readline()


def _tell(terminal: str, said: str, house: str, who: str) -> None:
    from dreamloom.cli.app import main

    os.dup2(os.open(terminal, os.O_RDWR | os.O_NOCTTY), 0)
    for fd in (1, 2):
        os.dup2(os.open(said, os.O_WRONLY | os.O_APPEND), fd)
    sys.argv = ["dreamloom", "tell", who, "--house", house]
    main()


def _serve(port: str, night: str) -> None:
    from dreamloom.web.serving import Server

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    Server(NightFolder(Path(night)), port=int(port)).run()


def _fork_whoever_is_asked_for() -> None:
    from dreamloom.cli import app, morning_verbs, telling
    from dreamloom.web import serving

    assert all((app, morning_verbs, telling, serving))
    for line in sys.stdin:
        kind, *words = line.split()
        if (writer := os.fork()) == 0:
            if kind == "tell":
                _tell(*words)
            else:
                _serve(*words)
            os._exit(0)
        sys.stdout.write(f"{writer}\n")
        sys.stdout.flush()
        os.waitpid(writer, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        _fork_whoever_is_asked_for()
    else:
        place, many, chosen = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
        counted = {"tell": tellings(many, chosen, place / "told"), "page": pages(chosen, place / "served")}
        sys.stdout.write(json.dumps({kind: asdict(each) for kind, each in counted.items()}) + "\n")
