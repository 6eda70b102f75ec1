"""What is an ethics board told of a study? Protocol, limits, risks, data, people and consents, as its files say."""

from collections.abc import Iterator
from importlib import metadata

from dreamloom.dreamscape.explain import explain
from dreamloom.governance.consent import Grant, read_grants
from dreamloom.governance.rules import RULES
from dreamloom.house.layout import House, NightFolder, find_night, is_night
from dreamloom.house.left_behind import nights_of
from dreamloom.house.night_file import NightAsked, read_night
from dreamloom.house.opening import read_checked
from dreamloom.house.retention_times import KeepDays, keep_days
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.units import AWAKE_MAX_DB, BEDROOM_MAX_DB

SEEN_BY = (
    ("the sleeper", "their own bed in the morning, without what tells an arm or a theme; all of it by export mine"),
    ("who runs the night", "every bed as it sleeps, cues and why they were withheld; no arm and no true loudness"),
    ("who is blinded", "that nights were held, and consents as far as they are needed; no cue, no level, no arousal"),
    ("the researcher", "every event without what is sealed; arms only after the outcomes were locked"),
    ("the house", "everything but what is sealed; who holds its keys folder could open that as well"),
)
FLOW = (
    "Samples come from a device at the bed to this one machine. Nothing is sent anywhere while the product runs.",
    "Samples and sounds are files of the night, EDF+ and WAV, without name or date. Unencrypted: the disk must be.",
    "What happened is a record of events, hashed and signed, so that a change is found. It knows pseudonyms alone.",
    "Notes, arms and true loudness are sealed under a key of each sleeper's own.",
    "A sleeper takes home everything of theirs, free and offline: dreamloom export mine PERSON FOLDER.",
    "A sleeper is erased on request: dreamloom erase PERSON. Pseudonym and hashes stay, and copies elsewhere.",
)
TO_BE_WRITTEN = "*To be written by the applicant: no file of this night says it.*"


def night_of_study(house: House, study: str) -> NightFolder:
    """The newest night that this house holds of a trial, or the night itself that was named.

    Raises:
        ConfigError: when there is neither.
    """
    if is_night(study):
        return find_night(study)
    for folder in reversed(nights_of(house)):
        text = folder.night_toml.read_text(encoding="utf-8") if folder.night_toml.is_file() else ""
        if study in text and (trial := read_night(text, file=str(folder.night_toml)).trial) and trial.name == study:
            return folder
    return find_night(study)


def dossier(folder: NightFolder) -> str:
    """The pages for a board on the study that this night belongs to, as Markdown.

    Whatever no file says is left open in so many words, never made up.

    Raises:
        ConfigError: when a file of the night is missing or wrong.
    """
    night = read_night(read_text(folder.night_toml, what="who takes part"), file=str(folder.night_toml))
    grants = read_grants(read_text(folder.consent_toml, what="who agreed to what"), file=str(folder.consent_toml))
    parts = (
        ("Protocol, in sentences", _protocol(folder, night)),
        ("Limits", _limits(grants)),
        ("Risks, and what holds them", _risks()),
        ("Data: where they come from, who sees them, how long they are kept", _data(keep_days(folder.house))),
        ("Who takes part, and who is on duty", _people(night)),
        ("Consents", _consents(grants)),
    )
    head = f"# Dossier: {night.trial.name if night.trial else folder.name}\n\nMade by Dreamloom "
    head += f"{metadata.version('dreamloom')} from the files of the night {folder.name}. Not a medical device.\n"
    return head + "".join(f"\n## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in parts)


def _protocol(folder: NightFolder, night: NightAsked) -> Iterator[str]:
    path = folder.root / night.dreamscape
    asked = read_checked(read_text(path, what="a dreamscape"), file=str(path))
    yield from (f"- {sentence}" for sentence in explain(asked))
    if night.trial:
        yield f"- It is night {night.trial.night} of the trial {night.trial.name}; its arms are sealed before."


def _limits(grants: dict[str, Grant]) -> Iterator[str]:
    yield f"- Nothing in sleep is louder than {BEDROOM_MAX_DB:g} dB, nothing awake louder than {AWAKE_MAX_DB:g} dB."
    yield "- Levels are counted from what this sleeper just hears, under the caps of author, house and consent."
    yield "- Without fresh, certain signals of sleep nothing sounds; a lost connection is silence within 30 s."
    for sleeper, grant in grants.items():
        yield (
            f"- {sleeper}: at most {grant.level_cap_db:g} dB and {grant.cues_per_hour} cues an hour, in "
            f"{', '.join(grant.stages) or 'no stage'}, until {grant.expires}; after a crash armed again: "
            f"{grant.rearm_after_crash}."
        )


def _risks() -> Iterator[str]:
    yield "| rule | in plain words | held by tests |"
    yield "|---|---|---|"
    for name, rule in RULES.items():
        tests = ", ".join(f"`{test}`" for test in rule.tests)
        yield f"| {name} | {rule.says} | {tests} |"


def _data(days: KeepDays) -> Iterator[str]:
    yield from (f"- {sentence}" for sentence in FLOW)
    yield ""
    yield "| who | sees |"
    yield "|---|---|"
    yield from (f"| {who} | {what} |" for who, what in SEEN_BY)
    yield ""
    yield "| data | kept for, after the night |"
    yield "|---|---|"
    for name in ("signals", "sounds", "events", "reports", "exports", "consents"):
        yield f"| {name} | {getattr(days, name)} days |"
    yield f"| signals of who did not agree to `keep raw` | {days.morning_h} hours |"


def _people(night: NightAsked) -> Iterator[str]:
    for pod in night.pod:
        yield f"- {pod.sleeper}, in bed {pod.id}, read from `{pod.source.partition(':')[0]}`"
    yield f"- On duty, with a name and a number to call: {TO_BE_WRITTEN}"
    yield f"- Clinician, where one is needed: {TO_BE_WRITTEN}"


def _consents(grants: dict[str, Grant]) -> Iterator[str]:
    if not grants:
        yield "Nobody has agreed to anything yet; until then every bed stays silent."
    for sleeper, grant in grants.items():
        passed = ", ".join(grant.relay_to) or "nobody"
        yield f"- {sleeper}, by the sheet “{grant.sheet}”: {', '.join(grant.purposes)}. Passed on to: {passed}."
    yield ""
    yield "Consent is withdrawn at any time, without a reason or a password; the bed is silent at once, for all night."
    yield f"Text of the information sheets: {TO_BE_WRITTEN}"
