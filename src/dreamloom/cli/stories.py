"""The verbs `weave` and `circle`: a night's story as it stands, and what its dreamers repaired."""

import msgspec

from dreamloom.cli.output import flush, give, hand_out, say
from dreamloom.house import circles, layout, weaving
from dreamloom.vocabulary.errors import UsageError


def weave(night: str, *, form: str, seed: int, only_public: bool, as_json: bool) -> None:
    """The story on stdout; what it is made of to whoever reads along."""
    if seed < 0:
        raise UsageError("DL-E763", f"A seed is 0 or more, and this is {seed}.", do="For example --seed 1")
    folder = layout.find_night(night)
    found = weaving.standing(folder, form=form, seed=seed)
    told = found.public if only_public else found.weave
    if as_json:
        give({**msgspec.to_builtins(told), "sha256": told.sha256, "ratified": sorted(found.ratified)})
    else:
        hand_out(told.text.encode())
        flush()
    say(f"\nWoven of {found.weave.reports} reports of {folder.name}, in the words of those who dreamt them.")
    for each in found.weave.threads:
        state = "ratified" if each.id in found.ratified else f"{found.waits_for[each.id]} have still to say"
        say(f"Thread {each.id}: {', '.join(each.motifs)}; {each.dreamers} dreamers, {state}.")
    if not only_public:
        say("What is not ratified stays among those who slept. What may be shown: --public")


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
    say(
        f"Of {len(seams)} seams {100 * before:.0f} % were open, and {100 * circles.fragmentation(seams):.0f} % are now."
    )
