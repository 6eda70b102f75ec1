"""Can a night be opened as it was asked for? Reads its three files, and refuses what does not fit together."""

import re
from datetime import datetime

from dreamloom.dreamscape import checker, reader
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.governance.consent import Grant, grant_place, key_place, read_grants
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house import cue_sounds
from dreamloom.house.asked import Asked
from dreamloom.house.groups import refuse_unknown_groups
from dreamloom.house.house_rules import beside
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked, read_night
from dreamloom.house.texts import read_text, text_sha256
from dreamloom.record.belonging import HOUSE
from dreamloom.seals.notes import is_key_name
from dreamloom.vocabulary.errors import ConfigError, RefusedError
from dreamloom.vocabulary.units import NightTime, Seconds


def read_asked(folder: NightFolder) -> Asked:
    """The night as it was asked for.

    Raises:
        ConfigError: a file is missing or wrong, with file:line:column.
        RefusedError: a grant names another text, or not every cue that could be played.
    """
    refuse_odd_name(folder)
    night_text = read_text(folder.night_toml, what="what was asked for tonight: the dreamscape and the pods")
    night = read_night(night_text, file=str(folder.night_toml))
    dreamscape_path = folder.root / night.dreamscape
    text = read_text(dreamscape_path, what="the dreamscape that night.toml names")
    dreamscape = read_checked(text, file=str(dreamscape_path))
    consent_text = read_text(folder.consent_toml, what="who agreed to what, a table for each sleeper")
    asked = Asked(
        folder=folder,
        night=night,
        dreamscape=dreamscape,
        dreamscape_sha256=reader.sha256(text),
        grants=read_grants(consent_text, file=str(folder.consent_toml)),
        night_sha256=text_sha256(night_text),
        consent_sha256=text_sha256(consent_text),
        sounds=cue_sounds.weighed(cue_sounds.make_sounds(dreamscape, cue_sounds.shelf_of(folder, night))),
        own_sounds={pod.id: own for pod in night.pod if (own := cue_sounds.own_sounds(dreamscape, folder, pod))},
        policy=beside(folder) or shipped(),
    )
    refuse_unknown_groups(night, dreamscape, text=night_text, file=str(folder.night_toml))
    _refuse_misspelt(asked, consent_text)
    for pod in night.pod:
        _refuse_unless_covered(asked, pod, consent_text)
    return asked


def refuse_odd_name(folder: NightFolder) -> None:
    """Returns when a record can bear this night's name; raises ConfigError otherwise."""
    if folder.name == HOUSE:
        why = "The house keeps a record of its own under that name, and a signature must tell the two apart."
        raise _cannot_be_called(folder, why, instead="tonight")
    if not is_key_name(folder.name):
        why = "Its name stands in its signed checkpoints, where spaces and plus signs mean something else."
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.name).strip("-") or "tonight"
        raise _cannot_be_called(folder, why, instead=plain)


def _cannot_be_called(folder: NightFolder, why: str, *, instead: str) -> ConfigError:
    return ConfigError(
        "DL-E324",
        f"A night cannot be called {folder.name!r}.",
        why=why,
        do=f"Rename the folder, for example to {instead}.",
    )


def _refuse_misspelt(asked: Asked, consent_text: str) -> None:
    """A grant for s1 where S01 sleeps without one is a slip of the pen, and would keep that bed silent all night."""
    without = {_spoken(name): name for name in asked.sleeper_of.values() if name not in asked.grants}
    for name in asked.grants:
        meant = without.get(_spoken(name))
        if meant is not None:
            raise ConfigError(
                "DL-E325",
                f"There is a grant for {name!r}, and nobody of that name sleeps here tonight.",
                why=f"{meant!r} does, without a grant.",
                where=grant_place(consent_text, file=str(asked.folder.consent_toml), sleeper=name),
                do=f"Write [{meant}], or take this table out.",
            )


def _spoken(name: str) -> str:
    """S01, s1 and s-1 are the same to an ear."""
    return re.sub(r"0+(?=\d)", "", re.sub(r"[\W_]+", "", name.casefold()))


def read_checked(text: str, *, file: str) -> Dreamscape:
    """A dreamscape without an error; raises ConfigError with the first one the checker finds."""
    dreamscape = reader.read(text, file=file)
    errors = [finding for finding in checker.check(dreamscape) if finding.severity == "error"]
    if errors:
        more = f" And {len(errors) - 1} more; see: dreamloom check {file}" if len(errors) > 1 else ""
        raise ConfigError(errors[0].code, errors[0].text, where=errors[0].where, do=more.strip())
    return dreamscape


def _refuse_unless_covered(asked: Asked, pod: PodAsked, consent_text: str) -> None:
    grant = asked.grant_of(pod)
    if grant is None:
        return
    if grant.dreamscape_sha256 != asked.dreamscape_sha256:
        raise RefusedError(
            "DL-E511",
            f"{pod.sleeper} agreed to another text than {asked.night.dreamscape}.",
            why=f"The grant names {grant.dreamscape_sha256[:12]}…, the file's SHA-256 is {asked.dreamscape_sha256}.",
            still="Nothing was recorded or played.",
            do="Ask again with the text as it is now, then write its SHA-256 into consent.toml.",
        )
    missing = sorted(set(asked.sounds) - set(grant.cues))
    if missing:
        raise RefusedError(
            "DL-E512",
            f"{pod.sleeper} did not agree to every cue that could be drawn: {', '.join(missing)} missing.",
            why="The draw stays sealed, so each possible cue must have been heard awake and be named in the grant.",
            still="Nothing was recorded or played.",
            do=f"Let {pod.sleeper} hear it, then name it under cues in consent.toml.",
        )
    unheard = grant.unheard(asked.dreamscape.tags)
    if unheard:
        raise RefusedError(
            "DL-E570",
            f"{pod.sleeper} has not heard every cue awake: {', '.join(unheard)} missing.",
            why="heard does not name it, and none of the tags that were chosen is one of the dreamscape's.",
            still="Nothing was recorded or played.",
            do=f"Let {pod.sleeper} hear it and name it under heard, or choose one of the dreamscape's tags under tags.",
            where=key_place(consent_text, file=str(asked.folder.consent_toml), sleeper=pod.sleeper, key="heard"),
        )


def grant_ends_s(grant: Grant | None, opened_utc: datetime) -> NightTime | None:
    """Night time at which a grant ends by itself; raises nothing, a grant that has ended gives a time before 0."""
    ends = grant.ends_at() if grant else None
    return None if ends is None else NightTime(Seconds((ends - opened_utc).total_seconds()))
