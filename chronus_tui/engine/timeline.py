"""Which frame is made when: the engine's clock against the world's.

A device asks for blocks in bursts, so that one look at the frame counter may be a block off. The line through
many looks is followed slowly instead, as a phase-locked loop does (F. Adriaensen, "Using a DLL to filter
time", 2005): bundles that are a second apart land a second apart.
"""

TIME_CONSTANT_S = 4.0
JUMP_S = 0.25
"""A deviation beyond this is no jitter: the device stalled, or the machine slept."""


class Timeline:
    """Frames against seconds of one clock, learned from regular looks. Used by one thread.

    rate  frames a second, as the device claims
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._seen: tuple[float, float] | None = None
        self._looks = 0

    def look(self, frame: int, now_s: float) -> None:
        """Learn that `frame` was the next to be made at `now_s`."""
        if self._seen is None:
            self._begin(frame, now_s)
            return
        then_s, then_frame = self._seen
        predicted = then_frame + (now_s - then_s) * self._rate
        error = frame - predicted
        if abs(error) > JUMP_S * self._rate:
            self._begin(frame, now_s)
            return
        self._looks += 1
        # A mean of all looks at first, so that it is near the truth at once.
        share = min(1.0, max((now_s - then_s) / TIME_CONSTANT_S, 1.0 / self._looks))
        self._seen = (now_s, predicted + share * error)

    def frame_at(self, when_s: float) -> int | None:
        """The frame that is made at `when_s`, or None before the first look."""
        if self._seen is None:
            return None
        then_s, then_frame = self._seen
        return round(then_frame + (when_s - then_s) * self._rate)

    def _begin(self, frame: int, now_s: float) -> None:
        self._seen = (now_s, float(frame))
        self._looks = 1
