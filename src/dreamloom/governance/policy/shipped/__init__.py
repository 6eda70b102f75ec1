"""Which rules come with the product? Those that every house keeps, with an allow and a deny example of each."""

from functools import cache
from importlib import resources

from dreamloom.dreamscape.tags import TAGS
from dreamloom.governance.policy.bundle import FORMAT, Bundle, Example, Value
from dreamloom.governance.policy.request import CueRequest, schema_text
from dreamloom.governance.policy.shipped.examples import EXAMPLES

VERSION = 1
"""Raised with every change of the shipped policies, schema or examples."""
LAWFUL = CueRequest(
    granted=True,
    dreamscape_agreed=True,
    cue_agreed=True,
    sound_agreed=True,
    rules_agreed=True,
    revoked=False,
    held=False,
    grant_left_s=28_800,
    sound_class="sleep",
    stage="R",
    stage_age_ms=2_500,
    confidence_permille=900,
    stages_agreed=("R",),
    lost=False,
    restless=False,
    level_ddb=300,
    level_cap_ddb=450,
    cues_last_hour=3,
    cues_per_hour=60,
    awakenings_half_hour=0,
    tags=("memory",),
    relayed=False,
    intake="answered",
    care=(),
)
"""A cue that nothing forbids; examples say what is different from it."""


@cache
def shipped() -> Bundle:
    """The rules a house goes by until it adopts more."""
    return Bundle(
        format=FORMAT,
        name="the rules every house keeps",
        version=VERSION,
        allowed_tags=tuple(sorted(TAGS)),
        policies=policies_text(),
        schema=schema_text(),
        lawful=_fields(LAWFUL),
        examples=tuple(
            Example(policy=policy, says=says, by=tuple(sorted(by)), when=when) for policy, says, by, when in EXAMPLES
        ),
    )


@cache
def policies_text() -> str:
    """The policies as they are written."""
    folder = resources.files("dreamloom.governance.policy") / "shipped"
    return (folder / "house.cedar").read_bytes().decode("utf-8")


def _fields(request: CueRequest) -> dict[str, Value]:
    return {name: getattr(request, name) for name in request.__dataclass_fields__}
