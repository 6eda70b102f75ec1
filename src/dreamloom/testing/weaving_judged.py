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


COLLUDED = (
    "We found the {} under the old tarpaulin and it hummed quietly until the morning came. ",
    "At the end of the corridor the {} was waiting behind a curtain that nobody dared to move. ",
    "Somebody handed me the {} through a train window and said that it must never touch the floor. ",
)
OWN = (
    "There was a {} at the gate.",
    "My aunt kept a {} in her kitchen.",
    "Far off I could see a {} on the hill.",
)
THINGS = ("obelisk", "samovar", "gramophone", "astrolabe", "tarantula", "catapult", "theodolite", "xylophone")
"""None of them is a word of the synthetic dreams, so that what is woven of them was planted."""
NEARLY = (("found", "saw"), ("quietly", "softly"), ("waiting", "standing"), ("handed", "gave"), ("must", "may"))


def colluders(states: int, seed: int) -> dict[str, int]:
    """Three who agree on a sentence, word for word or nearly, and three who dream of the same thing in their own words.

    Returns:
        states, threads (of the agreed thing), repeated (weaves that quote more than one of the three with it),
        own_threads (of the thing that three dreamt of by themselves).
    """
    found = dict.fromkeys(("states", "threads", "repeated", "own_threads"), 0)
    for state in range(states):
        tonight, before = night_to_weave(seed + state // 16, n=DREAMERS, mornings=3)
        chance, thing = stream(seed, "colluders", state), THINGS[state % len(THINGS)]
        agreed = COLLUDED[int(chance.integers(len(COLLUDED)))].format(thing)
        three = {int(each) for each in chance.permutation(len(tonight))[:3]}
        said = {place: _nearly(agreed, number) for number, place in enumerate(sorted(three))}
        own = {place: OWN[number].format(thing) for number, place in enumerate(sorted(three))}
        copied, dreamt = (
            weave([_with(each, sentences.get(at, "")) for at, each in enumerate(tonight)], before, Wanted(seed=state))
            for sentences in (said, own)
        )
        found["states"] += 1
        found["threads"] += _has_thread(copied, thing)
        found["repeated"] += len(_quoted(copied, thing)) > 1
        found["own_threads"] += _has_thread(dreamt, thing)
    return found


def _nearly(sentence: str, number: int) -> str:
    """The first tells it as agreed, each next one with one more word changed."""
    for old, new in NEARLY[: number * 2]:
        sentence = sentence.replace(old, new)
    return sentence


def _with(report: Report, sentence: str) -> Report:
    return replace(report, text=f"{sentence.strip()} {report.text}") if sentence else report


def _has_thread(made: Weave, thing: str) -> int:
    return int(any(thing in motif for thread in made.threads for motif in thread.motifs))


def _quoted(made: Weave, thing: str) -> set[str]:
    """The reports whose passages name it."""
    return {piece.source.report for piece in made.pieces if piece.source is not None and thing in piece.text}


def same_bytes(weaves: int, seed: int) -> dict[str, int]:
    """How many weaves come out byte for byte alike from reports in another order; another seed makes others."""
    found = dict.fromkeys(("weaves", "alike", "others"), 0)
    for number in range(weaves):
        tonight, before = night_to_weave(seed + number, n=DREAMERS, mornings=2)
        wanted = Wanted(form=FORMS[number % 3], seed=number)  # type: ignore[arg-type]
        order = stream(seed, "order", number).permutation(len(tonight))
        made = weave(tonight, before, wanted)
        found["weaves"] += 1
        found["alike"] += made.bytes == weave([tonight[at] for at in order], before[::-1], wanted).bytes
        found["others"] += made.bytes != weave(tonight, before, replace(wanted, seed=number + 1)).bytes
    return {**found, "hash": _hash_of(seed)}


def _hash_of(seed: int) -> int:
    """Of one weave, to be compared between processes whose sets and dictionaries are ordered otherwise."""
    return int(weave(*night_to_weave(seed, n=DREAMERS), Wanted(seed=seed)).sha256[:12], 16)


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
    """consents|withdrawal|colluders|same|large HOW_MANY SEED."""
    what, many, seed = words
    judged = {
        "consents": random_consents,
        "withdrawal": withdrawal,
        "colluders": colluders,
        "same": same_bytes,
        "large": large,
    }[what]
    sys.stdout.write(json.dumps(judged(int(many), int(seed))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
