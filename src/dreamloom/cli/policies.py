"""The verbs `policy …`."""

from pathlib import Path

from dreamloom.adapters.cedar import policies_of
from dreamloom.adapters.cedar_check import complaints
from dreamloom.cli.output import end_with, give, say
from dreamloom.governance.policy.bundle import Bundle, canonical, read_bundle, sha256
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house import house_rules, layout
from dreamloom.house.house_rules import SAFE_BY
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import UsageError


def show(night: str, *, save: Path | None, house: Path | None, as_json: bool) -> None:
    """The rules of a night or of the house, every one with its reason."""
    bundle = _of_night(night) if night else house_rules.in_force(_house(house))
    if save is not None:
        _save(bundle, save)
    if as_json:
        give(_as_data(bundle))
        return
    say(f"{bundle.name}, version {bundle.version}\nSHA-256 {sha256(bundle)}\n")
    for each in policies_of(bundle.policies):
        say(f"{'allows if' if each.effect == 'permit' else 'forbids'}  {each.id}\n    {each.reason}")
    say(f"\n{len(bundle.examples)} examples come out as written.")


def check(file: Path, *, house: Path | None, as_json: bool) -> None:
    """Whether this house would adopt a bundle, and what stands against it."""
    bundle = read_bundle(read_text(file, what="a bundle of house rules").encode(), file=str(file))
    refusal = house_rules.refusal_of(bundle, _house(house), file=str(file))
    data = {**_as_data(bundle), "fit": refusal is None, "complaints": complaints(bundle)}
    if refusal is not None:
        for each in complaints(bundle):
            say(f"- {each}")
        end_with(refusal, data, as_json=as_json)
    if as_json:
        give(data)
    say(f"{file} may be the rules of this house: {len(policies_of(bundle.policies))} rules, version {bundle.version}.")


def adopt(file: Path, *, by: str, house: Path | None, as_json: bool) -> None:
    """Adopts a bundle by hand."""
    if SAFE_BY.fullmatch(by) is None:
        raise UsageError("DL-E161", f"{by!r} cannot stand in a record as a name.", do="Give 1 to 40 letters or digits.")
    word = house_rules.adopt(_house(house), file, by=by)
    say(f"Adopted: version {word.version}, SHA-256 {word.policy_sha256}. Nights that open from now on keep to it.")
    if as_json:
        give({"version": word.version, "sha256": word.policy_sha256, "by": word.by})


def _house(root: Path | None) -> House:
    return layout.default_house() if root is None else House(root)


def _of_night(name: str) -> Bundle:
    folder = layout.find_night(name)
    return house_rules.beside(folder) or house_rules.adopted(folder.house) or shipped()


def _save(bundle: Bundle, path: Path) -> None:
    if path.exists():
        raise UsageError("DL-E162", f"{path} is there already.", still="It was left as it is.", do="Name another file.")
    path.write_bytes(canonical(bundle))


def _as_data(bundle: Bundle) -> dict[str, object]:
    rules = [{"id": each.id, "effect": each.effect, "reason": each.reason} for each in policies_of(bundle.policies)]
    return {
        "name": bundle.name,
        "version": bundle.version,
        "sha256": sha256(bundle),
        "allowed_tags": list(bundle.allowed_tags),
        "policies": rules,
        "examples": len(bundle.examples),
    }
