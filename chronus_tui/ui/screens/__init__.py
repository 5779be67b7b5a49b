"""The pages of the screen: the main one, and those that open over it."""
