"""Recording: the sound is always in memory, and a take is what of it is brought to disk.

    tap ──► Listening ──► Memory ──► TakeWriter ──► TakeFile (store) ──► Encoder
            (recorder's thread)      (a thread each)                     (a thread)

The recorder's thread moves what was made from the tap, some ten seconds, into a memory of minutes. Each take under
way has a thread of its own, which reads there: so a slow disk is absorbed by minutes of memory, a take may begin in
the past, and any number of them at once cost the sound nothing. The sound does not know that any of it is there.

`recorder` carries out what is asked, `schedule` says when takes begin and end, `writers` makes and runs them, and a
`Chronicle` goes with each and tells what happened in it. `showing` tells how all of that is doing.
"""
