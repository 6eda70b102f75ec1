"""Does the demo show what it says: real cues, a withdrawal, a stream lost and found, and a record that verifies?"""

from pathlib import Path

from promises.cli_runs import run_cli
from promises.kept import Load, exported, of_type, scratch
from promises.registry import Measured, promise

BOUND_S = 180.0
LEAST_PODS = 3


@promise(
    "dreamloom demo",
    f"ends within {BOUND_S:g} s, verified, cues on {LEAST_PODS} or more pods, a signal of S03 heard by S05",
)
def demo_holds() -> Measured:
    """The command as a newcomer types it, and its record afterwards."""
    load = Load()
    house = scratch("demo")
    ran = run_cli("demo", "--house", str(house), timeout_s=900.0)
    told = ran["data"] or {}
    lines = exported(house / "nights" / told["night"])
    pods = {event["pod"] for event in of_type(lines, "CuePlayed")}
    withdrawn = of_type(lines, "ConsentWithdrawn")
    lost, found = ({e["pod"] for e in of_type(lines, name)} for name in ("StreamLost", "StreamFound"))
    closed = of_type(lines, "NightClosed")
    offers = {event["id"]: event for event in of_type(lines, "RelayOffered")}
    relayed = [event for event in of_type(lines, "CueDue") if event["cause"] in offers]
    has_relay = any((offers[event["cause"]]["sender"], event["pod"]) == ("p3", "p5") for event in relayed)
    has_all = has_relay and bool(withdrawn) and bool(lost & found) and Path(told["report"]).is_file()
    is_closed = [event["status"] for event in closed] == ["complete"]
    return Measured(
        f"{ran['wall_s']:.0f} s, cues on {len(pods)} pods, {len(relayed)} relayed",
        ran["wall_s"] <= BOUND_S and told["verified"] is True and has_all and is_closed and len(pods) >= LEAST_PODS,
        f"{told['cues_played']} cues played on {', '.join(sorted(pods)) or 'no pod'}, "
        f"{told['cues_withheld']} withheld; "
        f"withdrew: {', '.join(event['pod'] for event in withdrawn) or 'nobody'}; lost and found: "
        f"{', '.join(sorted(lost & found)) or 'nothing'}; verified: {told['verified']}; "
        f"{told['speed_x']:g} x real time; "
        f"{ran['cpu_s']:.0f} s of processor time, {ran['peak_rss_mb']:.0f} MB at its peak; {load}.",
    )
