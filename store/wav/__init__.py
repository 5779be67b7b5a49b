"""WAV files: written while they are recorded, and valid at every moment."""
