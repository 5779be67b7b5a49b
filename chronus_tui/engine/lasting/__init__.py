"""What of an engine outlives it where it is killed, in files of `store.lasting`: the rings of the sound, and what was
told. The recorder's memories and traces lie beside that; `recording.left_takes` puts it together at the next start.
"""
