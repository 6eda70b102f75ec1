"""What does a record lose when its writer is killed, two hundred times?"""

from dreamloom.testing import killed_writers
from promises.kept import scratch
from promises.registry import Measured, promise

KILLS = 200
SEED = 1


@promise(f"kill -9 {KILLS} times while a record is written", "0 acknowledged events lost, 0 proofs broken")
def nothing_is_lost() -> Measured:
    """Small writers, each killed at a random moment and followed by the next; a thousand: tools/kill_writers.py."""
    told = killed_writers.run(KILLS, SEED, scratch("writers"))
    return Measured(
        f"{told.lost} lost, {told.broken} broken",
        told.lost == told.broken == 0 and told.kills == KILLS and told.acknowledged > KILLS,
        f"{told.kills} kills, {told.acknowledged:,} events acknowledged, {told.unsaid} writers killed before a word. "
        f"After each kill every event is compared with what was written, the record verified, one event's inclusion "
        f"and the continuation of the tree before proved; every {killed_writers.KILLS_A_RECORD} kills the record is "
        f"written on.",
    )
