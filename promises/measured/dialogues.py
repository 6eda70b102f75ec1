"""Are answers of dreamers read, and none that nobody gave? Simulated sleepers, which are plumbing."""

from dreamloom.testing.two_way_reading import WAYS, recall, windows
from promises.registry import Measured, promise

SEEDS = range(11, 15)
LEAST_SHARE = 0.5


@promise(
    f"answers of {len(SEEDS)} simulated sleepers, asked again and again in one REM period each",
    f"by each way at least {LEAST_SHARE:.0%} read, 0 read otherwise than meant or where none was given",
)
def answers_of_simulated_sleepers() -> Measured:
    """Every 27 s by a number, every 67 s by a letter; seven questions in ten are answered, some wrongly on purpose."""
    told = {
        (by, code): recall([each for seed in SEEDS for each in windows(by, code, seed=seed, sleeper=f"S{seed:02d}")])
        for by, code in WAYS
    }
    shares = ", ".join(f"{by} {code} {each.share:.2f}" for (by, code), each in told.items())
    false = sum(each.false for each in told.values())
    return Measured(
        f"recall {shares}; {false} false",
        false == 0 and all(each.share >= LEAST_SHARE for each in told.values()),
        ". ".join(f"{by}, {code}: {each}" for (by, code), each in told.items()),
    )
