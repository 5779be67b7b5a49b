"""All of the sound that Python, or the device, calls while music plays. See `dsp.kernels`."""

from dsp.audition import fill_audition, open_audition, waiting_frames
from dsp.checkpoint import copy_echoes, copy_sounding
from dsp.clock import beat_of_frame
from dsp.device import device_callback, give_to_device, serve, take_from_device, times_asked
from dsp.journal import take_line
from dsp.kernels import Door
from dsp.loudness import measure
from dsp.messages import push_command, take_event
from dsp.render import render
from dsp.samples import first_other, pack_24
from dsp.standard_patch import render_patch
from dsp.struck import take_struck
from dsp.tap import arm_stems, copy_stem, copy_tap, stems_begin, tap_begin, tap_end
from dsp.voices.alone import play_alone

DOORS: tuple[Door, ...] = (
    render,
    serve,
    device_callback,
    give_to_device,
    take_from_device,
    times_asked,
    push_command,
    take_event,
    take_line,
    take_struck,
    copy_echoes,
    copy_sounding,
    tap_begin,
    tap_end,
    copy_tap,
    stems_begin,
    copy_stem,
    arm_stems,
    fill_audition,
    waiting_frames,
    open_audition,
    first_other,
    pack_24,
    measure,
    beat_of_frame,
    render_patch,
    play_alone,
)
