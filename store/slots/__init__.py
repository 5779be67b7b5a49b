"""The slots of a project, and how a change of them is on the disk at once."""
