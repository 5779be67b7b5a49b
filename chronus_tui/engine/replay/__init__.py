"""A take is made again from its performance, and compared with what was made then.

`sounding` makes the sound, `made` brings it to the disk, `held` reads the take beside it and compares, `digested`
and `encoded` say whether both are the same where samples do not tell, and `proving` does all of that for whoever asks.
"""
