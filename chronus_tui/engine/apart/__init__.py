"""Long work in a process of its own, which gives way to everything else: the engine that asks plays on undisturbed.

`questions` is what it may be asked, `asking` asks and hears what becomes of it, `worker` is the process.
"""
