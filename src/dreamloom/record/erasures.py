"""Is what is missing from a record covered? Texts that are gone, against the erasures that the house logged."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dreamloom.record.belonging import HOUSE
from dreamloom.record.events import AnyEvent, Erased, NightOpened

IN_WORDS = {
    "asked": "because they asked for it",
    "retention": "because their time was over",
    "no keep raw": "because keeping them was not agreed to",
}


@dataclass(slots=True)
class Erasures:
    """What a record says was erased, and which of its texts are gone; filled row by row.

    An erasure covers as many texts of its sleeper as it counts, before it in the record, no more and no fewer.
    """

    blank: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    logged: dict[str, list[tuple[int, Erased]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def count(self) -> int:
        """Texts that are gone."""
        return sum(map(len, self.blank.values()))

    @property
    def asked(self) -> list[str]:
        """Who asked to be erased."""
        return sorted(name for name, logged in self.logged.items() if any(each.why == "asked" for _, each in logged))

    def see(self, seq: int, subject: str) -> None:
        """A row without its text."""
        self.blank[subject].append(seq)

    def hear(self, seq: int, event: AnyEvent | None) -> None:
        """A row with its text, which may be the house's word on an erasure."""
        if isinstance(event, Erased):
            self.logged[event.sleeper].append((seq, event))

    def complaint(self) -> tuple[str, str] | None:
        """The first texts that are gone and that no erasure covers, and why; None where all are covered."""
        found = (self._uncovered(name) for name in {*self.blank, *self.logged})
        complaints = [each for each in found if each is not None]
        return min(complaints)[1:] if complaints else None

    def _uncovered(self, subject: str) -> tuple[int, str, str] | None:
        """A word covers what lies before it in the record and was not covered before."""
        gone, words = self.blank[subject], self.logged[subject] if subject != HOUSE else []
        covered = sum(word.rows for _, word in words)
        last = max((seq for seq, word in words if word.rows), default=-1)
        late = next((seq for seq in gone if seq > last), None)
        if late is not None:
            return late, f"seq {late}", "its text is gone and no erasure is recorded"
        still_to_come = covered
        for seq, word in words:
            still_to_come -= word.rows
            if sum(1 for each in gone if each > seq) > still_to_come:
                return seq, f"what is left of {subject} after seq {seq}", "more of its texts are gone than were erased"
        if len(gone) != covered:
            why = f"{len(gone)} of its texts are gone, and {covered} were erased"
            return last, f"what is left of {subject} before seq {last}", why
        return None

    def words(self) -> str:
        """What was erased, for a person; "" where nothing was."""
        parts = []
        for subject, logged in sorted(self.logged.items()):
            why = " and ".join(sorted({IN_WORDS[each.why] for _, each in logged}))
            rows = sum(each.rows for _, each in logged)
            files = sum(sum(each.files.values()) for _, each in logged)
            parts.append(f"{rows} texts and {files} files of {subject} were erased, {why}")
        return "; ".join(parts)


def beds_without(events: Iterable[AnyEvent], kind: str) -> dict[str, Erased]:
    """The beds of a night whose files of this kind were erased, each with the house's word on it."""
    sleepers: dict[str, str] = {}
    found: dict[str, Erased] = {}
    for event in events:
        if isinstance(event, NightOpened):
            sleepers = {seat.pod: seat.sleeper for seat in event.roster}
        elif isinstance(event, Erased) and (event.why == "asked" or event.files.get(kind)):
            found |= {pod: event for pod, sleeper in sleepers.items() if sleeper == event.sleeper}
    return found
