"""How an engine plays where a person does not say otherwise.

Light to import, because every call of the command line tells it.
"""

DEFAULT_RATE = 48_000
DEFAULT_BLOCK = 256
DEFAULT_OSC_HOST = "127.0.0.1"
DEFAULT_OSC_PORT = 5005
NO_DEVICE = "null"
"""The name of the device that is none: the engine then plays on its silent clock."""
