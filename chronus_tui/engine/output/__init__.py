"""Who makes the sound be made: the device, the silent clock in its place, or a hand."""
