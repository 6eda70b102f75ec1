"""Why was a cue withheld, in a person's words?"""

IN_WORDS: dict[str, str] = {
    "BEFORE_LIGHTS_OFF": "the lights were still on",
    "STAGE": "another stage",
    "CONFIDENCE": "not sure enough",
    "STABILITY": "not settled yet",
    "UNSCORED": "signal too poor to say",
    "STALE": "samples late or lost",
    "AROUSAL": "left in peace after stirring",
    "CONSENT": "no consent for it",
    "REVOKED": "withdrawn",
    "HALTED": "held by the house",
    "LEASE": "no lease from the house",
    "BUDGET": "enough for now",
    "LEVEL": "would be too loud",
    "STOPPED": "stopped for tonight",
    "NOT_REARMED": "silent until armed again",
    "OUTSIDE_WINDOW": "not the time for it",
    "EXPIRED": "too late to begin",
}
"""One short phrase for each WithheldReason; shown wherever a person reads why."""
