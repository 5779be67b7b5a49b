"""The screen as pure functions: what is known and how large the terminal is, to rows of styled cells."""
