"""Play, stop, tempo."""

from msgspec.structs import replace

from chronus_tui.engine.actions.registry import Results, action
from chronus_tui.engine.studio import Call, Studio

TAPS = 5
TAP_PAUSE_S = 2.0
"""After this long without a tap, the next one is the first."""
BPM_LOW, BPM_HIGH = 20.0, 300.0


@action("/transport/play")
def play(studio: Studio, call: Call) -> None:
    """Play from the first step."""
    studio.session.publish()
    studio.session.play(call.frame)


@action("/transport/stop")
def stop(studio: Studio, call: Call) -> None:
    """Stop, and leave the chain where one plays."""
    studio.chain.stop()
    studio.session.stop(call.frame)


@action("/transport/toggle")
def toggle(studio: Studio, call: Call) -> None:
    """Play where stopped, stop where playing."""
    if studio.session.playing:
        stop(studio, call)
    else:
        play(studio, call)


@action("/transport/bpm")
def set_bpm(studio: Studio, call: Call, bpm: float) -> None:
    """Set the tempo."""
    studio.edit(call, lambda pattern: replace(pattern, bpm=bpm), "bpm")


@action("/transport/swing")
def set_swing(studio: Studio, call: Call, swing: float) -> None:
    """Set the swing."""
    studio.edit(call, lambda pattern: replace(pattern, swing=swing), "swing")


@action("/transport/fill")
def fill(studio: Studio, call: Call, on: int) -> None:
    """Hold the fill, or let it go."""
    studio.session.fill(bool(on), call.frame)


@action("/transport/tap")
def tap(studio: Studio, call: Call) -> Results:
    """Set the tempo from the mean time between the last taps."""
    taps = studio.taps_s
    if taps and call.now_s - taps[-1] > TAP_PAUSE_S:
        taps.clear()
    taps.append(call.now_s)
    del taps[:-TAPS]
    if len(taps) < 2 or taps[-1] == taps[0]:
        return (float(studio.session.pattern.bpm),)
    bpm = round(60.0 * (len(taps) - 1) / (taps[-1] - taps[0]), 1)
    bpm = min(max(bpm, BPM_LOW), BPM_HIGH)
    set_bpm(studio, call, bpm)
    return (bpm,)
