"""A real sound server with a sink that leads nowhere, and what was played into it."""

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import soundfile
from needs import need
from real_engine import Engine, environment
from waiting import PATIENCE_S, wait_until

from store.codec import decode_take
from store.documents import Take

RATE = 48_000
FRAME_BYTES = 8
FULL_SCALE = 1 << 23
SINK = "chronus_test"

REAL_TIME = 10
"""What a desktop grants its sound threads. Whether another program takes the processors is not in question here."""

ROOMY = "1024"
"""Two such blocks are 43 ms: enough for a busy test machine, and a small part of the tenths of a second for which
each call of the hog holds the interpreter."""

NEEDLE = 64
"""So many frames of sound are no other ones."""

Frames = npt.NDArray[np.float32]


def put_first(process: int) -> None:
    """Let all threads of a process that runs go before others, where this user may do that. PulseAudio gives back what
    it is started with, and lets itself be ended where it has much to catch up with."""
    with contextlib.suppress(OSError):
        resource.prlimit(process, resource.RLIMIT_RTTIME, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for thread in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(REAL_TIME))


def await_device(engine: Engine) -> None:
    """Until the device plays. The silent clock does so for as long as it takes to open, and may again, later."""
    wait_until(lambda: not engine.osc.status()["silent"], what="the device to play")


def parec(latency_ms: int) -> list[str]:
    """The command that writes what the sink is given to standard output."""
    return [
        *("parec", f"--device={SINK}.monitor", "--format=float32le", f"--rate={RATE}", "--channels=2"),
        *("--raw", f"--latency-msec={latency_ms}"),
    ]


