"""From documents to the arrays that the sound reads."""
