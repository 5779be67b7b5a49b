"""Patterns as files of sound, faster than they play."""
