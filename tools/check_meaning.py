"""Does a folder of all-MiniLM-L6-v2 do here what its authors say, how fast, and how often does it find what is not?

    python tools/check_meaning.py FOLDER [GROUPS]

Prints the similarities of three pairs of sentences beside those their authors publish, how long a report takes, and
of so many groups of eight synthetic dreamers who shared nothing (200, about two hours) how many T3 calls alike at .05.
"""

import sys
import time
from pathlib import Path

from dreamloom.adapters.sentence_model import SentenceModel, opened
from dreamloom.testing.dream_groups import Plan, group, registered, theme_of
from dreamloom.weave.chance.findings import findings_of

PAIRS = (
    ("The cat sits outside", "The dog plays in the garden", 0.2838),
    ("A man is playing guitar", "A woman watches TV", -0.0327),
    ("The new movie is awesome", "The new movie is so great", 0.8939),
)
ALPHA, FIRST = 0.05, 500_000
PLAIN, LONGEST, PLANTED = Plan(n=8), Plan(n=8, trap="longest"), Plan(n=12, share=0.67, theme="glacier")


def main() -> int:
    """0 where the similarities are those that were published."""
    folder, groups = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    model = opened(folder)
    worst = 0.0
    for one, other, published in PAIRS:
        first, second = model.meanings([one, other])
        worst = max(worst, abs(float(first @ second) - published))
        sys.stdout.write(f"{float(first @ second):.4f}, published {published:.4f}: {one} / {other}\n")
    told = [each.text for each in group(FIRST, Plan(n=30))]
    started_s = time.perf_counter()
    model.meanings(told)
    taken_s = time.perf_counter() - started_s
    sys.stdout.write(f"{1000 * taken_s / len(told):.0f} ms a report; {len(told)} reports {taken_s:.0f} s\n")
    for what, plan in (("shared nothing", PLAIN), ("the same, tonight's the longest", LONGEST), ("shared", PLANTED)):
        alike = sum(_is_alike(FIRST + seed, plan, model) for seed in range(groups))
        sys.stdout.write(f"{what}, {plan.n} dreamers: {alike} of {groups} groups called alike\n")
    return int(worst > 0.001)


def _is_alike(seed: int, plan: Plan, model: SentenceModel) -> bool:
    chosen = registered(plan.theme or theme_of(seed), tests=("T3",), primary="T3")
    found = findings_of(group(seed, plan), chosen, embed=model.meanings)
    return any(each.p <= ALPHA for each in found.tests)


if __name__ == "__main__":
    sys.exit(main())
