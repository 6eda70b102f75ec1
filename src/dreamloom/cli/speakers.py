"""Verbs that try the outputs while everybody is awake: doctor speakers, latency-check."""

from pathlib import Path

from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.cli.output import Progress, end_with, give, say, table
from dreamloom.house import speakers, trying_outputs
from dreamloom.house.layout import default_house, find_night
from dreamloom.house.night_file import read_night
from dreamloom.house.speakers import channels_in_words
from dreamloom.house.texts import read_text
from dreamloom.house.trying_outputs import Spoken
from dreamloom.vocabulary.errors import StreamError

MONITOR = ".monitor"
"""What PulseAudio and PipeWire call the input that hears an output."""


def doctor_speakers(night: str, *, as_json: bool) -> None:
    """The outputs of this machine; with a night, each bed's name on its own."""
    if night:
        _say_names(night, as_json=as_json)
    else:
        _list_outputs(as_json=as_json)


def latency_check(device: str, *, channel: int, ear: str, sounds: int, as_json: bool) -> None:
    """Measures one output over a loop and keeps the figure for every night that plays there."""
    house, found = default_house(), outputs.find(device)
    asked = DeviceAsked(found.id, found.backend, found.channels, (channel,), latency_s=0.0)
    if not 1 <= channel <= found.channels:
        raise _no_channel(found, channel)
    progress = Progress("Playing", float(sounds), quiet=as_json)
    heard = outputs.find(ear or found.id + MONITOR, "input")
    try:
        profile = trying_outputs.measure(asked, heard, sounds=sounds, told=lambda n: progress.at(float(n)))
    finally:
        progress.done()
    path = speakers.keep_profile(profile, house)
    say(
        f"{found.id} is heard {1000 * profile.latency_s:.1f} ms after it was given a frame "
        f"(standard deviation {1000 * profile.latency_sd_s:.1f} ms, {profile.sounds} of {sounds} sounds heard)."
    )
    say(f"Kept in {path}; nights on this output allow for it. What the input adds is in the figure.")
    if as_json:
        give({"profile": profile, "file": path})


def _list_outputs(*, as_json: bool) -> None:
    there = outputs.devices()
    house = default_house()
    profiles = {device.id: speakers.profile_of(device.id, house) for device in there}
    if as_json:
        give({"outputs": [{**_as_dict(device), "profile": profiles[device.id]} for device in there]})
    if not there:
        say("No sound system answers on this machine. Nights play silently: every cue goes to a file.")
        return
    rows = []
    for device in there:
        profile = profiles[device.id]
        delay = "not measured" if profile is None else f"{1000 * profile.latency_s:.1f} ms"
        rows.append((device.id, device.name, str(device.channels), delay))
    say(table(("output", "name", "channels", "delay"), rows))
    say('In night.toml: speaker = { device = "OUTPUT", channels = [1] }.')
    say("To hear who is where: dreamloom doctor speakers NIGHT")


def _as_dict(device: outputs.Device) -> dict[str, object]:
    return {"id": device.id, "name": device.name, "channels": device.channels, "backend": device.backend}


def _say_names(night: str, *, as_json: bool) -> None:
    folder = find_night(night)
    text = read_text(folder.night_toml, what="what was asked for tonight: the dreamscape and the pods")
    pods = read_night(text, file=str(folder.night_toml)).pod
    beds = speakers.outputs_of(pods, folder.house)
    for pod in pods:
        if pod.id not in beds:
            say(f"{pod.id}  silent: its cues go to a file")
    told: list[Spoken] = []
    for each in trying_outputs.say_names(beds):
        told.append(each)
        outcome = each.how if each.heard else f"{each.how}, and it was cut or not played"
        say(f"{each.pod}  {outcome} on {channels_in_words(each.channels)} of {each.device}")
    data = {"beds": told}
    if not all(each.heard for each in told):
        end_with(_unplayed(folder.root), data, as_json=as_json)
    if as_json:
        give(data)


def _unplayed(folder: Path) -> StreamError:
    return StreamError(
        "DL-E272",
        f"Not every output of {folder.name} played.",
        why="This machine could not keep up, or an output went away.",
        do="Close what else is running, look at the plugs, and try again.",
    )


def _no_channel(device: outputs.Device, channel: int) -> StreamError:
    return StreamError(
        "DL-E214", f"{device.id!r} has channels 1 to {device.channels}, not {channel}.", do="Choose one of them."
    )
