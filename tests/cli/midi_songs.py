"""A MIDI file of another program."""

import io

import mido


def song_of_bars(bars: int) -> bytes:
    """A note on every sixteenth."""
    notes = mido.MidiTrack()
    for step in range(16 * bars):
        notes.append(mido.Message("note_on", note=60 + step % 12))
        notes.append(mido.Message("note_off", note=60 + step % 12, time=120))
    out = io.BytesIO()
    mido.MidiFile(ticks_per_beat=480, tracks=[notes]).save(file=out)
    return out.getvalue()
