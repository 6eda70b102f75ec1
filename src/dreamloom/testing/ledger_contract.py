"""What must every record and every vault do? Suites to subclass, one per implementation."""

from collections.abc import Sequence

import pytest

from dreamloom.adapters.keys import known_keys
from dreamloom.ports import Ledger, StoredCheckpoint, Vault
from dreamloom.record.belonging import ByRule
from dreamloom.record.codec import canonical
from dreamloom.record.events import AnyEvent, CueAudited, LightsOff
from dreamloom.record.merkle import root_of
from dreamloom.record.sealing import open_sealed, seal_for
from dreamloom.record.verdict import Verdict
from dreamloom.record.verify import verify
from dreamloom.seals.notes import Checkpoint, open_note, public_key
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.errors import RecordError

ORIGIN = "dreamloom.test/night-1"


def lights_off(n: int, *, origin: str = "p1", boot: int = 0, tick: int | None = None) -> LightsOff:
    """A small event; the n-th of its origin."""
    onset_s = n if tick is None else tick
    return LightsOff(id=f"{origin}.{boot}.{n}", kind="input", tick=onset_s, onset_s=onset_s, pod=origin, by="sleeper")


def by_pod(event: AnyEvent) -> str:
    """Whose key an event hangs on, in these tests: its pod's, else the house's."""
    return event.pod or "house"


class LedgerContract:
    """Subclass it and say how to make an empty ledger of origin `ORIGIN`, with subjects from `by_pod`."""

    def make(self, vault: Vault) -> Ledger:
        raise NotImplementedError

    def checkpoints(self, ledger: Ledger) -> Sequence[StoredCheckpoint]:
        """Every checkpoint; the port leaves the reading of them to each implementation."""
        raise NotImplementedError

    @pytest.fixture
    def vault(self) -> MemoryVault:
        return MemoryVault(1)

    @pytest.fixture
    def ledger(self, vault: MemoryVault) -> Ledger:
        return self.make(vault)

    def verdict(self, ledger: Ledger, vault: Vault) -> Verdict:
        return verify(
            ledger.rows(),
            self.checkpoints(ledger),
            key_of=known_keys(vault),
            public_key=public_key(vault.signing_key()),
            origin=ORIGIN,
            belonging=ByRule(by_pod),
        )

    def test_events_come_back_as_they_were_and_in_order(self, ledger: Ledger) -> None:
        events = [lights_off(n) for n in range(5)]
        ledger.append(events[:2])
        ledger.commit()
        ledger.append(events[2:])
        assert list(ledger.events()) == events
        assert list(ledger.events(3)) == events[3:]
        assert [row.seq for row in ledger.rows(1)] == [1, 2, 3, 4]
        assert [row.body for row in ledger.rows()] == [canonical(event) for event in events]

    def test_only_committed_events_are_called_durable(self, ledger: Ledger) -> None:
        assert (ledger.size, ledger.durable_size) == (0, 0)
        ledger.append([lights_off(0)])
        assert (ledger.size, ledger.durable_size) == (1, 0)
        ledger.commit()
        assert (ledger.size, ledger.durable_size) == (1, 1)

    def test_checkpoint_commits_and_signs_the_root_over_everything(self, ledger: Ledger, vault: MemoryVault) -> None:
        ledger.append([lights_off(n) for n in range(3)])
        checkpoint = ledger.checkpoint()
        text = open_note(checkpoint.note, name=ORIGIN, public=public_key(vault.signing_key()))
        assert text is not None
        assert Checkpoint.parse(text) == (ORIGIN, 3, root_of(row.leaf for row in ledger.rows()))
        assert checkpoint.size == ledger.durable_size == 3

    def test_a_checkpoint_twice_at_one_size_is_one_checkpoint(self, ledger: Ledger) -> None:
        ledger.append([lights_off(0)])
        assert ledger.checkpoint() == ledger.checkpoint()
        assert len(self.checkpoints(ledger)) == 1

    def test_an_empty_record_has_a_checkpoint_and_verifies(self, ledger: Ledger, vault: MemoryVault) -> None:
        assert ledger.checkpoint().size == 0
        assert self.verdict(ledger, vault).ok

    def test_what_was_written_verifies(self, ledger: Ledger, vault: MemoryVault) -> None:
        ledger.append([lights_off(n) for n in range(3)])
        ledger.checkpoint()
        ledger.append([lights_off(0, origin="p2", tick=3), lights_off(3)])
        ledger.checkpoint()
        verdict = self.verdict(ledger, vault)
        assert (verdict.ok, verdict.events, verdict.signed, verdict.why) == (True, 5, 5, "")

    def test_equal_events_of_two_sleepers_have_unlike_leaves(self, ledger: Ledger) -> None:
        ledger.append([lights_off(0, tick=1), lights_off(0, origin="p2", tick=1)])
        assert len({row.leaf for row in ledger.rows()}) == 2
        assert [row.subject for row in ledger.rows()] == ["p1", "p2"]

    @pytest.mark.parametrize(
        ("event", "why"),
        [
            (lights_off(0, tick=9), "p1.0.0 comes after p1.0.1"),
            (lights_off(1, tick=9), "p1.0.1 comes after p1.0.1"),
            (lights_off(3, tick=9), "p1.0.2 is missing before it"),
            (lights_off(6, tick=9), "p1.0.2 to p1.0.5 are missing before it"),
            (lights_off(2, boot=1, tick=9), "p1.1.1 is missing before it"),
            (lights_off(2, tick=0), "its tick 0 comes after tick 1"),
            (LightsOff(onset_s=1.0, by="sleeper"), "'' is no event id"),
            (LightsOff(id="p1.0.2", tick=9, onset_s=float("nan"), by="sleeper"), "nan"),
        ],
    )
    def test_an_event_that_does_not_come_next_is_refused_with_its_whole_batch(
        self, ledger: Ledger, event: AnyEvent, why: str
    ) -> None:
        ledger.append([lights_off(0), lights_off(1)])
        with pytest.raises(RecordError, match=why):
            ledger.append([lights_off(0, origin="p2", tick=1), event])
        assert ledger.size == 2
        ledger.append([lights_off(0, origin="p2", tick=1), lights_off(2)])
        assert ledger.size == 4

    def test_a_new_life_of_an_origin_counts_anew(self, ledger: Ledger) -> None:
        ledger.append([lights_off(0), lights_off(1), lights_off(0, boot=1, tick=2), lights_off(1, boot=1, tick=2)])
        with pytest.raises(RecordError, match=r"p1\.0\.2 comes after p1\.1\.1"):
            ledger.append([lights_off(2)])

    def test_a_payload_enters_with_the_event_that_names_it(self, ledger: Ledger, vault: MemoryVault) -> None:
        key, id_ = vault.subject_key("p1"), "p1.0.0"
        sealed, ciphertext = seal_for("p1", b"arm B", subject_key=key, origin=ORIGIN, event_id=id_)
        event = CueAudited(id=id_, tick=0, onset_s=0.0, pod="p1", payload=sealed)
        with pytest.raises(RecordError, match=id_):
            ledger.append([event], {id_: ciphertext + b"x"})
        with pytest.raises(RecordError, match=r"p9\.0\.0"):
            ledger.append([event], {"p9.0.0": ciphertext})
        ledger.append([event], {id_: ciphertext})
        ledger.commit()
        assert open_sealed(sealed, ciphertext, subject_key=key, origin=ORIGIN, event_id=id_) == b"arm B"

    def test_nothing_is_written_under_a_destroyed_key(self, ledger: Ledger, vault: MemoryVault) -> None:
        ledger.append([lights_off(0)])
        vault.destroy("p1")
        with pytest.raises(RecordError, match="destroyed"):
            ledger.append([lights_off(1)])
        ledger.append([lights_off(0, origin="p2", tick=1)])
        ledger.checkpoint()
        verdict = self.verdict(ledger, vault)
        assert (verdict.ok, verdict.erased) == (True, 1)

    def test_a_closed_record_takes_nothing_and_is_signed_to_its_end(self, ledger: Ledger) -> None:
        ledger.append([lights_off(0)])
        ledger.close()
        ledger.close()
        with pytest.raises(RecordError, match="closed"):
            ledger.append([lights_off(1)])


