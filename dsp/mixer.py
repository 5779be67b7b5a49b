"""From notes to the master: voices into tracks, tracks through their strips, the effects, the limiter.

The tracks' sum goes through the distortion; what comes back from chorus, delay and reverb is added; the compressor
takes it all, and the limiter has the last word.
"""

from typing import Any

import numpy as np

from dsp.allocation import begin_note
from dsp.fx import chorus, compressor, delay, distortion, limiter, reverb
from dsp.fx.order import CHORUS_ROW, COMPRESSOR_ROW, DELAY_ROW, DISTORTION_ROW, MASTER_ROW, REVERB_ROW
from dsp.kernels import kernel
from dsp.sizes import QUANTUM, SENDS, TRACKS
from dsp.stems import CHORUS_STEM, DRY_STEM, begin_stems, keep_inserts, keep_stem
from dsp.strip import CHORUS_SEND, DELAY_SEND, REVERB_SEND, add, copy, drive_and_filter, fade_and_place, send
from dsp.strip import clear as clear_strip
from dsp.voices.ensemble import sound

_CHORUS, _DELAY, _REVERB = range(SENDS)
METER_FALL_DB_PER_S = 26.0
"""How fast a meter falls back, as a PPM does (IEC 60268-10)."""


@kernel
def mix(state: Any) -> None:
    """Make the next quantum in `state.master_bus`, (2, QUANTUM), overwritten, up to the limiter."""
    state.track_bus[:, :] = np.float32(0.0)
    at = np.int64(0)
    for i in range(state.notes_count):
        note = state.notes[i]
        if note.offset > at:
            sound(state, at, np.int64(note.offset))
            at = np.int64(note.offset)
        begin_note(state, note)
    sound(state, at, np.int64(QUANTUM))  # one type of frame number: each type is compiled anew
    state.dry_bus[:, :] = np.float32(0.0)
    state.send_bus[:, :, :] = np.float32(0.0)
    state.return_bus[:, :, :] = np.float32(0.0)
    stems, fall = begin_stems(state), meter_fall(state.rate)
    for t in range(TRACKS):
        _through_strip(state, t, fall)
        keep_stem(state, stems, t, state.strip_bus[t])
    copy(state.dry_bus, state.master_bus)
    rate = np.float32(state.rate)
    distortion.process(state.distortion, state.effects[DISTORTION_ROW], state.master_bus, rate)
    sent, returned = state.send_bus, state.return_bus
    chorus.process(state.chorus, state.effects[CHORUS_ROW], sent[_CHORUS], returned[_CHORUS], rate)
    delay.process(state.delay, state.effects[DELAY_ROW], sent[_DELAY], returned[_DELAY], state.transport.bpm, rate)
    reverb.process(state.reverb, state.effects[REVERB_ROW], sent[_REVERB], returned[_REVERB], rate)
    for row in range(len(returned)):
        add(returned[row], state.master_bus)
        keep_stem(state, stems, CHORUS_STEM + row, returned[row])
    compressor.process(
        state.compressor, state.effects[COMPRESSOR_ROW], state.master_bus, state.track_bus, state.strip_bus, rate
    )
    if stems != 0:
        keep_stem(state, stems, DRY_STEM, state.dry_bus)
        keep_inserts(state, stems)


@kernel
def limit(state: Any) -> None:
    """Bring the quantum in `state.master_bus` to its last level, under the limiter's ceiling. It is finite."""
    limiter.process(state.limiter, state.effects[MASTER_ROW], state.master_bus, np.float32(state.rate))


@kernel
def clear(state: Any) -> None:
    """Let strips, effects and limiter forget all sound."""
    for t in range(TRACKS):
        clear_strip(state.strip_memory[t])
    distortion.clear(state.distortion)
    chorus.clear(state.chorus)
    delay.clear(state.delay)
    reverb.clear(state.reverb)
    compressor.clear(state.compressor)
    limiter.clear(state.limiter)


@kernel
def _through_strip(state: Any, t: int, fall: Any) -> None:
    """Send one track through its strip into the mix and to the effects, and measure it.

    Its sound before the fader stays in `track_bus`, for the compressor to listen to; after it, in `strip_bus`.
    """
    strip, source, out = state.strips[t], state.track_bus[t], state.strip_bus[t]
    peak = np.float32(0.0)
    if drive_and_filter(state.strip_memory[t], strip, source, np.float32(state.rate)):
        peak = fade_and_place(strip, source, out)
        add(out, state.dry_bus)
        send(strip, CHORUS_SEND, out, state.send_bus[_CHORUS])
        send(strip, DELAY_SEND, out, state.send_bus[_DELAY])
        send(strip, REVERB_SEND, out, state.send_bus[_REVERB])
    else:
        out[:, :] = np.float32(0.0)
    state.meters.tracks[t] = max(peak, state.meters.tracks[t] * fall)


@kernel
def meter_fall(rate: float) -> Any:
    """The factor by which a meter falls back in a quantum."""
    return np.float32(10.0 ** (-METER_FALL_DB_PER_S / 20.0 * QUANTUM / rate))
