"""MIDI files: patterns out of them, and into them."""
