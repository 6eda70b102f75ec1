"""The verbs `weave` and `circle`: a night's story as it stands, who takes part in it, what its dreamers repaired."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dreamloom.cli.output import flush, give, hand_out, say
from dreamloom.guide.passages import Wording
from dreamloom.house import by_hand, circles, layout, machine_voice, machine_wordings, next_theme, weaving
from dreamloom.vocabulary.errors import UsageError
from dreamloom.weave.narrative import Weave


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a story is told: its form, the seed of its joints, only what is public or all of it."""

    form: str
    seed: int
    only_public: bool


def weave(night: str, *, told: Told, as_json: bool) -> None:
    """The story on stdout; what it is made of to whoever reads along."""
    if told.seed < 0:
        raise UsageError("DL-E763", f"A seed is 0 or more, and this is {told.seed}.", do="For example --seed 1")
    folder = layout.find_night(night)
    found = weaving.standing(folder, form=told.form, seed=told.seed)
    shown = found.public if told.only_public else found.weave
    worded = {} if told.only_public else machine_wordings.wordings(folder, found)
    if as_json:
        machine = [{"place": place, "by": each.contributor, "text": each.text} for place, each in worded.items()]
        ratified = {"sha256": shown.sha256, "ratified": sorted(found.ratified)}
        give({**msgspec.to_builtins(shown), **ratified, "machine": machine})
    else:
        hand_out(_with_machine(shown, worded).encode())
        flush()
    many = f"{found.weave.reports} report{'' if found.weave.reports == 1 else 's'}"
    say(f"\nWoven of {many} of {folder.name}, in the words of those who dreamt them.")
    for each in found.weave.threads:
        state = "ratified" if each.id in found.ratified else f"{found.waits_for[each.id]} have still to say"
        say(f"Thread {each.id}: {', '.join(each.motifs)}; {each.dreamers} dreamers, {state}.")
    if worded:
        say("What stands indented is a machine's wording; any of the dreamers takes it out on their page.")
    if not told.only_public:
        say("What is not ratified stays among those who slept. What may be shown: --public")


def let_in_machine(night: str, by: str) -> None:
    """Has the house's model word the passages, one by one, and says what came of it."""
    by_hand.refuse_name(by)
    joined = machine_voice.join(layout.find_night(night), by=by)
    amiss = ", ".join(f"{why} {many}" for why, many in sorted(joined.why_not.items()))
    say(f"{joined.contributor} stands beside {joined.worded} passages.{f' Not shown: {amiss}.' if amiss else ''}")
    if joined.stopped:
        say(f"It was stopped by its bound ({joined.stopped}); the other passages stand as they were told.")


def give_theme(night: str, thread: str, path: Path | None, *, as_json: bool) -> None:
    """A draft of a next night's dreamscape, signed by those who dreamt its theme."""
    written = next_theme.draft(layout.find_night(night), thread, path or Path("next_night.yaml"))
    say(f"Wrote {written.path}: a draft whose theme is {', '.join(written.words)}, signed by {written.signed}.")
    say(f"Look at it, and change what you like: dreamloom write {written.path}")
    if as_json:
        give({"file": str(written.path), "words": written.words, "signed": written.signed})


def _with_machine(shown: Weave, worded: Mapping[str, Wording]) -> str:
    lines = []
    for piece in shown.pieces:
        lines.append(f"{piece.by}: {piece.text}" if piece.by else piece.text)
        if (each := worded.get(circles.key(piece))) is not None:
            lines.append(f"    [{each.contributor}] {each.text}")
    return "\n".join(lines)


def circle(night: str, *, as_json: bool) -> None:
    """What was said, in order, and how many seams are open."""
    folder = layout.find_night(night)
    found, said = weaving.standing(folder), circles.said(folder)
    seams = circles.seams(found, said)
    before = circles.fragmentation(circles.seams(found, ()))
    if as_json:
        told = [{"entry": one.entry, "manner": one.manner, "after": one.after, "text": one.text} for one in said]
        now = circles.fragmentation(seams)
        give({"night": folder.name, "said": told, "seams": len(seams), "open_before": before, "open_now": now})
    else:
        for each in said:
            hand_out(f"{'  ' if each.manner == 'answer' else ''}{each.text}".encode())
        flush()
    if not said:
        say("Nobody has said anything in this circle yet. It is on the page of the night's story at every bed.")
    if not seams:
        return
    say(
        f"Of {len(seams)} seams {100 * before:.0f} % were open, and {100 * circles.fragmentation(seams):.0f} % are now."
    )
