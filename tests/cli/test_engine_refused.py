"""An engine that cannot start leaves nothing behind."""

import socket
import subprocess
import sys
from pathlib import Path


def test_an_engine_whose_port_is_taken_says_so_and_makes_no_project(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "chronus_tui", "engine", str(tmp_path / "new"), "--device", "null"]
        ran = subprocess.run([*command, "--osc-port", port], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode != 0
    assert port in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []
