"""The open hat: it rings until it has died away or a closed one is struck."""

from dsp.voices import hat

PARAMETERS = hat.parameters(0.6)

render = hat.render
