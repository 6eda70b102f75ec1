"""Which number stands for what in a record? Parts count from 0; whatever else may cue has numbers below 0.

These numbers stand in events for ever, so none is ever given another meaning.
"""

BY_COMMAND = -1
"""Somebody else decided the moment."""
_RELAYS_FROM = -100
_DIALOGUES_FROM = -200
_AWAKENINGS_FROM = -300
_TRAININGS_FROM = -400
_ROOM = 100
_STEPS_FROM = -1000
_STEPS_OF_A_SCENE = 16


def relay_slot(index: int) -> int:
    """The number of the dreamscape's relay of this index."""
    return _RELAYS_FROM - index


def dialogue_slot(index: int) -> int:
    """The number of its dialogue, in the order of the file."""
    return _DIALOGUES_FROM - index


def awakening_slot(index: int) -> int:
    """The number of its awakening."""
    return _AWAKENINGS_FROM - index


def training_slot(index: int) -> int:
    """The number of its training."""
    return _TRAININGS_FROM - index


def step_slot(scene: int, step: int) -> int:
    """The number of the step of this index out of the scene of this one."""
    return _STEPS_FROM - scene * _STEPS_OF_A_SCENE - step


def is_step(slot: int) -> bool:
    """True for the number of a step between scenes."""
    return slot <= _STEPS_FROM


def is_relay(slot: int) -> bool:
    """True for the number of a relay."""
    return _RELAYS_FROM - _ROOM < slot <= _RELAYS_FROM


def is_awakening(slot: int) -> bool:
    """True for the number of an awakening."""
    return _AWAKENINGS_FROM - _ROOM < slot <= _AWAKENINGS_FROM


def is_dialogue(slot: int) -> bool:
    """True for the number of a dialogue."""
    return _DIALOGUES_FROM - _ROOM < slot <= _DIALOGUES_FROM


def index_in(slot: int) -> int:
    """Which one of its kind a number below BY_COMMAND stands for."""
    return -slot % _ROOM


def slot_name(slot: int) -> str:
    """What a person calls it: "part 1", "relay 1", "by hand"."""
    if slot >= 0:
        return f"part {slot + 1}"
    if slot == BY_COMMAND:
        return "by hand"
    if is_step(slot):
        return f"step {_STEPS_FROM - slot + 1}"
    kinds = {1: "relay", 2: "dialogue", 3: "awakening", 4: "training"}
    return f"{kinds[-slot // _ROOM]} {index_in(slot) + 1}"
