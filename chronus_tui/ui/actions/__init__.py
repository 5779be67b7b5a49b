"""What keys do, each file the actions of one place, as in `keymap`: pure functions of the model and the press.

Each takes the model and the press; it returns the command to be sent, or None where only the screen
changes. What cannot be done raises CommandRefused with a sentence, and nothing changes.
"""
