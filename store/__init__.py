"""Disk: documents in, files out. Knows no sound and no screen."""
