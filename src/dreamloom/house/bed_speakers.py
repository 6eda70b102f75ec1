"""Which speaker does each bed of an opening play on? A child process live; a silent one where time runs faster."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from dreamloom.adapters.marks import NightMarks
from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.speaker.accompanied import AccompaniedSpeaker
from dreamloom.adapters.speaker.child import ChildSpeaker
from dreamloom.adapters.speaker.heard import HeardSpeaker
from dreamloom.adapters.speaker.page_wire import PAGE
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.house import resuming
from dreamloom.house.asked import Asked
from dreamloom.house.companions import companions_of
from dreamloom.house.first_words import FirstWords
from dreamloom.house.page_watch import PageNow
from dreamloom.house.tuned import Tuned
from dreamloom.ports import Clock, Companion, SignalSource, Speaker
from dreamloom.vetoes.bits import Bit


class BedSpeakers:
    """Opens them, one a bed."""

    def __init__(  # noqa: PLR0913 - everything a speaker is made of, by name
        self,
        asked: Asked,
        *,
        tuned: Tuned,
        outputs: Mapping[str, DeviceAsked],
        words: FirstWords,
        marks: NightMarks | None,
        clock: Clock,
        pages: dict[str, Callable[[], PageNow]],
        is_live: bool,
        sound: Path,
        warn: Callable[[str], None],
    ) -> None:
        """`pages` takes in how each page stands on which a bed plays; `sound`: the folder in which outputs are kept.

        `is_live`: time runs as it does outside.
        """
        self._pages = pages
        self._asked = asked
        self._tuned = tuned
        self._outputs = outputs
        self._words = words
        self._marks = marks
        self._clock = clock
        self._is_live = is_live
        self._sound = sound
        self._warn = warn

    def open(self, pod: str, source: SignalSource, undo: ExitStack) -> Speaker:
        """This bed's, silent where its sleeper withdrew; `undo` takes it and its files away again."""
        at_bed = self._asked.folder.house.pod(pod)
        at_bed.root.mkdir(parents=True, exist_ok=True)
        self._sound.mkdir(parents=True, exist_ok=True)
        wav = resuming.sound_path(self._sound, pod)
        speaker: Speaker = (
            self._live(pod, wav) if self._is_live else VirtualSpeaker(at_bed.bits, wav, start_s=self._words.first_s)
        )
        if isinstance(source, SimulatedSource) and source.spec.with_ears:
            speaker = HeardSpeaker(speaker, source)
        if self._is_live and (beside := self._companions(pod, at_bed.bits)):
            speaker = AccompaniedSpeaker(speaker, beside)
        for path in (wav, wav.with_suffix(".cues.csv")):
            undo.callback(path.unlink, missing_ok=True)
        undo.callback(speaker.close)
        # Cleared once, then the file is looked at: whoever withdrew in between is heard.
        speaker.set_bit(Bit.REVOKED, on=False)
        if self._words.is_withdrawn(pod):
            speaker.set_bit(Bit.REVOKED, on=True)
        return speaker

    def _live(self, pod: str, wav: Path) -> Speaker:
        device = self._outputs.get(pod)
        child = ChildSpeaker(
            self._asked.folder.house.pod(pod).bits,
            wav,
            now_s=self._clock.now_s(),
            output=self._tuned.output(pod),
            device=device,
        )
        if device is not None and device.backend == PAGE:
            self._pages[pod] = child.page
        return child

    def _companions(self, pod: str, bits: Path) -> list[Companion]:
        bed = next(each for each in self._asked.night.pod if each.id == pod)
        return companions_of(
            bed,
            dreamscape=self._asked.dreamscape,
            grant=self._asked.grant_of(bed),
            bits=bits,
            marks=self._marks,
            now_s=self._clock.now_s,
            warn=self._warn,
        )
