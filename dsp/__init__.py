"""Sound: arrays in, arrays out. Knows no files, sockets, clocks, documents or devices."""
