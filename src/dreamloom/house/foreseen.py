"""What will a night's gates cost, bed by bed? Told before anybody sleeps, with the evidence and what it lacks here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.house.gate_cost import GateCost, gate_costs
from dreamloom.house.rules_unseen import rules_unseen
from dreamloom.house.supporting import Bed, data_of, told
from dreamloom.staging.track import montage

MEASURED_WITH = "eeg"
"""The montage of the recording behind every figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Beds that are alike, and what their gates will cost.

    Attributes:
        montage: the channels that stages are read from; "" where they are known once the bed is opened.
        costs: of every part that asks for stages, none at beds that go by the clock.
        supported: for each such part whether it is staged or unstaged there.
        notes: what a person should know besides.
    """

    beds: tuple[str, ...]
    montage: str
    costs: Sequence[GateCost]
    supported: Sequence[Mapping[str, object]]
    notes: Sequence[str]

    @property
    def lines(self) -> list[str]:
        """For a person, before the night."""
        who = ", ".join(self.beds)
        return [*(f"{who}: {cost} {about(self.montage)}" for cost in self.costs), *self.notes]

    @property
    def data(self) -> dict[str, object]:
        """The same for `--json`."""
        return {
            "beds": list(self.beds),
            "montage": self.montage or None,
            "gate_costs": [asdict(cost) for cost in self.costs],
            "about": about(self.montage),
            "supported": [dict(row) for row in self.supported],
            "notes": list(self.notes),
        }


def foreseen(dreamscape: Dreamscape, beds: Mapping[str, Bed | None]) -> list[Foreseen]:
    """For each kind of bed among these, by name; None for one whose channels nobody knows yet."""
    alike: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
    for name, bed in beds.items():
        unseen = tuple(rules_unseen(dreamscape, bed, name="")) if bed else ()
        alike.setdefault((_montage(bed), bed.why if bed else None, unseen), []).append(name)
    return [_of(dreamscape, kind, names, beds[names[0]]) for (kind, _, _), names in alike.items()]


def about(kind: str) -> str:
    """How far the evidence reaches a bed of this montage."""
    if kind == MEASURED_WITH:
        return "It was measured with one EEG, as at this bed."
    if not kind:
        return "It was measured with one EEG; what this bed has is known once it is opened."
    return f"It was measured with one EEG; with {kind.replace('+', ', ')}, as at this bed, nothing is known yet."


def _of(dreamscape: Dreamscape, kind: str, names: Sequence[str], bed: Bed | None) -> Foreseen:
    staged = bed is None or bed.why is None
    who = ", ".join(names)
    return Foreseen(
        beds=tuple(names),
        montage=kind,
        costs=gate_costs(dreamscape) if staged else (),
        supported=data_of(dreamscape, bed) if bed else (),
        notes=[*told(dreamscape, bed, name=who), *rules_unseen(dreamscape, bed, name=who)] if bed else (),
    )


def _montage(bed: Bed | None) -> str:
    if bed is None or not bed.channels or bed.why is not None:
        return ""
    return montage(bed.channels).kind
