"""The standard patch against scsynth, each as a whole process: start, render, write the file, in turn.

python tests/bench/against_scsynth.py [--voices 8,32,128] [--seconds 600] [--runs 3]

Needs scsynth (Debian: supercollider-server), and supriya (PyPI) in the environment that runs this. Prints one JSON
object: times real time of both, by wall clock and by the processor's time, and how many times as fast Chronus is.
"""

import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from supriya import Envelope, SynthDefBuilder
from supriya.contexts.nonrealtime import Score
from supriya.ugens import RLPF, CombN, EnvGen, FreeVerb, In, Out, Saw

RATE = 48_000
LOWEST_HZ, HIGHEST_HZ = 50.0, 2000.0
BUS = 16


def score_of(voices: int, seconds: float) -> bytes:
    """The commands of scsynth for the patch: as `dsp/standard_patch.py` has it, of scsynth's own parts."""
    with SynthDefBuilder(freq=440, amp=0.1) as builder:
        envelope = EnvGen.kr(envelope=Envelope.adsr(0.01, 0.1, 0.7, 0.1), gate=1)
        saw = Saw.ar(frequency=builder["freq"]) * builder["amp"] * envelope
        Out.ar(bus=BUS, source=RLPF.ar(source=saw, frequency=900, reciprocal_of_q=0.5))
    voice = builder.build(name="voice")
    with SynthDefBuilder() as builder:
        dry = (In.ar(bus=BUS, channel_count=1) * 2).tanh()
        echo = CombN.ar(source=dry, maximum_delay_time=0.25, delay_time=0.25, decay_time=1.0)
        mix = dry + echo * 0.3 + FreeVerb.ar(source=dry, mix=1.0, room_size=0.8) * 0.2
        Out.ar(bus=0, source=[mix, mix])
    effects = builder.build(name="effects")
    score = Score(output_bus_channel_count=2)
    with score.at(0):
        with score.add_synthdefs(voice, effects):
            pass
        for number in range(voices):
            hz = LOWEST_HZ + (HIGHEST_HZ - LOWEST_HZ) * number / max(1, voices - 1)
            score.add_synth(voice, freq=hz, amp=1.0 / voices)
        score.add_synth(effects, add_action="ADD_TO_TAIL")
    with score.at(seconds):
        score.do_nothing()
    grams = [bundle.to_datagram(realtime=False) for bundle in score.iterate_osc_bundles()]
    return b"".join(struct.pack(">i", len(gram)) + gram for gram in grams)


def seconds_of(command: list[str]) -> tuple[float, float]:
    """How long a process took: by the wall clock, and by the processor's time."""
    before, began = os.times(), os.times().elapsed
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return after.elapsed - began, used


def compare(voices: int, seconds: float, runs: int) -> dict[str, Any]:
    """Times real time by both clocks, the medians of some runs in turn; the first turn warms caches."""
    with tempfile.TemporaryDirectory() as folder:
        score = Path(folder) / "score.osc"
        score.write_bytes(score_of(voices, seconds))
        commands = {
            "scsynth": f"scsynth -N {score} _ {folder}/scsynth.wav {RATE} WAV float -o 2 -z 64 -m 262144".split(),
            "chronus": [
                *(sys.executable, "-m", "chronus_tui", "bench"),
                *("--voices", str(voices), "--seconds", str(seconds), "-o", f"{folder}/chronus.wav"),
            ],
        }
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(1 + runs):
            for name, command in commands.items():
                took[name].append(seconds_of(command))
    figures: dict[str, Any] = {"voices": voices}
    for clock, place in (("wall", 0), ("processor", 1)):
        speed = {name: seconds / statistics.median(each[place] for each in times[1:]) for name, times in took.items()}
        figures[clock] = {name: round(value, 1) for name, value in speed.items()}
        figures[clock]["ratio"] = round(speed["chronus"] / speed["scsynth"], 2)
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", default="8,32,128")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    patch = [compare(int(voices), arguments.seconds, arguments.runs) for voices in arguments.voices.split(",")]
    print(json.dumps({"seconds": arguments.seconds, "patch": patch}))


if __name__ == "__main__":
    main()
