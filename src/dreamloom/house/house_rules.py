"""Which rules is a night of this house held under? The adopted bundle, else the shipped one; never an older one."""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from dreamloom.adapters.cedar import Timed
from dreamloom.adapters.cedar_check import complaints
from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.bedside import WasSlow
from dreamloom.governance.policy.bundle import Bundle, canonical, read_bundle, sha256
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.texts import read_text
from dreamloom.pod.loop import Pod
from dreamloom.record.events import PolicyAdopted
from dreamloom.vocabulary.errors import DreamloomError, RefusedError

SAFE_BY = re.compile(r"[\w. -]{1,40}")
"""How a name may be written in a record."""
SHIPPED = "shipped"
"""Who adopted the rules that come with the product: nobody had to."""
STILL = "Nothing was recorded or played; the rules that were in force still are."


class Seen(NamedTuple):
    """The newest rules this house has seen."""

    version: int
    policy_sha256: str


def in_force(house: House) -> Bundle:
    """The rules that a night which opens now is held under.

    Raises:
        ConfigError, RefusedError: when the adopted bundle is damaged, unfit for this version, or older than one that
            this house has seen; a house without its rules opens no night.
    """
    bundle = adopted(house)
    if bundle is None:
        bundle = shipped()
    else:
        refuse_unfit(bundle, file=str(house.policy))
    refuse_older(bundle, newest_seen(house))
    return bundle


def adopted(house: House) -> Bundle | None:
    """The bundle that this house adopted; None where it goes by the shipped one."""
    return read_bundle(house.policy.read_bytes(), file=str(house.policy)) if house.policy.is_file() else None


def beside(folder: NightFolder) -> Bundle | None:
    """The bundle that lies beside a night; None for one that did not open yet, or from before there were any."""
    return read_bundle(folder.policy.read_bytes(), file=str(folder.policy)) if folder.policy.is_file() else None


def lay_beside(folder: NightFolder, bundle: Bundle) -> None:
    """Puts the rules of a night beside it, on the disk before it opens: a replay and `verify` go by the same."""
    write_durably(folder.policy, canonical(bundle))


def adopted_word(bundle: Bundle, *, onset_s: float, by: str = "") -> PolicyAdopted:
    """What a record says of its rules."""
    own = sha256(bundle)
    by = by or (SHIPPED if own == sha256(shipped()) else "house")
    return PolicyAdopted(onset_s=onset_s, policy_sha256=own, version=bundle.version, by=by)


def with_a_watch(pod: Pod, *, live: bool) -> tuple[Pod, WasSlow]:
    """The bed and its watch: live, a cue over which the rules took too long is dropped; no other time is measured."""
    if not live:
        return pod, lambda: False
    timed = Timed(pod.plan.decide)
    return structs.replace(pod, plan=replace(pod.plan, decide=timed.decide)), timed.was_slow


def newest_seen(house: House) -> Seen:
    """The newest bundle of which the house's own record tells, or that the product brought."""
    seen = Seen(shipped().version, sha256(shipped()))
    if not house.record.is_file():
        return seen
    with read_only(house.record) as record:
        for event in record.events():
            if isinstance(event, PolicyAdopted) and event.version > seen.version:
                seen = Seen(event.version, event.policy_sha256)
    return seen


def refuse_older(bundle: Bundle, seen: Seen) -> None:
    """Returns when these rules are not older than the newest this house has seen; raises RefusedError otherwise."""
    if bundle.version < seen.version:
        raise RefusedError(
            "DL-E562",
            f"These rules are version {bundle.version}, and this house has seen version {seen.version}.",
            why="Rules that were taken back could come again that way.",
            still=STILL,
            do=f"Adopt version {seen.version} again, or a newer one: dreamloom policy adopt FILE --by NAME",
        )
    if bundle.version == seen.version and sha256(bundle) != seen.policy_sha256:
        raise RefusedError(
            "DL-E563",
            f"This house has seen other rules under version {bundle.version}.",
            why=f"Their SHA-256 is {seen.policy_sha256[:12]}…, of these it is {sha256(bundle)[:12]}….",
            still=STILL,
            do=f"Write a higher version into the file, such as {bundle.version + 1}.",
        )


def refuse_unfit(bundle: Bundle, *, file: str) -> None:
    """Returns when a house may go by these rules; raises RefusedError with the first complaint otherwise."""
    found = complaints(bundle)
    if found:
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        raise RefusedError(
            "DL-E561",
            f"{file} cannot be the rules of a house.",
            why=f"{found[0]}{more}",
            still=STILL,
            do=f"Mend it, then look again: dreamloom policy check {file}",
        )


def adopt(house: House, file: Path, *, by: str) -> PolicyAdopted:
    """Makes these the rules of every night of this house that opens from now on; told in the house's own record.

    Raises:
        ConfigError, RefusedError: when they are no rules, unfit or old; nothing changes then.
    """
    bundle = read_bundle(read_text(file, what="a bundle of house rules").encode(), file=str(file))
    refuse_unfit(bundle, file=str(file))
    refuse_older(bundle, newest_seen(house))
    word = adopted_word(bundle, onset_s=0.0, by=by)
    append_to_house(house, word)  # first: rules that only lie there could be taken away unnoticed
    write_durably(house.policy, canonical(bundle))
    return word


def refusal_of(bundle: Bundle, house: House, *, file: str) -> DreamloomError | None:
    """Why this house would not adopt these rules; None where it would."""
    try:
        refuse_unfit(bundle, file=file)
        refuse_older(bundle, newest_seen(house))
    except DreamloomError as error:
        return error
    return None
