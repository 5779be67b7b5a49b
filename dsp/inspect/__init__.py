"""Looking for faults in recorded sound: arrays in, faults out. Nothing here plays, reads or writes."""

from dsp.inspect.fault import Fault
from dsp.inspect.inspector import Inspection, Inspector

__all__ = ["Fault", "Inspection", "Inspector"]
