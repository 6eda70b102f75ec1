"""With which text does an author begin? The file's own, a copy of another dreamscape, or a small whole one."""

import re
from pathlib import Path

from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.scalars import nearest
from dreamloom.house.dreamscape_files import SUFFIXES, DreamscapeFile, refuse_recorded
from dreamloom.house.texts import find_dreamscape
from dreamloom.vocabulary.errors import UsageError

FIRST = """\
dreamscape: {name}
version: 1
intent: Say in one sentence what it is for; a sleeper agrees to this sentence, not to a file.
tags: [music]

cues:
  chime: {{kind: sound, class: sleep, make: chime, notes: [C5, G5], duration: 2 s, because: ours}}

parts:
  - for: each sleeper
    when: {{stage: R, confidence: ">= 0.8", stable_for: 20 s, after_lights_off: 90 min, because: ours}}
    play: chime
    every: 30 s
    ramp: {{from: silent, over: 2 min, to: calibrated, because: ours}}
    budget: {{per_hour: 60, per_night: 200, because: ours}}

arms:
  active: {{cue: chime}}
  sham: {{cue: silence}}        # nobody can tell what a sound does without a night of silence

levels: {{cap: 45 dBA, over_threshold: 10 dB, because: ours}}
stop:                         # a cue that wakes is worse than none, so it ends itself first
  arousal: {{fade: 100 ms, pause: 2 min, lower: 3 dB, because: ours}}
  cue_locked_awakenings: {{more_than: 2, within: 30 min, then: no more tonight, because: ours}}
"""


def begin(what: str, *, like: str = "") -> tuple[DreamscapeFile, str]:
    """The file that is meant, and the text to begin with while it is not there; nothing is written.

    Args:
        what: a file's name, or that of a built-in dreamscape, of which a copy is begun here.
        like: a file or a built-in dreamscape to begin with a copy of.

    Raises:
        UsageError: DL-E136, DL-E143 for what cannot be a file; DL-E142 for a copy over a file that is there.
        RefusedError: DL-E582 for the text of a night that was recorded.
        ConfigError: where nothing is called `like`.
    """
    is_builtin = what in builtin.names()
    if not is_builtin and Path(what).suffix not in SUFFIXES:
        raise UsageError(
            "DL-E143",
            f"{what!r} is neither a file nor a built-in dreamscape.",
            why=f"The name of a dreamscape's file ends in {' or '.join(SUFFIXES)}.",
            do=f"{nearest(what, builtin.names())} Or begin a new one: dreamloom write {Path(what).name or 'tide'}.yaml",
        )
    file = DreamscapeFile(Path(f"{what}.yaml" if is_builtin else what))
    refuse_recorded(file.path)
    if file.path.exists() and like:
        raise UsageError(
            "DL-E142",
            f"{file.path.name} is there already, so it is no copy of {like}.",
            still="Nothing was written.",
            do="Leave --from out to go on writing it, or name a new file.",
        )
    if file.path.exists():
        return file, ""
    like = like or (what if is_builtin else "")
    return file, find_dreamscape(like)[0] if like else first_text(file.path.stem)


def first_text(name: str) -> str:
    """A small whole dreamscape that bears this name as far as a name can."""
    return FIRST.format(name=named(name))


def named(name: str) -> str:
    """This name as far as a dreamscape can bear it."""
    plain = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return plain if re.match(r"[a-z]", plain) else f"dreamscape_{plain}".rstrip("_")
