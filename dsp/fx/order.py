"""Where each effect's settings lie among the rows of the state and of compiled patterns: in the order of the sound."""

DISTORTION_ROW, CHORUS_ROW, DELAY_ROW, REVERB_ROW, COMPRESSOR_ROW, MASTER_ROW = range(6)
EFFECTS = 6
