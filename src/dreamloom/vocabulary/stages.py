"""Which stages of sleep are there? The AASM names, and UNSCORED where nobody can honestly say."""

from enum import StrEnum

from dreamloom.vocabulary.units import Seconds


class Stage(StrEnum):
    """A sleep stage by its AASM name; integers exist only inside adapters."""

    W = "W"
    N1 = "N1"
    N2 = "N2"
    N3 = "N3"
    R = "R"
    UNSCORED = "UNSCORED"


SCORED_STAGES = (Stage.W, Stage.N1, Stage.N2, Stage.N3, Stage.R)
"""The five stages a probability is given for, in this order everywhere."""
CALLED_S = Seconds(600.0)
"""So long a stage that a person called stands. Ours: as long as somebody who watches one bed looks at another."""
