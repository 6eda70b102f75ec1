"""May this house's language model be used? Asked the two hundred prompts; whatever did not pass them is not used."""

from collections.abc import Callable, Sequence

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guide import drift
from dreamloom.guide.awake import Awake, Lying
from dreamloom.guide.bounds import Bounds
from dreamloom.guide.drift import Checked, Chosen, Prompt
from dreamloom.guide.saying import Situation
from dreamloom.guide.wording import Wording
from dreamloom.house.guiding import Guide, Model
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House
from dreamloom.record.guide_events import GuideRanAway, ModelChecked, ModelChose


class Scratch:
    """A log for one prompt: nothing of it is kept."""

    def __init__(self) -> None:
        self.told: list[ModelChose] = []

    def chosen(self) -> tuple[Sequence[ModelChose], bool]:
        """Each prompt begins anew."""
        return (), False

    def tell(self, event: ModelChose | GuideRanAway) -> None:
        """Keeps what was chosen."""
        if isinstance(event, ModelChose):
            self.told.append(event)


def check(
    house: House,
    model: Model,
    *,
    name: str,
    words: Wording,
    prompts: Sequence[Prompt] = (),
    far: Callable[[int], None] = lambda _: None,
) -> Checked:
    """Asks them all, and writes down in the house's record what came of it.

    Nobody is asked or told anything: these are nobody's words, and no sleeper is there.
    """
    asked = prompts or drift.golden()
    chosen = []
    for number, prompt in enumerate(asked, 1):
        chosen.append(_after(prompt, model, name, words))
        far(number)
    found = drift.checked(chosen, asked)
    append_to_house(
        house,
        ModelChecked(
            onset_s=0.0,
            model=name,
            golden_sha256=drift.golden_sha256(),
            agreed=found.agreed,
            need=found.need,
            distance=found.distance,
            actions=found.actions,
            refused=found.refused,
            verdict="failed" if found.amiss else "passed",
        ),
    )
    return found


def has_passed(house: House, name: str) -> bool:
    """Whether the newest check of this model, by the prompts of today, was passed."""
    if not house.record.is_file():
        return False
    with read_only(house.record) as record:
        told = [event for event in record.of_type("ModelChecked") if isinstance(event, ModelChecked)]
    newest = [event for event in told if event.model == name and event.golden_sha256 == drift.golden_sha256()]
    return bool(newest) and newest[-1].verdict == "passed"


def in_use(house: House, name: str) -> tuple[dict[str, int], dict[str, int], float]:
    """Its actions and refusals in real talks, and how far its steps lie off ours there."""
    actions: dict[str, int] = {}
    refused: dict[str, int] = {}
    if house.record.is_file():
        with read_only(house.record) as record:
            for event in record.of_type("ModelChose"):
                if isinstance(event, ModelChose) and event.model == name:
                    counted, word = (actions, event.action) if event.action else (refused, event.refused)
                    counted[word] = counted.get(word, 0) + 1
    ours: dict[str, int] = {}
    for prompt in drift.golden():
        ours[prompt.wanted[0]] = ours.get(prompt.wanted[0], 0) + 1
    return actions, refused, drift.distance(actions, ours) if actions else 0.0


def _after(prompt: Prompt, model: Model, name: str, words: Wording) -> Chosen:
    log = Scratch()
    guide = Guide(
        sleeper="house",
        night="",
        words=words,
        see=lambda: Awake(Lying(pod="house"), 0.0),
        log=log,
        model=model,
        name=name,
        bounds=Bounds(),
    )
    guide.next(Situation(moment=prompt.moment, own=prompt.said))
    return Chosen(prompt.id, log.told[0].action, log.told[0].refused)
