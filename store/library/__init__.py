"""The library of patterns: found, put away, tagged, thrown away and brought back."""
