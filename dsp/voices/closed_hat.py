"""The closed hat: short, and it silences the open one."""

from dsp.voices import hat

PARAMETERS = hat.parameters(0.09)

render = hat.render
