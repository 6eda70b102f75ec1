"""Are a simulated sleeper's arousals noticed soon and seldom for nothing? Plumbing; never evidence about people."""

from promises.registry import Measured, promise

LEAST_RECALL = 0.80
MOST_FALSE_PER_H = 5.0
SOON_S = 3.0


@promise(
    "arousals of simulated sleepers",
    f"from one EEG {LEAST_RECALL:.0%} or more noticed, in the middle < {SOON_S:g} s after they began, "
    f"at most {MOST_FALSE_PER_H:g} an hour for nothing",
)
def simulated_arousals_are_noticed() -> Measured:
    """The pod's own rule, second by second, from one EEG and with a chin beside it."""
    from dreamloom.testing import simulated_arousals as measured

    nights = measured.nights()
    eeg, chin = (
        measured.judged(nights, [measured.live(one, channels) for one in nights])
        for channels in (measured.EEG_ALONE, measured.WITH_CHIN)
    )
    kept = eeg.recall >= LEAST_RECALL and eeg.false_per_h <= MOST_FALSE_PER_H and eeg.median_s < SOON_S
    return Measured(
        f"{eeg.recall:.0%}, {eeg.median_s:.1f} s, {eeg.false_per_h:.1f}/h",
        kept,
        f"Plumbing, no evidence: {eeg.asked} arousals of {len(nights)} simulated sleepers are alpha and beta by "
        f"construction. Nine in ten of those noticed within {eeg.late_s:.1f} s. With a chin: {chin.recall:.0%}, "
        f"{chin.median_s:.1f} s, {chin.false_per_h:.1f} an hour for nothing.",
    )
