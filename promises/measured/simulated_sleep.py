"""Does a stager of the field read simulated nights as nights? Plumbing; never evidence of accuracy on people."""

from promises.registry import Measured, promise

SEEDS = (1, 2)
LEAST_KAPPA = 0.80
LEAST_REM_F1 = 0.85


@promise("simulated sleep read by YASA", f"kappa >= {LEAST_KAPPA} and REM F1 >= {LEAST_REM_F1}, every night")
def simulated_sleep_is_read() -> Measured:
    """Nights of eight hours against their true stages."""
    from dreamloom.testing.sleeper_check import check

    nights = [check(seed) for seed in SEEDS]
    kappa, rem_f1 = min(night["kappa"] for night in nights), min(night["f1_R"] for night in nights)
    told = "; ".join(
        f"seed {seed}: kappa {n['kappa']}, REM F1 {n['f1_R']}" for seed, n in zip(SEEDS, nights, strict=True)
    )
    is_kept = kappa >= LEAST_KAPPA and rem_f1 >= LEAST_REM_F1
    return Measured(f"kappa {kappa:.2f}, REM F1 {rem_f1:.2f}", is_kept, f"The lowest of {len(nights)} nights. {told}.")
