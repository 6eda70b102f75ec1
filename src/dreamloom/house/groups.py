"""Who belongs to whom tonight? The groups that night.toml names, held against those the dreamscape speaks of."""

from collections.abc import Iterator, Mapping, Sequence

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.moments import needs_company
from dreamloom.dreamscape.scalars import nearest
from dreamloom.governance.consent import Grant
from dreamloom.governance.toml_files import TomlFile
from dreamloom.house.night_file import CODES, NightAsked, PodAsked
from dreamloom.vocabulary.errors import ConfigError


def refuse_unknown_groups(night: NightAsked, dreamscape: Dreamscape, *, text: str, file: str) -> None:
    """Returns when every group that a bed is in is one of the dreamscape's.

    Raises:
        ConfigError: naming the bed, the group and the nearest one.
    """
    for number, pod in enumerate(night.pod):
        for group in pod.groups:
            if group not in dreamscape.groups:
                known = nearest(group, dreamscape.groups) if dreamscape.groups else "It has none; take `groups` out."
                raise ConfigError(
                    "DL-E350",
                    f"Bed {pod.id} is in the group {group!r}, and {dreamscape.name} has none of that name.",
                    where=TomlFile(text, file=file, codes=CODES).place(("pod", number, "groups")),
                    do=known,
                )


def uncounted(pods: Sequence[PodAsked], dreamscape: Dreamscape, grants: Mapping[str, Grant]) -> Iterator[str]:
    """Sleepers who agreed to tonight's cues and not to be counted among others, where anything waits for that."""
    if not needs_company(dreamscape):
        return
    for pod in pods:
        grant = grants.get(pod.sleeper)
        if grant is not None and "group" not in grant.purposes:
            yield (
                f'{pod.sleeper} did not agree to the purpose "group": nobody counts {pod.sleeper} among others, '
                "and what waits for others stays silent there."
            )


def odd_groups(pods: Sequence[PodAsked], dreamscape: Dreamscape) -> Iterator[str]:
    """What a person should know: groups with fewer or more sleepers than their author meant."""
    for name, group in dreamscape.groups.items():
        count = sum(name in pod.groups for pod in pods)
        if count < group.at_least:
            yield (
                f"The group {name} has {count} of the {group.at_least} sleepers it is meant for. "
                f'To put a bed into it, write groups = ["{name}"] under its [[pod]].'
            )
        if group.at_most is not None and count > group.at_most:
            yield f"The group {name} has {count} sleepers, and is meant for {group.at_most} at most."
