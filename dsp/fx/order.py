"""Where each effect's settings lie among the rows of the state and of compiled patterns."""

DISTORTION_ROW, DELAY_ROW, REVERB_ROW, MASTER_ROW = range(4)
