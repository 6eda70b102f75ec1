"""Which words between passages are ours? A fixed set; nothing else in a weave comes from anybody but a dreamer."""

JOINTS: dict[str, tuple[str, ...]] = {
    "collage opens": ("This was dreamt in one night.", "One night, in the words of those who dreamt it."),
    "collage closes": ("Then it was morning.", "And they woke."),
    "chorus opens": ("Many voices, one night.", "They told it one after another."),
    "chorus closes": ("Then all of them woke.", "Then it was light."),
    "timeline opens": ("From the first of it to the last.", "So the night went, as far as anybody recalls."),
    "timeline closes": ("There it ended.", "Then it was morning."),
    "another thread": ("Elsewhere in the same night:", "Something else went through the night:", "And besides:"),
    "another dreamer": ("Elsewhere, another dreamer:", "And another:", "Somebody else:", "In another bed:"),
    "refrain": ("They say:", "And again:", "All together:"),
    "arrival": ("At the beginning:", "Coming in:"),
    "movement": ("Then, further in:", "On the way:"),
    "peak": ("In the middle of it:", "At its height:"),
    "fading": ("Towards the end:", "As it faded:"),
    "named collage opens": ("What these dreamers want to show of their night, each under a name of their own.",),
    "named collage closes": ("Whatever is not here was theirs to keep.",),
    "nothing told": (
        "Nobody told a dream of this night, or nobody wanted it woven.",
        "That is a night like most. The next one will come by itself.",
    ),
    "little told": (
        "Few dreams were told of this night, too few to hide anybody among the others.",
        "Those who told one can choose sentences to show under a name of their own.",
    ),
    "no thread": (
        "No thread runs through this night that three dreamers share by more than their usual.",
        "The dreams stand each for themselves, and that is an honest night.",
    ),
}
EVERY = frozenset(text for each in JOINTS.values() for text in each)
