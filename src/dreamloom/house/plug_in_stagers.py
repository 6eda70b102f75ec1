"""Which stagers did somebody install, and how is one asked so that its faults cost a night nothing but its stages?

A package offers one under the entry point group `dreamloom.stagers`; docs/plug-in-stagers.md says how to write one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import metadata

from dreamloom.engine.clocks import boot_s
from dreamloom.engine.supervise import attempt
from dreamloom.ports import PlugInStager
from dreamloom.signals.blocks import Channel
from dreamloom.staging import plugged, track
from dreamloom.staging.plugged import LONGEST_CONTEXT_S, SLOW, Answer, Ask, Plugged, judged
from dreamloom.vocabulary.errors import ConfigError, StreamError
from dreamloom.vocabulary.units import FloatArray, NightTime

GROUP = "dreamloom.stagers"
SLOWEST_S = 1.0
"""An answer that took longer is thrown away: an estimate is to be known within a second of its window's end."""
SAID: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "version": (str,),
    "licence": (str,),
    "min_channels": (tuple, list),
    "warmup_s": (int, float),
    "context_s": (int, float),
}
"""What a plug-in says of itself, and as what."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One entry point: its name, and the package and version that offer it."""

    name: str
    package: str
    version: str


def installed() -> list[Installed]:
    """Every stager that somebody installed, by name; none of them is loaded."""
    found = {
        point.name: Installed(point.name, *((point.dist.name, point.dist.version) if point.dist else ("", "")))
        for point in metadata.entry_points(group=GROUP)
    }
    return [found[name] for name in sorted(found)]


def load(name: str) -> PlugInStager:
    """The stager of this name.

    Raises:
        ConfigError: DL-E362 when none of that name is installed, DL-E369 when it cannot be used.
    """
    points = [point for point in metadata.entry_points(group=GROUP) if point.name == name]
    if not points:
        raise _unknown(name)
    made = attempt(lambda: points[0].load()())  # noqa: PLW0108 - loading it may fail as well
    if made.failed:
        raise _unusable(name, f"Loading it failed: {made.failed}.")
    wrong = wrong_in(made.value)
    if wrong:
        raise _unusable(name, wrong)
    stager: PlugInStager = made.value
    return stager


def wrong_in(stager: object) -> str:
    """What a plug-in does not say of itself as it should; "" where all is well."""
    for word, kinds in SAID.items():
        value = getattr(stager, word, None)
        if not isinstance(value, kinds) or isinstance(value, bool):
            return f"Its {word} is {value!r}."
    if not callable(getattr(stager, "classify", None)):
        return "It has no classify."
    context_s, warmup_s = float(getattr(stager, "context_s", 0)), float(getattr(stager, "warmup_s", 0))
    if not 0 <= warmup_s <= max(context_s, track.WINDOW_S) or not 0 < context_s <= LONGEST_CONTEXT_S:
        asked = f"It asks for {context_s:g} s of context and {warmup_s:g} s of warm-up"
        return f"{asked}; 0 to {LONGEST_CONTEXT_S:g} s are kept."
    return ""


@dataclass(frozen=True, slots=True)
class PlugIn:
    """A stager that was loaded. slow_at: in a replay, windows whose answers came too late; nothing is timed then."""

    stager: PlugInStager
    slow_at: Collection[float] | None = None

    @property
    def method(self) -> str:
        """What the record calls it: that it is a plug-in, its name, its version and its licence."""
        return f"plug-in {self.stager.name} {self.stager.version} ({self.stager.licence})"

    def at_bed(self, channels: Sequence[Channel], grid_hz: int) -> Plugged:
        """The plug-in beside one sleeper.

        Raises:
            StreamError: DL-E238 when the bed lacks a channel it cannot do without.
        """
        stager, chosen = self.stager, track.montage(channels)
        kinds = tuple(channels[place].kind for place in chosen.indices)
        missing = [kind for kind in stager.min_channels if kind not in kinds]
        if missing:
            raise StreamError(
                "DL-E238",
                f"The stager {stager.name} needs {', '.join(missing)}, and this bed has {', '.join(kinds)}.",
                still="Nothing was recorded or played.",
                do="Add that channel, or leave the stager out: the shipped one reads what is there.",
            )
        ask = _asking(stager, kinds, grid_hz, self.slow_at)
        return plugged.start(ask, chosen, warmup_s=stager.warmup_s, context_s=stager.context_s)


def plug_in(name: str, *, slow_at: Collection[float] | None = None) -> PlugIn | None:
    """The stager of this name, ready to be put beside a bed; None for the shipped trees. Raises as `load`."""
    return PlugIn(load(name), slow_at) if name else None


def _asking(stager: PlugInStager, kinds: tuple[str, ...], grid_hz: int, slow_at: Collection[float] | None) -> Ask:
    def ask(signals_uv: FloatArray, window_end_s: NightTime) -> Answer:
        if slow_at is not None and window_end_s in slow_at:
            return Answer((), SLOW)
        given = signals_uv.copy()
        given.flags.writeable = False
        began_s = boot_s()
        made = attempt(lambda: stager.classify(given, kinds, grid_hz))
        if made.failed:
            return Answer((), f"it failed with {made.failed}")
        answer = judged(made.value)
        return Answer((), SLOW) if slow_at is None and boot_s() - began_s > SLOWEST_S else answer

    return ask


def _unknown(name: str) -> ConfigError:
    names = [each.name for each in installed()]
    near = get_close_matches(name, names, 1)
    listed = ", ".join(f"{each.name} ({each.package} {each.version})" for each in installed())
    return ConfigError(
        "DL-E362",
        f"There is no stager {name!r}.",
        why=f"Installed are: {listed or 'none'}; the shipped trees have no name.",
        do=f"Did you mean {near[0]!r}?" if near else "Install its package, or leave the stager out.",
    )


def _unusable(name: str, why: str) -> ConfigError:
    return ConfigError(
        "DL-E369",
        f"The stager {name!r} cannot be used.",
        why=why,
        still="Nothing was recorded or played.",
        do="Tell whoever wrote it (docs/plug-in-stagers.md says what is asked), or leave the stager out.",
    )