class VaultContract:
    """Subclass it and say how to make an empty vault."""

    def make(self) -> Vault:
        raise NotImplementedError

    @pytest.fixture
    def vault(self) -> Vault:
        return self.make()

    def test_a_subject_keeps_its_own_key_of_32_bytes(self, vault: Vault) -> None:
        key = vault.subject_key("S01")
        assert len(key) == 32
        assert vault.subject_key("S01") == key
        assert vault.subject_key("S02") != key

    def test_asking_whether_there_is_a_key_makes_none(self, vault: Vault) -> None:
        assert not vault.has("S01")
        assert not vault.has("S01")
        vault.subject_key("S01")
        assert vault.has("S01")

    def test_a_destroyed_key_is_never_made_again(self, vault: Vault) -> None:
        vault.subject_key("S01")
        vault.destroy("S01")
        vault.destroy("S01")
        assert not vault.has("S01")
        with pytest.raises(RecordError, match="S01"):
            vault.subject_key("S01")
        assert vault.subject_key("S02")

    def test_only_a_destroyed_key_is_called_destroyed(self, vault: Vault) -> None:
        vault.subject_key("S01")
        vault.destroy("S02")
        assert [vault.is_destroyed(subject) for subject in ("S01", "S02", "S03")] == [False, True, False]

    def test_a_key_can_be_refused_before_it_was_ever_made(self, vault: Vault) -> None:
        vault.destroy("S03")
        with pytest.raises(RecordError, match="destroyed"):
            vault.subject_key("S03")

    def test_the_house_signs_with_one_key(self, vault: Vault) -> None:
        assert vault.signing_key() == vault.signing_key()
        assert len(vault.signing_key()) == 32
