"""Who may look at a house's pages: invited once, known by a passkey, struck off at once, each in the record."""

from datetime import timedelta
from pathlib import Path

import pytest

from dreamloom.adapters.passkeys import Passkey, party_of
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import erasing, people
from dreamloom.house.layout import House
from dreamloom.record.events import AnyEvent
from dreamloom.record.people_events import PersonInvited
from dreamloom.testing.browsers import night_that_waits
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

KEY = Passkey(id="AQID", public_key="BAUG", rp_id="localhost", signed=0, added_utc="2026-11-22T03:00:00+00:00")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def told(house: House) -> list[AnyEvent]:
    with read_only(house.record) as record:
        return list(record.events())


def test_an_invitation_makes_one_passkey_and_is_used_up(house: House) -> None:
    token = people.invite(house, "anna", "orchestrator", by="mara")
    who = people.admit(house, token, KEY)
    assert (who.name, who.role, who.passkeys) == ("anna", "orchestrator", (KEY,))
    assert people.person(house, who.handle) == who
    assert people.invited(house, token) is None
    with pytest.raises(RefusedError, match="DL-E587"):
        people.admit(house, token, KEY)


def test_an_invitation_that_is_too_old_makes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "INVITED_FOR", timedelta(seconds=-1))
    token = people.invite(house, "anna", "orchestrator", by="mara")
    assert people.invited(house, token) is None
    with pytest.raises(RefusedError, match="DL-E587"):
        people.admit(house, token, KEY)
    assert (people.people(house), people.waiting(house)) == ([], [])


def test_all_that_is_kept_is_for_the_house_alone_and_holds_no_token(house: House) -> None:
    token = people.invite(house, "anna", "orchestrator", by="mara")
    waiting = list(house.people.rglob("*.json"))
    people.admit(house, people.invite(house, "bo", "council", by="mara"), KEY)
    kept = list(house.people.rglob("*.json"))
    assert len(waiting) == 1
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in house.people.rglob("*") if path.is_dir()} == {0o700}
    assert all(token.encode() not in path.read_bytes() for path in house.root.rglob("*") if path.is_file())


def test_a_second_device_is_another_passkey_of_the_same_person(house: House) -> None:
    first = people.admit(house, people.invite(house, "anna", "blinded", by="mara"), KEY)
    other = Passkey(id="BwgJ", public_key="CgsM", rp_id="localhost", signed=0, added_utc=KEY.added_utc)
    second = people.admit(house, people.invite(house, "anna", "blinded", by="mara"), other)
    assert (second.handle, second.passkeys) == (first.handle, (KEY, other))
    assert people.people(house) == [second]


def test_one_name_has_one_role(house: House) -> None:
    people.admit(house, people.invite(house, "anna", "blinded", by="mara"), KEY)
    with pytest.raises(RefusedError, match="DL-E613"):
        people.invite(house, "anna", "orchestrator", by="mara")


def test_a_name_that_waits_for_its_passkey_has_one_role_and_is_one_person(house: House) -> None:
    first, second = (people.invite(house, "anna", "blinded", by="mara") for _ in range(2))
    with pytest.raises(RefusedError, match="DL-E613"):
        people.invite(house, "anna", "orchestrator", by="mara")
    other = Passkey(id="BwgJ", public_key="CgsM", rp_id="localhost", signed=0, added_utc=KEY.added_utc)
    who = [people.admit(house, token, key) for token, key in ((first, KEY), (second, other))]
    people.remove(house, "anna", by="mara")
    assert people.people(house) == []
    assert not any(people.stands(house, each.handle) for each in who)


def test_an_invitation_is_not_used_up_by_a_record_that_could_not_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = people.invite(house, "anna", "orchestrator", by="mara")

    def held(*_: object) -> None:
        raise RefusedError("DL-E551", "Another process writes this record.")

    with monkeypatch.context() as patch:
        patch.setattr(people, "append_to_house", held)
        with pytest.raises(RefusedError, match="Another process"):
            people.admit(house, token, KEY)
    assert people.admit(house, token, KEY).name == "anna"


@pytest.mark.parametrize(("name", "role", "code"), [("Anna B.", "council", "DL-E129"), ("anna", "king", "DL-E611")])
def test_names_and_roles_that_there_cannot_be_are_refused(house: House, name: str, role: str, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        people.invite(house, name, role, by="mara")
    assert not house.record.exists()


def test_whoever_is_removed_is_nobody_with_every_passkey_and_invitation(house: House) -> None:
    who = people.admit(house, people.invite(house, "anna", "blinded", by="mara"), KEY)
    open_still = people.invite(house, "anna", "blinded", by="mara")
    assert people.remove(house, "anna", by="mara") == "blinded"
    assert not people.stands(house, who.handle)
    assert people.invited(house, open_still) is None
    people.signed_in(house, who, KEY)
    assert people.person(house, who.handle) is None, "who signs in while they are removed does not come back by it"
    with pytest.raises(ConfigError, match="DL-E664"):
        people.remove(house, "anna", by="mara")


def test_every_step_stands_in_the_houses_record(house: House) -> None:
    who = people.admit(house, people.invite(house, "anna", "clinician", by="mara"), KEY)
    people.signed_in(house, who, KEY)
    people.remove(house, "anna", by="mara")
    assert [type(event).__name__ for event in told(house)] == [
        "PersonInvited",
        "PasskeyAdded",
        "SignedIn",
        "PersonRemoved",
    ]
    assert {(event.name, event.role) for event in told(house)} == {("anna", "clinician")}  # type: ignore[attr-defined]


def test_a_sleepers_passkey_and_the_words_on_it_go_with_them(tmp_path: Path) -> None:
    house = night_that_waits(tmp_path / "house").house
    people.invite(house, "anna", "orchestrator", by="mara")
    who = people.admit(house, people.invite(house, "S01", "sleeper", by="mara"), KEY)
    people.invite(house, "S01", "sleeper", by="mara")
    erasing.erase(house, "S01")
    assert not people.stands(house, who.handle)
    assert [each.name for each in people.waiting(house)] == ["anna"]
    assert [event.name for event in told(house) if isinstance(event, PersonInvited)] == ["anna"]
    assert b'"name":"S01"' not in house.record.read_bytes()


@pytest.mark.parametrize(
    ("host", "party"),
    [
        ("localhost:8770", ("localhost", "http://localhost:8770")),
        ("night.example.org", ("night.example.org", "https://night.example.org")),
        ("night.example.org:8443", ("night.example.org", "https://night.example.org:8443")),
        ("127.0.0.1:8770", None),
        ("[::1]:8770", None),
    ],
)
def test_passkeys_belong_to_a_name_and_to_https_but_on_this_machine(host: str, party: object) -> None:
    assert party_of(host) == party
