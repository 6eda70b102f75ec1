"""Are the files of a night still those it was opened with? Compared by SHA-256 with what its record says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.asked import Asked
from dreamloom.record.events import AnyEvent, HostDescribed, NightOpened, PolicyAdopted
from dreamloom.vocabulary.errors import RecordError, RefusedError

FIRST_WORDS = 8
"""The files are named in the first three events of a record."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is another one now."""

    file: str
    now_sha256: str
    then_sha256: str

    @property
    def why(self) -> str:
        return f"Its SHA-256 is {self.now_sha256[:12]}…, the record says {self.then_sha256[:12]}…."


def changed_files(asked: Asked, first_words: Iterable[AnyEvent]) -> list[Changed]:
    """The files that are not those of the record's first opening; what no event names cannot have changed."""
    then: dict[str, str] = {}
    for event in first_words:
        match event:
            case NightOpened():
                then.setdefault(asked.night.dreamscape, event.dreamscape_sha256)
                then.setdefault("consent.toml", event.consent_sha256)
            case HostDescribed():
                then.setdefault("night.toml", event.night_toml_sha256)
            case PolicyAdopted():
                then.setdefault(asked.folder.policy.name, event.policy_sha256)
            case _:
                pass
    now = {
        asked.night.dreamscape: asked.dreamscape_sha256,
        "consent.toml": asked.consent_sha256,
        "night.toml": asked.night_sha256,
        asked.folder.policy.name: asked.policy_sha256,
    }
    return [Changed(file, now[file], sha256) for file, sha256 in then.items() if now.get(file) != sha256]


def under_rules_of(asked: Asked, first_words: Iterable[AnyEvent]) -> Asked:
    """The night by the rules of its record: one from before there were bundles has the vetoes alone."""
    told = list(first_words)
    is_told = any(isinstance(event, PolicyAdopted) for event in told)
    return asked if is_told or not told else replace(asked, policy=None)


def as_it_opened(asked: Asked) -> Asked:
    """A broken night, by its own rules, where it may go on; looks before anything is signed, mended or written.

    Raises:
        RefusedError: when a file was edited since the night opened.
    """
    try:
        with read_only(asked.folder.record) as record:
            first_words = list(islice(record.events(), FIRST_WORDS))
    except RecordError:
        return asked  # whoever opens it to write says what is wrong with it
    for changed in changed_files(asked, first_words):
        raise RefusedError(
            "DL-E518",
            f"{changed.file} was changed after the night {asked.folder.name!r} had opened.",
            why=changed.why,
            still="Nothing was recorded or played; what was recorded before is whole.",
            do="Put the file back as it was to go on, or begin a new night. To take consent back: dreamloom withdraw "
            f"{asked.folder.root} SLEEPER.",
        )
    return under_rules_of(asked, first_words)


def refuse_replay_of_other_files(asked: Asked, events: Iterable[AnyEvent]) -> None:
    """Returns when the record can be decided again from these files; raises RecordError otherwise."""
    for changed in changed_files(asked, events):
        raise RecordError(
            "DL-E431",
            f"{changed.file} is not the one this night was made from.",
            why=changed.why,
            do="Put the file of that night back; dreamloom verify still judges the record by itself.",
        )
