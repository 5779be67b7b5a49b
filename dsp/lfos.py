"""LFOs: slow waves that move a parameter of an instrument, a strip or an effect up and down on its own scale."""

from dsp.parameters import Parameter

SHAPES = ("sine", "triangle", "saw", "square", "random", "smooth")

PARAMETERS = (
    Parameter("shape", 0.0, 0.0, 5.0, "", "The wave.", choices=SHAPES),
    Parameter("synced", 1.0, 0.0, 1.0, "", "Whether the beat counts, or the rate.", choices=("free", "synced")),
    Parameter("rate_hz", 1.0, 0.01, 50.0, "Hz", "Cycles a second, where it is free.", "log"),
    Parameter("beats", 4.0, 0.0625, 256.0, "beats", "How long a cycle is, where it is synced.", "log"),
    Parameter("depth", 0.0, -1.0, 1.0, "", "How far it moves its target, as a share of the target's range."),
    Parameter("phase", 0.0, 0.0, 1.0, "", "Where in its cycle it begins when play does."),
)
