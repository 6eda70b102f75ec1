"""How does a weave stand many states of consent, a withdrawal, and a city's worth of reports?"""

import json
import sys
import time
from collections.abc import Sequence

from msgspec.structs import replace

from dreamloom.testing.dream_corpus import EVERYWHERE, corpus
from dreamloom.testing.dream_groups import night_to_weave
from dreamloom.vocabulary.chance import stream
from dreamloom.weave.narrative import FORMS, Wanted, Weave, rebuilt, uncited, weave
from dreamloom.weave.reports import Report, withdrawn

DREAMERS = 12


def random_consents(states: int, seed: int) -> dict[str, int]:
    """Weaves as many random states of consent, and counts whatever must not be.

    Returns:
        states, woven (more than a kind page), passages, uncited pieces, foreign (spans of reports that do not allow
        it), thin (threads of fewer than three dreamers).
    """
    tonight, before = night_to_weave(seed, n=DREAMERS, mornings=3)
    found = dict.fromkeys(("states", "woven", "passages", "uncited", "foreign", "thin"), 0)
    for state in range(states):
        chance = stream(seed, "consents", state)
        allowed = chance.random(len(tonight)) < chance.uniform(0.3, 1.0)
        told = [
            replace(each, scopes=EVERYWHERE if yes else frozenset({"statistics"}))
            for each, yes in zip(tonight, allowed.tolist(), strict=True)
        ]
        made = weave(told, before, Wanted(form=FORMS[state % 3], seed=state))  # type: ignore[arg-type]
        for name, many in _wrong(made, told).items():
            found[name] += many
        found["states"] += 1
        found["woven"] += made.form != "kind page"
    return found


def _wrong(made: Weave, told: Sequence[Report]) -> dict[str, int]:
    allowed = {each.sha256 for each in told if "weave" in each.scopes}
    owners = {each.sha256: each.dreamer for each in told}
    cited = [piece for piece in made.pieces if piece.source is not None]
    dreamers: dict[str, set[str]] = {each.id: set() for each in made.threads}
    for piece in cited:
        if piece.source is not None and piece.thread:
            dreamers[piece.thread].add(owners[piece.source.report])
    return {
        "passages": len(cited),
        "uncited": len(uncited(made, told)),
        "foreign": sum(piece.source is not None and piece.source.report not in allowed for piece in cited),
        "thin": sum(len(own) < 3 for own in dreamers.values()),
    }


def withdrawal(reports: int, seed: int) -> dict[str, float]:
    """How long so many reports take to be woven anew after one dreamer withdrew, and whether that is clean."""
    tonight, before = night_to_weave(seed, n=reports, mornings=1)
    old = weave(tonight, before, Wanted())
    cited = next(piece.source.report for piece in old.pieces if piece.source is not None)
    whose = next(each.dreamer for each in tonight if each.sha256 == cited)
    after = withdrawn(tonight, dreamer=whose)
    started_s, used_s = time.perf_counter(), time.process_time()
    new = rebuilt(old, after, before, Wanted()).weave
    left = sum(piece.source is not None and piece.source.report == cited for piece in new.pieces)
    return {
        "seconds": round(time.perf_counter() - started_s, 3),
        "cpu_s": round(time.process_time() - used_s, 3),
        "left": left,
        "uncited": len(uncited(new, after)),
    }


def large(reports: int, seed: int) -> dict[str, float]:
    """How long so many reports of one night take to be woven, twice to the same bytes."""
    told = corpus(seed, dreamers=reports, nights=1)
    started_s = time.perf_counter()
    made = weave(told, [], Wanted(seed=seed))
    seconds = time.perf_counter() - started_s
    again = weave(told[::-1], [], Wanted(seed=seed))
    return {
        "seconds": round(seconds, 2),
        "same": made.bytes == again.bytes,
        "threads": len(made.threads),
        "uncited": len(uncited(made, told)),
    }


def main(words: Sequence[str]) -> None:
    """consents|withdrawal|large HOW_MANY SEED."""
    what, many, seed = words
    judged = {"consents": random_consents, "withdrawal": withdrawal, "large": large}[what]
    sys.stdout.write(json.dumps(judged(int(many), int(seed))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
