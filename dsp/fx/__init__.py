"""The effects: each a file with its memory's layout, its table of parameters and its kernel."""

from dsp.fx import chorus, compressor, delay, distortion, limiter, reverb
from dsp.fx.effect import Effect

__all__ = ["EFFECTS", "Effect"]

EFFECTS: tuple[Effect, ...] = (
    Effect("distortion", distortion.PARAMETERS, "Bends, folds or crushes the whole mix."),
    Effect("chorus", chorus.PARAMETERS, "Makes several of what the tracks send to it."),
    Effect("delay", delay.PARAMETERS, "Echoes in time with the beat, for what the tracks send to it."),
    Effect("reverb", reverb.PARAMETERS, "A room for what the tracks send to it."),
    Effect("compressor", compressor.PARAMETERS, "Turns down what is loud, or all that plays beside one track."),
    Effect("master", limiter.PARAMETERS, "The last gain, and a limiter that never lets a peak through."),
)
"""In the order of the rows of settings in the state and in compiled patterns."""
