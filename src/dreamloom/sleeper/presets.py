"""Which kinds of people can be simulated? One row each: what differs from the middle of healthy adults."""

PRESETS: dict[str, dict[str, float]] = {
    "typical": {},
    "light": {
        "arousability": 1.6,
        "depth": 0.7,
        "slow_wave_gain": 0.85,
        "onset_latency_s": 1.6,
        "waking_db": 0.85,
    },
    "deep": {
        "arousability": 0.5,
        "depth": 1.3,
        "slow_wave_gain": 1.2,
        "onset_latency_s": 0.6,
        "waking_db": 1.15,
    },
    "lucid": {"rem_density": 1.25, "lucid_signals_per_h": 6.0, "lucidity": 0.15},
    "dreamer": {
        "rem_density": 1.4,
        "lucid_signals_per_h": 8.0,
        "lucidity": 0.3,
        "signal_spread": 0.6,
        "look_alikes_per_h": 12.0,
        "phasic_twitching": 0.8,
    },
    "restless": {"arousability": 2.6, "depth": 0.8, "muscle_gain": 1.3, "drift_uv": 1.5, "sleep_need_s": 0.95},
    "insomnia": {
        "arousability": 1.9,
        "depth": 0.75,
        "slow_wave_gain": 0.9,
        "onset_latency_s": 3.0,
        "sleep_need_s": 0.82,
        "outings_per_h": 0.3,
        "waking_db": 0.85,
        "heart_bpm": 1.08,
    },
    "nightmares": {
        "arousability": 1.4,
        "rem_density": 1.3,
        "nightmares_per_h": 1.5,
        "phasic_twitching": 0.8,
        "heart_bpm": 1.05,
    },
    "young": {"depth": 1.15, "slow_wave_gain": 1.15, "onset_latency_s": 0.9, "sleep_need_s": 1.03},
    "midlife": {
        "arousability": 1.25,
        "depth": 0.8,
        "slow_wave_gain": 0.85,
        "spindles_per_min": 0.85,
        "sleep_need_s": 0.96,
    },
    "older": {
        "arousability": 1.7,
        "depth": 0.5,
        "slow_wave_gain": 0.7,
        "spindles_per_min": 0.6,
        "sleep_need_s": 0.9,
        "hearing_db": 1.4,
        "waking_db": 0.95,
    },
    "grinder": {"grinding_per_h": 6.0, "arousability": 1.15, "muscle_gain": 1.2},
    "noisy": {"electrode_uv": 2.5, "drift_uv": 2.5, "line_uv": 6.0},
}
"""Factors on the population's middle; of what most people never do, the value itself. Adults only. The direction of
each row follows what was published, the figures are ours:

young, midlife, older: in adults sleep, its efficiency, N3 and REM fall with age, waking after sleep onset, N1 and N2
rise (Ohayon et al. 2004, Sleep 27:1255, 3,577 people).
insomnia: less continuous sleep, less N3 and REM (Baglioni et al. 2014, Sleep Med Rev 18:195, 582 patients).
grinder: more rhythmic chewing of the jaw in N1 and N2, normal sleep otherwise (AASM: three bursts or more).
nightmares: waking out of REM with a fast heart and breath. light, deep, restless, noisy, lucid, dreamer: for tests.
"""
