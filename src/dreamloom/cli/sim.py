"""The verb `sim`: a simulated sleeper on LSL, for a house that is tried out before anybody lies down."""

import threading

from dreamloom.adapters.lsl.asked import SCOPES
from dreamloom.adapters.lsl.outlet import SleeperOutlet, Streamed
from dreamloom.adapters.simulated_spec import read_spec
from dreamloom.cli.output import clock, give, say
from dreamloom.vocabulary.errors import UsageError

TELL_EVERY_S = 60.0
SEPARATORS = frozenset(',="\\')
"""What stands between the parts of a source, or ends it, in night.toml."""


def sim(preset: str, *, lsl: bool, name: str, seed: int, scope: str, as_json: bool) -> None:
    """Streams until the simulated night ends or a person stops it."""
    if not lsl:
        raise UsageError("DL-E104", "Nobody said where to stream to.", do=f"Write: dreamloom sim {preset} --lsl")
    chosen = next((known for known in SCOPES if known == scope), None)
    if chosen is None:
        raise UsageError(
            "DL-E103", f"{scope!r} is no scope.", why=f"There are: {', '.join(SCOPES)}.", do="Leave --scope out."
        )
    _refuse_unaskable(name)
    _refuse_ears(preset)
    outlet = SleeperOutlet(preset, name=name, seed=seed, scope=chosen)
    say(f'Streaming the simulated sleeper "{preset}" on LSL as {name!r}. Listen to it with: source = "lsl:{name}"')
    say("Ctrl-C ends it. Not a medical device.")
    next_s, last = TELL_EVERY_S, Streamed(0.0, 0)

    def told(sent: Streamed) -> None:
        nonlocal next_s, last
        last = sent
        if sent.night_s >= next_s:
            next_s += TELL_EVERY_S
            heard = "somebody listens" if outlet.is_heard else "nobody listens"
            say(f"{clock(sent.night_s)}  {sent.samples} samples sent, {heard}")

    try:
        outlet.stream(threading.Event().wait, told)
    except KeyboardInterrupt:
        say("Ended.")
    finally:
        outlet.close()
    if as_json:
        give({"name": name, "preset": preset, "samples": last.samples, "seconds": round(last.night_s, 3)})


def _refuse_unaskable(name: str) -> None:
    """A stream that no night.toml can name is of no use to anybody."""
    if not name or name != name.strip() or not name.isprintable() or set(name) & SEPARATORS:
        raise UsageError(
            "DL-E115",
            f"A stream cannot be called {name!r}.",
            why='A night asks for it as source = "lsl:NAME", where commas and equals signs separate; and blanks at '
            "either end, or no name at all, name nothing.",
            do="Choose letters, digits and hyphens, such as --name sleeper-1",
        )


def _refuse_ears(preset: str) -> None:
    """Ears hear what a house plays beside them; through an outlet nothing comes back."""
    if read_spec(preset).with_ears:
        raise UsageError(
            "DL-E116",
            f"The sleeper {preset!r} has ears, and nothing can be heard through an outlet.",
            why="LSL carries samples one way: the house that listens cannot tell this sleeper what it plays.",
            do=f'Leave with=ears out, or write source = "sim:{preset}" in night.toml.',
        )
