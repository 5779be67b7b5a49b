"""Slots as the engine sees them: a bank at hand in the pool, changes that undo takes back, and what others wrote."""
