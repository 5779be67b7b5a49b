"""An engine hears that it shall end, whenever that is said."""

import subprocess
import sys

import pytest

PATIENCE_S = 600.0
ROUNDS = 2000

SIGNALLED_AS_IT_BEGINS_TO_WAIT = """
import os, signal, threading
from chronus_tui.engine.ending import Ending

ending, asked = Ending(), threading.Semaphore(0)

def tell():
    while asked.acquire():
        os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=tell, daemon=True).start()
for _ in range({rounds}):
    asked.release()
    ending.wait()
"""

TOLD_BEFORE = """
from chronus_tui.engine.ending import Ending

ending = Ending()
ending.tell()
ending.wait()
"""


@pytest.mark.parametrize("story", [SIGNALLED_AS_IT_BEGINS_TO_WAIT.format(rounds=ROUNDS), TOLD_BEFORE])
def test_what_tells_to_end_is_heard_at_any_moment(story: str) -> None:
    subprocess.run([sys.executable, "-c", story], check=True, timeout=PATIENCE_S)
