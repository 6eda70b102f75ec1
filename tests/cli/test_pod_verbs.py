"""The verbs `pod show|enrol|revoke`: six words, a person's name in the house's record, and a bed that is kept out."""

import json

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import pod_links
from dreamloom.record.events import CuePlayed, PodEnrolled, PodRevoked


def told_of(house):
    with read_only(house.record) as record:
        return [event for event in record.events() if isinstance(event, PodEnrolled | PodRevoked)]


def test_a_bed_is_shown_enrolled_by_its_words_and_revoked(command, make_night, house):
    make_night()
    house.pod("p1").root.mkdir(parents=True)
    shown = command("pod", "show", "p1", "--json")
    assert (shown.code, shown.data["standing"], shown.data["device"]) == (0, "unenrolled", "")
    words = shown.data["words"]
    assert len(words.split()) == 6
    assert words in shown.err
    wrong = command("pod", "enrol", "p1", "--words", "babab " * 6, "--by", "Mara", "--json")
    assert (wrong.code, wrong.error["code"]) == (5, "DL-E580")
    enrolled = command("pod", "enrol", "p1", "--words", words.upper(), "--by", "Mara", "--json")
    assert (enrolled.code, enrolled.data["standing"], enrolled.data["words"]) == (0, "enrolled", words)
    assert enrolled.data["device"].endswith(enrolled.data["key_sha256"][:8])
    again = command("pod", "enrol", "p1", "--words", words, "--by", "Ann", "--json")
    assert again.data == enrolled.data
    revoked = command("pod", "revoke", "p1", "--by", "Mara", "--json")
    assert (revoked.code, revoked.data["standing"]) == (0, "revoked")
    assert command("pod", "show", "p1", "--json").data["standing"] == "revoked"
    assert [(type(event).__name__, event.pod, event.by) for event in told_of(house)] == [
        ("PodEnrolled", "p1", "Mara"),
        ("PodRevoked", "p1", "Mara"),
    ]


def test_a_bed_that_nobody_knows_and_a_name_that_is_none_are_refused(command, make_night):
    make_night()
    for verb in (("show", "p9"), ("enrol", "p9", "--words", "x", "--by", "Mara"), ("revoke", "p9", "--by", "Mara")):
        told = command("pod", *verb, "--json")
        assert (told.code, told.error["code"]) == (3, "DL-E663"), verb
    odd = command("pod", "revoke", "p1", "--by", "Mara; all", "--json")
    assert (odd.code, odd.error["code"]) == (2, "DL-E163")


def test_a_revoked_bed_is_heard_no_more_and_the_other_one_is(command, make_night):
    make_night("first")
    assert command("run", "first", "--speed", "max").code == 0
    assert command("pod", "revoke", "p1", "--by", "Mara").code == 0
    make_night("second", source="sim:lucid,start=4h,hours=0.03")
    ran = command("run", "second", "--speed", "max")
    assert ran.code == 0
    assert "p1 records and stays silent: it was revoked." in ran.err
    events = [json.loads(line) for line in command("export", "events", "second").out.splitlines()]
    assert {event["pod"] for event in events if event["type"] == "StageScored"} == {"p1", "p2"}
    assert "p1" not in {event["pod"] for event in events if event["type"] == CuePlayed.__name__}
    assert {(each["pod"], each["glitch"]) for each in events if each["type"] == "GlitchSeen"} == {
        ("p1", "ORDER_REVOKED")
    }


def test_a_link_for_a_bed_is_printed_and_opens_its_page_once(command, make_night, house):
    make_night("first")
    told = command("pod", "link", "first", "p1", "--at", "https://night.example.org", "--json")
    assert (told.code, told.data["pod"]) == (0, "p1")
    address, _, token = told.data["link"].rpartition("/")
    assert address == "https://night.example.org/pod/join"
    night = house.night("first")
    cookie = pod_links.enter(night, token)
    assert pod_links.bed_of(night, cookie) == "p1"
    assert pod_links.enter(night, token) is None
    rows = [line for line in told.err.splitlines() if set(line) <= set("█▀▄ ") and line.strip()]
    assert len(rows) >= 20
    assert len({len(row) for row in rows}) == 1
    here = command("pod", "link", "first", "p1")
    assert "█" not in here.err
    plain = command("pod", "link", "first", "p1", "--at", "http://192.0.2.7:8770")
    assert "Phones play nothing over http" in plain.err
    for words, code, error in (
        (("first", "p9"), 3, "DL-E323"),
        (("first", "p1", "--at", "ftp://x"), 2, "DL-E146"),
        (("nowhere", "p1"), 3, "DL-E320"),
    ):
        refused = command("pod", "link", *words, "--json")
        assert (refused.code, refused.error["code"]) == (code, error), words


def test_a_proxys_configuration_is_printed_and_needs_a_public_name(command, make_night):
    make_night("first")
    words = ("serve", "first", "--by", "anna", "--public")
    printed = command(*words, "https://night.example.org", "--proxy-config", "caddy")
    assert printed.code == 0
    assert "reverse_proxy 127.0.0.1:8770" in printed.out
    assert command(*words, "http://night.example.org", "--proxy-config", "caddy", "--json").error["code"] == "DL-E178"
    assert command(*words, "https://night.example.org", "--proxy-config", "iis", "--json").error["code"] == "DL-E145"
    nameless = command("serve", "first", "--by", "anna", "--proxy-config", "caddy", "--json")
    assert nameless.error["code"] == "DL-E179"
