"""Takes on the disk: under way, repaired, made something else, told apart and put away."""
