"""An electrode that fails in mid-night: sleep is staged from what is left, and from all of it when it is good again."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest

from dreamloom.pod import tracking
from dreamloom.record.events import StageScored
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.staging import electrodes, track
from dreamloom.staging.context import Context, remember
from dreamloom.staging.features import NAMES
from dreamloom.staging.population import population
from dreamloom.staging.track import Classify, StageEstimate, feature_names, smaller_kinds
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import FloatArray, NightTime

HZ = 100
BED = (
    Channel("EEG C4-M1", "EEG"),
    Channel("EOG E1-M2", "EOG"),
    Channel("EMG chin", "EMG"),
    Channel("EEG F3-M2", "EEG"),
)
EEG, EOG, EMG, SPARE = range(4)
KIND = "eeg+eog+emg"
NEVER = 10**6
DIES_S, MENDED_S = 100, 300


def of_kind(kind: str) -> Classify:
    """A classifier that takes the columns of this montage alone, and whose answer depends on every one of them."""

    def classify(features: FloatArray) -> FloatArray:
        assert features.shape[1] == len(feature_names(kind))
        loads = np.sin(np.arange(features.shape[1])[:, np.newaxis] + np.arange(5))
        scores = np.array([np.tanh(row) @ loads for row in features])
        return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

    return classify


def fresh(channels: tuple[Channel, ...] = BED) -> track.StagingState:
    smaller = {kind: of_kind(kind) for kind in smaller_kinds(KIND)}
    return track.start(channels, HZ, of_kind(KIND), smaller=smaller)


def night(
    count: int, wrong: Callable[[int, int], bool], *, lossy: Callable[[int], bool] = lambda _: False
) -> list[GridSecond]:
    """Noise of which the wrong (channel, second) are flat."""
    return [second_of(index, wrong, is_lossy=lossy(index)) for index in range(count)]


def second_of(index: int, wrong: Callable[[int, int], bool], *, is_lossy: bool) -> GridSecond:
    digital = np.round(200 * stream(4, "electrodes", index).normal(size=(HZ, len(BED)))).astype(np.int16)
    for place in range(len(BED)):
        if wrong(place, index):
            digital[:, place] = 0
    return GridSecond(index, digital, digital / 10.0, np.full(HZ, is_lossy), NightTime(index + 1.0))


def told(seconds: Iterable[GridSecond], state: track.StagingState | None = None) -> list[StageEstimate]:
    now, estimates = state or fresh(), list[StageEstimate]()
    for second in seconds:
        now, new = track.step(now, second)
        estimates += new
    return estimates


def dead(*places: int, from_s: int = DIES_S, until_s: int = NEVER) -> Callable[[int, int], bool]:
    return lambda place, index: place in places and from_s <= index < until_s


def scored_from(estimates: list[StageEstimate]) -> Iterator[tuple[float, str]]:
    """When the way of scoring changed, and to what; "" for UNSCORED."""
    before = None
    for each in estimates:
        now = "" if each.stage is Stage.UNSCORED else each.kind
        if now != before:
            yield each.window_end_s, now
        before = now


@pytest.mark.parametrize(("places", "left"), [((EOG,), "eeg+emg"), ((EMG,), "eeg+eog"), ((EOG, EMG), "eeg")])
def test_a_night_goes_on_with_the_trees_of_what_is_left_and_comes_back(places: tuple[int, ...], left: str) -> None:
    changes = [*scored_from(told(night(500, dead(*places, until_s=MENDED_S))))]
    assert changes == [
        (5.0, ""),
        (30.0, KIND),
        (110.0, ""),  # ten wrong seconds of thirty are too many
        (140.0, left),  # and for half a minute they have been
        (MENDED_S + 30 - 3 - 1 + 120 + 4.0, KIND),  # two minutes from where only three of thirty were wrong
    ]


def test_an_electrode_that_keeps_failing_stays_out() -> None:
    def loose(place: int, index: int) -> bool:
        return place == EOG and index >= DIES_S and index % 60 < 20

    assert [*scored_from(told(night(700, loose)))][-1][1] in {"eeg+emg", ""}
    kinds = [each.kind for each in told(night(700, lambda p, i: loose(p, i) or dead(EOG, until_s=200)(p, i)))]
    assert kinds[kinds.index("eeg+emg") :] == ["eeg+emg"] * (len(kinds) - kinds.index("eeg+emg"))


def test_another_eeg_stands_in_for_one_that_dies_with_a_context_of_its_own() -> None:
    state, estimates = fresh(), list[StageEstimate]()
    for second in night(200, dead(EEG)):
        state, new = track.step(state, second)
        estimates += new
    assert [*scored_from(estimates)][-1] == (140.0, KIND)
    assert state.eeg == SPARE
    assert [places for places, _ in state.contexts[0].groups] == [(EOG, EMG), (EEG,), (SPARE,)]


def test_arousals_are_watched_on_the_eeg_that_stages_are_read_from() -> None:
    believed = tracking.start(BED, HZ, classify=of_kind(KIND), method="all")
    for second in night(160, dead(EEG)):
        believed, _ = tracking.seen(believed, second, asleep=True)
    assert believed.arousals.eeg == SPARE
    assert len(believed.arousals.baseline) == 160 - 139


def test_with_every_eeg_dead_nothing_is_scored() -> None:
    assert [*scored_from(told(night(300, dead(EEG, SPARE))))][-1] == (110.0, "")


def test_without_smaller_trees_nothing_is_scored_on_a_dead_electrode() -> None:
    state = track.start(BED, HZ, of_kind(KIND))
    assert [*scored_from(told(night(300, dead(EMG)), state))][-1] == (110.0, "")


def test_lost_samples_are_no_electrodes_fault() -> None:
    estimates = told(night(300, dead(EOG, until_s=160), lossy=lambda index: DIES_S <= index < 160))
    assert {each.kind for each in estimates} == {KIND}


def test_the_record_says_which_trees_were_asked() -> None:
    smaller = {kind: (of_kind(kind), f"trees of {kind}") for kind in smaller_kinds(KIND)}
    believed, methods = (
        tracking.start(BED, HZ, classify=of_kind(KIND), method="all trees", smaller=smaller),
        list[str](),
    )
    for second in night(150, dead(EMG)):
        believed, facts = tracking.seen(believed, second, asleep=True)
        methods += [fact.method for fact in facts if isinstance(fact, StageScored)]
    assert [*dict.fromkeys(methods)] == ["all trees", "trees of eeg+eog"]


@pytest.mark.slow
@pytest.mark.slow
def test_beds_with_failing_electrodes_are_told_the_same_together_as_alone() -> None:
    nights = [night(460, dead(*places, until_s=MENDED_S)) for places in ((EOG,), (EEG,), (), (EMG, EOG), (EOG,))]
    begun = fresh()
    states, together = [begun] * len(nights), [list[StageEstimate]() for _ in nights]
    for seconds in zip(*nights, strict=True):
        stepped = track.step_many([*zip(states, seconds, strict=True)])
        states = [state for state, _ in stepped]
        for bed, (_, new) in enumerate(stepped):
            together[bed] += new
    assert together == [told(seconds, begun) for seconds in nights]


def test_what_comes_later_changes_nothing_of_what_was_told() -> None:
    whole, cut = told(night(460, dead(EOG, until_s=MENDED_S))), told(night(250, dead(EOG)))
    assert whole[: len(cut)] == cut


def test_a_context_taken_apart_goes_on_as_if_its_electrodes_had_always_been_apart() -> None:
    rng = stream(4, "apart")
    widths = [len(NAMES[kind]) for kind in ("eeg", "eog")]
    both, alone = Context.empty(sum(widths)), Context.empty(widths[1])
    for epoch in range(12):
        features = rng.normal(size=sum(widths))
        both, table = remember(both, features, epoch=epoch, at_large=population(["eeg", "eog"]))
        alone, own = remember(alone, features[widths[0] :], epoch=epoch, at_large=population(["eog"]))
        np.testing.assert_array_equal(table[:, widths[0] :], own)
    apart = both.of(range(widths[0], sum(widths)))
    np.testing.assert_array_equal(apart.ranked, alone.ranked)
    assert all(np.array_equal(one, other) for (_, one), (_, other) in zip(apart.recent, alone.recent, strict=True))


def test_one_wrong_second_now_and_then_leaves_an_electrode_in() -> None:
    state = electrodes.start(["eeg", "eog"])
    for index in range(600):
        state = electrodes.watched(state, [False, index % 5 == 0])
    assert not state.out
