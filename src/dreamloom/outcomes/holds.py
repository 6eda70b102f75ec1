"""Were there more nightmares than was agreed on? Counted over reported nights in a row; a night not told counts not."""

from collections.abc import Sequence
from datetime import date

from dreamloom.outcomes.courses import Hold


def first_over(told: Sequence[tuple[date, int]], hold: Hold) -> date | None:
    """The first morning on which the last reported nights came to more than was agreed; None while none did.

    Args:
        told: the nightmares of each reported night by its morning; mornings that were not told are not in it, so
            whoever keeps silent on bad mornings is not counted as free of nightmares.
        hold: how many in how many.
    """
    in_order = sorted(told)
    for last in range(len(in_order)):
        window = in_order[max(0, last - hold.nights + 1) : last + 1]
        if sum(count for _, count in window) > hold.nightmares:
            return in_order[last][0]
    return None
