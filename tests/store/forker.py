"""A process that forks: what it is told to call runs in a child of its own, which waits until it is let go.

So a run costs milliseconds where a new interpreter costs its imports. `tracing.py` starts it and speaks with it.
"""

import ctypes
import os
import pickle
import signal
import sys

MAY_BE_TRACED = 0x59616D61, ctypes.c_ulong(-1)
"""PR_SET_PTRACER, by anyone: systems that are strict about it let nobody attach who is no ancestor."""


def serve() -> None:
    """Run what standard input tells, until it ends: what to call, pickled, and a file for
    its complaints.
    Each child is told of twice: by its number when it waits for SIGCONT, by its exit code when it is over."""
    while True:
        try:
            run, complaints = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            with open(complaints, "w") as file:  # noqa: PTH123  # nothing but numbers of files is needed of it
                os.dup2(file.fileno(), sys.stderr.fileno())
            ctypes.CDLL(None).prctl(*MAY_BE_TRACED, 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
            run()
            return
        os.waitpid(child, os.WUNTRACED)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
