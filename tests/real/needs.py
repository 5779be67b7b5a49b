"""What a test takes from the system."""

import shutil
from pathlib import Path

import pytest


def need(*tools: str) -> None:
    """Skip the test where a tool of the system's is missing, and say which."""
    missing = [tool for tool in tools if not (shutil.which(tool) or Path("/usr/sbin", tool).exists())]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")
