"""What are sleepers called in what leaves the house? In each night something else, linked by the house's keys alone."""

from collections.abc import Mapping
from typing import Any

from dreamloom.adapters.keys import FolderVault
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.seals.pseudonyms import night_pseudonym

ERASED = "erased"
"""Whoever's key is gone has no name any more, in no night."""
WHERE_FROM = "source"
"""Where a bed's samples come from; its device or file has a name of its own, which would link nights as well."""


def outside_names(folder: NightFolder) -> dict[str, str]:
    """By each sleeper of a night, what they are called outside."""
    names = sorted({*sleepers_of(folder).values()} - {""})
    if not folder.house.keys.is_dir():
        return dict.fromkeys(names, ERASED)
    vault = FolderVault(folder.house.keys, may_make_keys=False)
    return {
        name: night_pseudonym(vault.subject_key(name), folder.origin) if vault.has(name) else ERASED for name in names
    }


def as_outside(fields: Any, names: Mapping[str, str]) -> Any:
    """What an event tells, with every sleeper named as outside, and of where samples come from only the kind."""
    if isinstance(fields, str):
        return names.get(fields, fields)
    if isinstance(fields, Mapping):
        return {
            key: str(value).partition(":")[0] if key == WHERE_FROM else as_outside(value, names)
            for key, value in fields.items()
        }
    if isinstance(fields, list | tuple):
        return [as_outside(each, names) for each in fields]
    return fields
