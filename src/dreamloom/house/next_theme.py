"""How does a thread become the theme of the next night? Ratified, signed by each who speaks in it, written as a draft.

A signature is an event of the house's record; the draft names each by the hash of its leaf, and nobody by a name. Who
takes theirs back, or whose words are woven no more, ends that: a draft is only written of what stands at that moment.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.reader import read
from dreamloom.house import mornings
from dreamloom.house.beginning_to_write import named
from dreamloom.house.dreamscape_files import SUFFIXES
from dreamloom.house.house_record import tell_if
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.weaving import Standing, standing
from dreamloom.record.events import AnyEvent
from dreamloom.record.theme_events import ThemeSigned
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.vocabulary.texts import Filled, filled

DRAFT = """\
# A draft. Its theme is a thread that dreamers of one night ratified and signed, each in the house's record:
# thread {thread_sha256}
{signatures}
dreamscape: {name}
version: 1
intent: Give each sleeper a theme that {signed} dreamers ratified and signed, and learn whether it is dreamt again.
source: "ours: a thread of a night of this house, known by {thread_short}"
tags: [group, shared_theme, speech, rem, awakenings]

groups:
  circle: {{at_least: 4, at_most: 32, because: "ours: fewer than four reports cannot be told apart"}}

cues:
  theme: {{kind: speech, class: sleep, say: "{said}", voice: system, duration: 6 s, because: "ours: their own words"}}
  wake: {{kind: sound, class: awake, make: chord, notes: [C4, G4], duration: 3 s, because: "ours: it tells no theme"}}

parts:
  - for: each of circle
    when: {{stage: R, confidence: ">= 0.8", stable_for: 60 s, after_lights_off: 60 min, because: "ours: own REM"}}
    play: theme
    every: 60 s                        # ours: often enough for a theme, rare enough to sleep on
    ramp: {{from: silent, over: 5 min, to: calibrated, because: "ours: when this sleeper stirs is not known"}}
    budget: {{per_hour: 40, per_night: 120, because: "ours: two thirds of what the interval allows"}}
    else:                              # ours: late hours hold most REM
      - {{pod: watch, when: {{after_sleep_onset: 4.5 h, for: 2 h}}, label: unstaged, expected_hits: 25 %}}
      - {{pod: phone, when: {{after_sleep_onset: 4.5 h, for: 2 h}}, label: unstaged, expected_hits: 25 %}}

awakenings:
  - kind: morning
    for: each of circle
    cue: wake
    ramp: {{from: silent, over: 1 min, to: calibrated, because: "ours: a gentle end"}}
    latest: "08:00"                    # ours: write each sleeper's own into the night
    prefer: R                          # ours: dreams are told best out of REM
    look_for: 30 min                   # ours: not much sleep is lost by it
    report: {{ask: "What did you dream?", record_for: 10 min, because: "ours: alone, before anybody hears the others"}}

arms:                                  # ours: without a night of silence nobody can tell what the theme did
  active: {{cue: theme}}
  sham: {{cue: silence}}
levels:
  cap: 45 dBA                          # sourced: WHO 1999, Guidelines for Community Noise, LAmax in bedrooms
  over_threshold: 10 dB                # ours: just above what was heard in the evening through the same output
  awake_cap: 60 dBA                    # ours: ordinary speech, for people who are awake
stop:                                  # ours: a cue that wakes is worse than none, so it ends itself first
  arousal: {{fade: 100 ms, pause: 2 min, lower: 3 dB}}
  cue_locked_awakenings: {{more_than: 2, within: 30 min, then: no more tonight}}
"""
MOST_WORDS = 3
"""Of a thread's motifs so many are said: a cue is a moment, not a list. Ours."""


class Signed(Struct, frozen=True, kw_only=True):
    """How far a thread is signed.

    Attributes:
        by: those who speak in it and signed these words.
        waits_for: how many have not.
    """

    by: frozenset[str]
    waits_for: int


class Drafted(Struct, frozen=True, kw_only=True):
    """A draft that was written: where, of which words, and how many signed it."""

    path: Path
    words: tuple[str, ...]
    signed: int


def sign(folder: NightFolder, sleeper: str, thread_sha256: str, says: str) -> None:
    """Notes that this thread may be the theme of a next night, as far as this sleeper is concerned; or no longer.

    Raises:
        UsageError: DL-E813 for another word.
        RefusedError: DL-E814 for a thread that is not ratified, or in which they do not speak.
    """
    if says not in {"yes", "no"}:
        raise UsageError(
            "DL-E813", filled("{given} is no signature.", given=repr(says)), do="Say yes, or no to take it back."
        )
    found = standing(folder)
    thread = next((name for name, sha256 in found.threads.items() if sha256 == thread_sha256), None)
    if thread is None or thread not in found.ratified or sleeper not in found.speakers_in(thread):
        raise _not_ratified(filled("This thread is not ratified by all who speak in it."))
    word = ThemeSigned(
        onset_s=0.0,
        night=folder.name,
        sleeper=sleeper,
        thread_sha256=thread_sha256,
        says="yes" if says == "yes" else "no",
    )

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        mine = [each for each in _told(events, folder.name, thread_sha256) if each.sleeper == sleeper]
        return None if (mine[-1].says if mine else "no") == says else word

    tell_if(folder.house, decide)


