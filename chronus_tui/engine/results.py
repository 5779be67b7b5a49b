"""What a command gives back, as it travels over OSC and the link."""

from typing import Any

Results = tuple[Any, ...]