class Pulse:
    """PulseAudio of the test's own, with a null sink at 48 kHz that ALSA's default device plays into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        address = folder / "native"
        alsa = folder / "asound.conf"
        alsa.write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        self.env = environment(
            {
                "PULSE_SERVER": f"unix:{address}",
                "PULSE_RUNTIME_PATH": str(folder),
                "XDG_RUNTIME_DIR": str(folder),
                "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{alsa}",
            }
        )
        self._log = (folder / "pulse.log").open("wb")
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
                *("--realtime=no", "--high-priority=no", "--log-target=stderr"),
                "--disable-shm=yes",  # PulseAudio 16 may abort where blocks are passed by memfd (its issue 824)
                f"--load=module-native-protocol-unix socket={address} auth-anonymous=1",
                f"--load=module-null-sink sink_name={SINK} rate={RATE} format=float32le channels=2",
            ],
            env=self.env,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        wait_until(self._answers, what="PulseAudio to answer")
        put_first(self._server.pid)
        # A null sink that no one hears asks for sound two seconds at a time; one who listens closely makes it ask
        # for a little at a time, as a card does.
        self._listener = subprocess.Popen(parec(20), env=self.env, stdout=subprocess.DEVNULL)
        put_first(self._listener.pid)

    def _answers(self) -> bool:
        assert self._server.poll() is None, (self._folder / "pulse.log").read_text()
        asked = subprocess.run(["pactl", "list", "short", "sinks"], env=self.env, capture_output=True, check=False)
        return SINK.encode() in asked.stdout

    def close(self) -> None:
        """End it; once is enough, twice does no harm."""
        self._listener.terminate()
        self._listener.wait(PATIENCE_S)
        self._server.terminate()
        self._server.wait(PATIENCE_S)
        self._log.close()


class Capture:
    """parec on the sink's monitor: every frame that the sink was given, as 32-bit floats."""

    def __init__(self, env: Mapping[str, str], path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._parec = subprocess.Popen(parec(200), env=dict(env), stdout=self._file)
        put_first(self._parec.pid)

    def __enter__(self) -> Self:
        self.wait_for_more(0.2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parec.send_signal(signal.SIGINT)
        self._parec.wait(PATIENCE_S)
        self._file.close()

    def wait_for_more(self, seconds: float) -> None:
        """Until so much more has arrived."""
        least = self._path.stat().st_size + int(seconds * RATE) * FRAME_BYTES
        wait_until(lambda: self._path.stat().st_size >= least, what="parec to hear more")

    def frames(self) -> Frames:
        """(frames, 2) float32, all that arrived."""
        raw = self._path.read_bytes()
        return np.frombuffer(raw[: len(raw) // FRAME_BYTES * FRAME_BYTES], "<f4").reshape(-1, 2)


def offset_of(part: Frames, whole: Frames) -> int:
    """The frame of `whole` at which `part` fits best, by cross-correlation of the sums of their channels."""
    size = 1 << int(np.ceil(np.log2(len(whole) + len(part))))
    spectrum = np.fft.rfft(whole.sum(axis=1, dtype=np.float64), size)
    sought = np.fft.rfft(part.sum(axis=1, dtype=np.float64), size)
    return int(np.argmax(np.fft.irfft(spectrum * np.conj(sought), size)[: len(whole)]))


def gaps_in(heard: Frames, recorded: npt.NDArray[np.int32]) -> list[tuple[int, int]]:
    """Where the sink ran dry: before which frames of a take, and for how many frames it was given silence.

    heard     (frames, 2) float32, what the sink was given
    recorded  (frames, 2) int32, the take at 24 bits

    A busy machine may let the sound server run dry with no word to anyone; then it puts silence in, and leaves out what
    comes while that sounds, for it comes too late. Every other frame of the take must be there, in order, and between
    them nothing but such silence. Raises AssertionError where that is not so.
    """
    sound = heard.astype(np.float64) * FULL_SCALE
    place, frame, gaps = _start_of(heard, recorded), 0, []
    while True:
        count = min(len(sound) - place, len(recorded) - frame)
        worst = np.abs(sound[place : place + count] - recorded[frame : frame + count]).max(axis=1)
        wrong = np.flatnonzero(worst > 1.0)
        if not len(wrong):
            assert count == len(recorded) - frame, "the capture ends before the take does"
            return gaps
        place, frame = place + int(wrong[0]), frame + int(wrong[0])
        sounding = np.flatnonzero(sound[place:].any(axis=1))
        silent = int(sounding[0]) if len(sounding) else 0
        assert silent, f"frame {frame} of {len(recorded)} differs by {worst[wrong[0]]:.0f}, and no silence is before it"
        gaps.append((frame, silent))
        place += silent
        again = _places(sound[place : place + NEEDLE], recorded[frame : frame + silent + NEEDLE])
        frame += again[0] if again else 0


def _places(needle: npt.NDArray[Any], sound: npt.NDArray[Any]) -> list[int]:
    """Where some frames are found in others, to the last bit of 24."""
    near = np.flatnonzero(np.abs(sound[: len(sound) - len(needle) + 1] - needle[:1]).max(axis=1, initial=0.0) <= 1.0)
    return [int(at) for at in near if np.abs(sound[at : at + len(needle)] - needle).max() <= 1.0]


def short_of_turns(note: Take, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What was lost of a take, and of what was told meanwhile, a sentence for each; none where nothing was.

    The sound comes before all threads that take it away. Where those have no turn for ten seconds, it is ahead of them:
    that is counted, and shown as it is noted.

    before, after  statuses of before the take and of after it
    """
    assert note.dropped == after["recording"]["dropped"]
    lost = {"frames": note.dropped, "events": after["lost"] - before["lost"]}
    return [f"{count} {what} lost" for what, count in lost.items() if count]


def short_of_sound(take: Path, capture: Capture) -> list[str]:
    """How a take's device and its sink went short, a sentence for each; none where they did not.

    Where the device did not, every frame of the take must be in what the sink was given, in order, with nothing but
    silence between them. Where it did, which the take tells, ALSA begins anew and throws away what it held.
    """
    note = decode_take(take.with_suffix(".json").read_bytes(), str(take))
    if note.xruns:
        played = [event.name for event in note.events if event.what == "xrun" and event.name]
        return [f"{note.xruns} xruns", *(f"the {each} played" for each in played)]
    return [f"a gap of {length} frames before frame {frame}" for frame, length in gaps_heard(take, capture)]


def _start_of(heard: Frames, recorded: npt.NDArray[np.int32]) -> int:
    """Where the take begins in what was heard: where its first sound is found, and of several such places, as a song
    has that repeats itself, the one at which all of it is aligned best, or that is nearest before."""
    aligned = offset_of(recorded.astype(np.float32) / FULL_SCALE, heard)
    first = int(np.flatnonzero(recorded.any(axis=1))[0])
    opening = recorded[first : first + RATE // 200]
    starts = [place - first for place in _places(opening, heard.astype(np.float64) * FULL_SCALE) if place >= first]
    return max((start for start in starts if start <= aligned), default=min(starts, default=aligned))


def gaps_heard(take: Path, capture: Capture) -> list[tuple[int, int]]:
    """Where the sink ran dry, as `gaps_in` tells; every frame of the take is heard all the same, and in order."""
    recorded, rate = soundfile.read(take, dtype="int32", always_2d=True)
    assert rate == RATE
    recorded = recorded >> 8
    assert np.abs(recorded).max() > FULL_SCALE // 100, "the take is silent"
    return gaps_in(capture.frames(), recorded)


def sox_seconds(take: Path) -> float:
    """How long sox takes a take to be; it may not warn of anything."""
    need("sox")
    ran = subprocess.run(
        ["sox", "--info", "-D", str(take)], capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    read = subprocess.run(
        ["sox", str(take), "-n", "stat"], capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    assert "WARN" not in ran.stderr + read.stderr, ran.stderr + read.stderr
    return float(ran.stdout)