def signed(folder: NightFolder, found: Standing, thread: str) -> Signed:
    """Who signed this thread, in just these words."""
    newest = {each.sleeper: each.says for each in _told(_events(folder), folder.name, found.threads[thread])}
    speak = found.speakers_in(thread)
    by = frozenset(who for who in speak if newest.get(who) == "yes")
    return Signed(by=by, waits_for=len(speak - by))


def draft(folder: NightFolder, thread: str, path: Path) -> Drafted:
    """Writes a dreamscape of this theme with its signatures, which the checker accepts.

    Raises:
        UsageError: DL-E815 for a thread there is none of, DL-E816 for a file that is there or is no dreamscape's.
        RefusedError: DL-E814 for one that is not ratified, DL-E817 for one that somebody did not sign or took back.
    """
    found = standing(folder)
    told = next((each for each in found.weave.threads if each.id == thread), None)
    if told is None:
        known = ", ".join(each.id for each in found.weave.threads) or "none"
        raise UsageError("DL-E815", f"This night has no thread {thread!r}.", why=f"It has {known}.", do="Name one.")
    if path.suffix not in SUFFIXES or path.exists():
        raise UsageError(
            "DL-E816",
            f"{path.name} {'is there already' if path.exists() else 'is no file of a dreamscape'}.",
            still="Nothing was written.",
            do="Name a new file that ends in .yaml",
        )
    if thread not in found.ratified:
        raise _not_ratified(filled("Thread {id} is not ratified by all who speak in it.", id=thread))
    who = signed(folder, found, thread)
    if who.waits_for:
        raise RefusedError(
            "DL-E817",
            f"{who.waits_for} of those who speak in thread {thread} did not sign it, or took it back.",
            why="Words that came to people in their sleep are theirs: each says whether others are to sleep with them.",
            still="The story stands as it is.",
            do="Each signs on the page of the story, once it is ratified.",
        )
    leaves = _leaves(folder, found.threads[thread], who.by)
    text = _text(named(path.stem), told.motifs, found.threads[thread], leaves)
    read_back = read(text, file=path.name)
    wrong = [each.text for each in check(read_back) if each.severity == "error"]
    if wrong:
        raise AssertionError(f"A draft of ours is wrong: {wrong}")
    write_durably(path, text.encode())
    return Drafted(path=path, words=told.motifs[:MOST_WORDS], signed=len(leaves))


def stands(house: House, text: str) -> bool:
    """Whether each signature that a draft names is in this house's record, and is still the newest of who gave it."""
    lines = [line.removeprefix("# ").split() for line in text.splitlines() if line.startswith("# ")]
    thread = next((words[1] for words in lines if words[0] == "thread" and len(words) > 1), "")
    named_leaves = {words[1] for words in lines if words[0] == "signed" and len(words) > 1}
    if not house.record.is_file() or not named_leaves:
        return False
    with read_only(house.record) as record:
        leaves = {row.id: row.leaf.hex() for row in record.rows()}
        events = [each for each in record.events() if isinstance(each, ThemeSigned) and each.thread_sha256 == thread]
    newest = {each.sleeper: each for each in events}
    return named_leaves == {leaves[each.id] for each in newest.values() if each.says == "yes"}


def _text(name: str, motifs: Sequence[str], thread_sha256: str, leaves: Sequence[str]) -> str:
    said = ", ".join(motifs[:MOST_WORDS])
    return DRAFT.format(
        name=name,
        thread_sha256=thread_sha256,
        thread_short=thread_sha256[:16],
        signatures="\n".join(f"# signed {leaf}" for leaf in leaves),
        signed=len(leaves),
        said=f"{said[:1].upper()}{said[1:]}.".replace("\\", "").replace('"', ""),
    )


def _leaves(folder: NightFolder, thread_sha256: str, by: frozenset[str]) -> list[str]:
    """Of the newest signature of each, in an order that tells nobody's place."""
    with read_only(folder.house.record) as record:
        leaves = {row.id: row.leaf.hex() for row in record.rows()}
        newest = {each.sleeper: leaves[each.id] for each in _told(record.events(), folder.name, thread_sha256)}
    return sorted(newest[who] for who in by)


def _told(events: Iterable[AnyEvent], night: str, thread_sha256: str) -> list[ThemeSigned]:
    return [
        each
        for each in events
        if isinstance(each, ThemeSigned) and (each.night, each.thread_sha256) == (night, thread_sha256)
    ]


def _events(folder: NightFolder) -> list[AnyEvent]:
    return mornings.events_of(folder.house)


def _not_ratified(what: Filled) -> RefusedError:
    return RefusedError(
        "DL-E814",
        what,
        why="Only what may be shown to others may become what others sleep with.",
        still="The story stands as it is.",
        do="Ratify it first, on the page of the story.",
    )
