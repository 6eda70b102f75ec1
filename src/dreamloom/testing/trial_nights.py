"""A small night of a trial, ready to be run: one bed, a dreamscape that cues early, a schedule whose draw is known."""

import hashlib
from itertools import count
from pathlib import Path

from dreamloom.house import opening
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.trial_asked import TrialWanted, design_of, seal_for_night
from dreamloom.trial.schedules import arm_of_night

IN_TRIAL = """
dreamscape: in_trial
version: 1
intent: Let a test hear a tone, or nothing in its place, within minutes.
tags: [therapy]
cues:
  bell: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 600 ms, because: ours}
  knock: {kind: sound, class: sleep, make: pink_burst, duration: 50 ms, because: ours}
parts:
  - for: each sleeper
    when: {stage: [N1, N2, N3, R], confidence: ">= 0.3", because: ours}
    play: bell
    every: 10 s
    budget: {per_hour: 300, per_night: 1000, because: ours}
  - for: each sleeper
    when: {stage: [N1, N2, N3, R], confidence: ">= 0.3", because: ours}
    play: knock
    every: 7 s
    budget: {per_hour: 300, per_night: 1000, because: ours}
arms:
  active: {cue: own}
  sham: {cue: silence}
trial: {assign: across nights, block: 2, blindness: "Did you hear anything?", because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
"""
PRACTISED = (
    IN_TRIAL.replace("[therapy]", "[therapy, training]")
    .replace(
        "parts:",
        "training:\n  - {for: each sleeper, cues: [bell, knock], practise: Look at your hands., every: 60 s, "
        "over: 5 min, because: ours}\nparts:",
        1,
    )
    .replace("  sham: {cue: silence}", "  sham: {cue: silence, trained: false}")
)
"""The same with a training, which the sham arm holds in silence."""
NAME = "first"
FIRST = TrialWanted(name=NAME)


def night_in_trial(  # noqa: PLR0913 - what a test may want of such a night, each by its name
    root: Path,
    *,
    name: str = "night",
    source: str = "sim:typical,start=2h,hours=0.045",
    text: str = IN_TRIAL,
    trial_night: int = 1,
    seed: int = 3,
    sleepers: tuple[str, ...] = ("S01",),
) -> NightFolder:
    """The three files of a night that asks for a trial of this house, sealed or not."""
    root.mkdir(parents=True, exist_ok=True)
    dreamscape = root / "in_trial.yaml"
    dreamscape.write_text(text, encoding="utf-8")
    pods = [PodAsked(id=f"p{n}", sleeper=sleeper, source=source) for n, sleeper in enumerate(sleepers, 1)]
    folder = write_night(House(root), name, pods, str(dreamscape), seed=seed)
    asked = folder.night_toml.read_text(encoding="utf-8")
    folder.night_toml.write_text(f'{asked}\n[trial]\nname = "{NAME}"\nnight = {trial_night}\n', encoding="utf-8")
    return folder


def seal_with_arm(folder: NightFolder, arm: str, wanted: TrialWanted = FIRST) -> bytes:
    """Seals the trial with a nonce under which S01's first night is in this arm."""
    nonce = nonce_for(folder, arm, wanted)
    seal_for_night(folder, wanted, entropy=lambda _: nonce)
    return nonce


def nonce_for(folder: NightFolder, arm: str, wanted: TrialWanted = FIRST) -> bytes:
    """A nonce that puts S01's first night into this arm, always the same; any, where arms change within it."""
    design = design_of(opening.read_asked(folder), wanted)
    nonces = (hashlib.sha256(b"%d" % n).digest() for n in count())
    return next(nonce for nonce in nonces if arm_of_night(design, nonce, sleeper="S01", night=1) in {arm, None})
