"""Which cue does each shipped policy let pass, and which does it stop? Differences from one lawful cue."""

from typing import Literal

from dreamloom.governance.policy.bundle import Value

ONE = ("C1.consent",)
"""Who decides wherever nothing forbids."""
CARED: dict[str, Value] = {"clinician": True, "protocol": "P-7"}
AWAKE: dict[str, Value] = {
    "sound_class": "awake",
    "stage": "W",
    "stages_agreed": ("R", "W"),
    "confidence_permille": 800,
}
UNSTAGED: dict[str, Value] = {
    "by_clock": True, "stage": "UNSCORED", "stage_age_ms": 2**31 - 1, "confidence_permille": 0,
}  # fmt: skip

EXAMPLES: tuple[tuple[str, Literal["allow", "deny"], tuple[str, ...], dict[str, Value]], ...] = (
    ("C1.consent", "allow", ONE, {}),
    ("C1.consent", "allow", ONE, UNSTAGED),
    ("C1.consent", "allow", ONE, AWAKE),
    ("C1.consent", "deny", ONE, {"granted": False}),
    ("C1.consent", "deny", ONE, {"dreamscape_agreed": False}),
    ("C1.consent", "deny", ONE, {"cue_agreed": False}),
    ("C1.rules", "allow", ONE, {"rules_agreed": True}),
    ("C1.rules", "deny", ("C1.rules",), {"rules_agreed": False}),
    ("C1.stages", "allow", ONE, {"stage": "N2", "stages_agreed": ("N2", "R")}),
    ("C1.stages", "deny", ("C1.stages",), {"stage": "N2"}),
    ("C2.heard-awake", "allow", ONE, {"sound_agreed": True}),
    ("C2.heard-awake", "deny", ("C2.heard-awake",), {"sound_agreed": False}),
    ("C3.withdrawn", "allow", ONE, {"revoked": False}),
    ("C3.withdrawn", "deny", ("C3.withdrawn",), {"revoked": True}),
    ("C3.held", "allow", ONE, {"held": False}),
    ("C3.held", "deny", ("C3.held",), {"held": True}),
    ("C5.persuasion", "allow", ONE, {"tags": ("music", "therapy")}),
    *(
        ("C5.persuasion", "deny", ("C5.persuasion", "house.tags"), {"tags": (tag, "therapy"), **CARED})
        for tag in ("brand", "commercial", "named_brand", "political", "religious_persuasion")
    ),
    (
        "C5.persuasion", "deny", ("C5.persuasion",),
        {"tags": ("brand",), "tags_allowed": True, **CARED},
    ),
    ("C6.awake", "allow", ONE, {"stage": "N3", "stages_agreed": ("N3",)}),
    ("C6.awake", "deny", ("C6.awake",), {"stage": "W", "stages_agreed": ("R", "W")}),
    ("C6.awake", "deny", ("C6.awake",), {"stage": "UNSCORED", "unstaged_yet": True, "stage_age_ms": 2**31 - 1}),
    ("C6.asleep", "allow", ONE, AWAKE),
    ("C6.asleep", "allow", ONE, {**AWAKE, "stage": "UNSCORED", "unstaged_yet": True}),
    ("C6.asleep", "deny", ("C6.asleep",), {**AWAKE, "stage": "R"}),
    ("C6.stirring", "allow", ONE, {"restless": False}),
    ("C6.stirring", "allow", ONE, {**AWAKE, "restless": True}),
    ("C6.stirring", "deny", ("C6.stirring",), {"restless": True}),
    ("C6.stale", "allow", ONE, {"stage_age_ms": 45_000}),
    ("C6.stale", "deny", ("C6.stale",), {"stage_age_ms": 45_001}),
    ("C6.stale", "deny", ("C6.stale",), {"lost": True}),
    ("C6.unsure", "allow", ONE, {"confidence_permille": 200}),
    ("C6.unsure", "deny", ("C6.unsure",), {"confidence_permille": 199}),
    ("C7.hour", "allow", ONE, {"cues_last_hour": 59}),
    ("C7.hour", "deny", ("C7.hour",), {"cues_last_hour": 60}),
    ("C7.level", "allow", ONE, {"level_ddb": 450}),
    ("C7.level", "allow", ONE, {**AWAKE, "level_ddb": 750, "level_cap_ddb": 750}),
    ("C7.level", "deny", ("C7.level",), {"level_ddb": 301, "level_cap_ddb": 300}),
    ("C7.level", "deny", ("C7.level",), {"level_ddb": 451, "level_cap_ddb": 750}),
    ("C7.level", "deny", ("C7.level",), {**AWAKE, "level_ddb": 751, "level_cap_ddb": 800}),
    ("C7.awakenings", "allow", ONE, {"awakenings_half_hour": 2}),
    ("C7.awakenings", "deny", ("C7.awakenings",), {"awakenings_half_hour": 3}),
    ("C7.waking", "allow", ONE, {"waking": "rings", "wake_agreed": True, "restless": True, "cues_last_hour": 60}),
    ("C7.waking", "deny", ("C7.waking",), {"waking": "rings"}),
    ("C8.pair", "allow", ONE, {"relayed": True, "relay_agreed": True}),
    ("C8.pair", "deny", ("C8.pair",), {"relayed": True}),
    ("C9.unasked", "allow", ONE, {"intake": "nobody"}),
    ("C9.unasked", "deny", ("C9.unasked",), {"intake": "unanswered"}),
    ("C9.care", "allow", ONE, {"care": ("pregnancy",), **CARED}),
    ("C9.care", "deny", ("C9.care",), {"care": ("pregnancy",)}),
    ("C9.care", "deny", ("C9.care",), {"care": ("minor",), "clinician": True}),
    ("C9.care", "deny", ("C9.care",), {"care": ("seizures",), "protocol": "P-7"}),
    ("C9.trauma", "allow", ONE, {"tags": ("trauma",), **CARED}),
    ("C9.trauma", "deny", ("C9.trauma",), {"tags": ("trauma",), "clinician": True}),
    ("C10.drives", "allow", ONE, {"tags": ("tobacco",), **CARED}),
    ("C10.drives", "deny", ("C10.drives",), {"tags": ("alcohol",), "protocol": "P-7"}),
    ("C10.drives", "deny", ("C10.drives",), {"tags": ("gambling",)}),
    ("C10.drives", "deny", ("C10.drives",), {"tags": ("sex",)}),
    ("C10.drives", "deny", ("C10.drives",), {"tags": ("tobacco",), "clinician": True}),
    ("C17.month", "allow", ONE, {"grant_left_s": 2_592_000}),
    ("C17.month", "deny", ("C17.month",), {"grant_left_s": 0}),
    ("C17.month", "deny", ("C17.month",), {"grant_left_s": 2_592_001}),
    ("house.tags", "allow", ONE, {"tags": ("grief",)}),
    ("house.tags", "deny", ("house.tags",), {"tags": ("grief",), "tags_allowed": False}),
)  # fmt: skip
"""Policy, answer, by whom, and what is different. Every bound stands here from both of its sides."""
