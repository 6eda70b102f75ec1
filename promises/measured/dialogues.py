"""Are answers of dreamers read, and none that nobody gave? Simulated sleepers, which are plumbing."""

from dreamloom.testing.two_way_reading import WAYS, recall, windows
from promises.registry import Measured, promise

SLEEPERS = 4


@promise(
    f"answers of {SLEEPERS} simulated sleepers, asked again and again in one REM period each",
    "0 read otherwise than meant by face and by sniffs",
)
def answers_of_simulated_sleepers() -> Measured:
    """Every 27 s by a number, every 67 s by a letter; seven questions in ten are answered, some wrongly on purpose."""
    told = {
        (by, code): recall([w for n in range(1, SLEEPERS + 1) for w in windows(by, code, seed=n, sleeper=f"S{n:02d}")])
        for by, code in WAYS
    }
    said = "; ".join(
        f"{by}, {code}: {each.read} of {each.given} read, {each.false} otherwise in {each.windows} windows"
        for (by, code), each in told.items()
    )
    false = sum(each.false for (by, _), each in told.items() if by != "eyes")
    shares = ", ".join(f"{by} {code} {each.share:.2f}" for (by, code), each in told.items())
    return Measured(
        f"recall {shares}; {false} otherwise",
        false == 0,
        f"{said}. By the eyes, an agreed signal of their own in the time to answer counts as two left-rights.",
    )
