"""How are tonight's levels tuned at each bed? By the sleeper's own threshold, a meter, and a volume nobody may turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dreamloom.adapters.speaker.deck import Output
from dreamloom.house import hearing
from dreamloom.house.asked import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.resuming import Past
from dreamloom.house.speakers import SILENT
from dreamloom.house.volume_watch import VolumeWatch
from dreamloom.record.events import ThresholdMeasured
from dreamloom.vocabulary.units import NightTime


@dataclass(frozen=True, slots=True)
class Tuned:
    """What is known of every bed's levels.

    Attributes:
        devices: the id of each bed's output, SILENT for one without.
        thresholds: of the beds whose sleepers' hearing was measured there; what the record says goes before a file.
    """

    folder: NightFolder
    devices: Mapping[str, str]
    thresholds: Mapping[str, ThresholdMeasured]

    def asked(self, asked: Asked) -> Asked:
        """The night with its levels counted from what was measured."""
        return replace(asked, thresholds_db={pod: each.threshold_db for pod, each in self.thresholds.items()})

    def output(self, pod: str) -> Output:
        """The sealed constants of this bed's speaker."""
        found = self.thresholds.get(pod)
        return Output(hearing.full_scale_db(self.devices[pod], self.folder.house, found))

    def told(self) -> list[str]:
        """What a person should know before the night."""
        house = self.folder.house
        said = (hearing.unchecked(pod, at, house, self.thresholds.get(pod)) for pod, at in self.devices.items())
        return [line for line in said if line]

    def watch(self, pods: Sequence[PodAsked], warn: Callable[[str], None]) -> VolumeWatch:
        """Whoever looks at the volume of real outputs: at what it was in the evening, where anybody told."""
        real = {pod.id: self.devices[pod.id] for pod in pods if self.devices[pod.id] != SILENT}
        known: dict[str, float] = {}
        for pod in (pod for pod in pods if pod.id in real):
            kept = hearing.kept_for(self.folder, pod, real[pod.id])
            level = hearing.level_of(real[pod.id], self.folder.house)
            for each in (kept, level):
                if each is not None and each.volume_db is not None:
                    known.setdefault(pod.id, each.volume_db)
        return VolumeWatch(real, known, warn=warn)


def tuned(folder: NightFolder, pods: Sequence[PodAsked], devices: Mapping[str, str], past: Past) -> Tuned:
    """What was measured for these beds, from the record where it holds it, else from the evening's files."""
    at = {pod.id: devices.get(pod.id, SILENT) for pod in pods}
    found = {
        pod.id: past.threshold_of(pod.id) or hearing.measured(folder, pod, at[pod.id], NightTime(0.0)) for pod in pods
    }
    return Tuned(folder, at, {pod: each for pod, each in found.items() if each is not None})
