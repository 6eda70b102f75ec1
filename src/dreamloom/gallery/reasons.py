"""Why was a cue withheld, in a few of a person's words? The short half of `words.REASONS`, for narrow views."""

from dreamloom.gallery.words import REASONS

IN_WORDS: dict[str, str] = {str(reason): words.short for reason, words in REASONS.items()}
"""One short phrase for each WithheldReason; shown wherever a person reads why."""
