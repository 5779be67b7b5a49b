"""Documents to text and back: how a pattern, a project and a take lie in a file; each kind of file in one here.

The text is JSON, made to be read and compared: fields in a fixed order, one step or one parameter a line,
what a step leaves at its default left out. Editing one step changes one line. Fields that are not known
here are kept in `extra` and written after the known ones. What not every pattern has, such as a scale or
an LFO, is left out at its default; it stands before the tracks or the steps, so that it too comes as a
line of its own.

What is checked is what the documents rely on: types, and the ranges that have to do with structure (tracks,
steps, lengths, notes, beats a bar). Instruments and parameters that are not known, and levels out of range,
are kept as they are: what sounds, and how loud, is the engine's concern.

Runs on any thread.
"""

from store.codec.chains import decode_chain, encode_chain
from store.codec.factory import decode_factory
from store.codec.patterns import PATTERN, decode_pattern, encode_pattern
from store.codec.presets import decode_preset, encode_preset
from store.codec.projects import decode_project, encode_project
from store.codec.takes import decode_take, encode_take

__all__ = [
    "PATTERN",
    "decode_chain",
    "decode_factory",
    "decode_pattern",
    "decode_preset",
    "decode_project",
    "decode_take",
    "encode_chain",
    "encode_pattern",
    "encode_preset",
    "encode_project",
    "encode_take",
]
