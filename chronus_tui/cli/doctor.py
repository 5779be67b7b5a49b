"""`chronus doctor`: looks at what Chronus needs of the machine and says, for each thing, how it is and what to do.

Every check is a function that gives findings and mends nothing. None raises for what it finds wrong: to
find that out is its task.
"""

import json
import locale
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict

import chronus_tui
from chronus_tui.engine.defaults import DEFAULT_OSC_HOST, DEFAULT_OSC_PORT
from chronus_tui.errors import ChronusError
from chronus_tui.launch import is_running

State = Literal["good", "notice", "fault"]
SCREEN_MIN = (60, 16)
FREE_MIN_BYTES = 1 << 30
"""An hour of a 24-bit stereo take at 48 kHz."""
ESCAPE_MS_MAX = 50
"""Past this, a key that begins with Escape (an arrow, Esc itself) is felt to come late."""

_PORTAUDIO = {
    "apt-get": "sudo apt-get install libportaudio2 libasound2-plugins",
    "dnf": "sudo dnf install portaudio alsa-plugins-pulseaudio",
    "pacman": "sudo pacman -S portaudio alsa-plugins",
    "zypper": "sudo zypper install libportaudio2 alsa-plugins-pulse",
    "brew": "brew install portaudio",
}


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. `advice` is what to do about it, empty where nothing needs doing."""

    topic: str
    state: State
    says: str
    advice: str = ""


def doctor(project: Path, as_json: bool) -> int:
    """Print all findings; returns 1 where one is a fault, else 0."""
    findings = [finding for check in _checks(project) for finding in check]
    failed = any(finding.state == "fault" for finding in findings)
    if as_json:
        print(json.dumps({"healthy": not failed, "findings": [asdict(finding) for finding in findings]}))
    else:
        print("\n".join(line for finding in findings for line in _lines(finding)))
    return int(failed)


def _checks(project: Path) -> Iterator[Iterator[Finding]]:
    yield versions()
    yield sound()
    yield folder(project)
    yield engine(project)
    yield terminal(os.environ, shutil.get_terminal_size(), locale.getencoding(), sys.stdout.isatty())
    yield lost_keys(os.environ, _tmux_escape_ms)
    yield kernel_cache()


def _lines(finding: Finding) -> list[str]:
    marks = {"good": "ok", "notice": "note", "fault": "FAULT"}
    first = f"{marks[finding.state]:6} {finding.topic:9} {finding.says}"
    return [first, f"{'':17}-> {finding.advice}"] if finding.advice else [first]


def versions() -> Iterator[Finding]:
    """Which Chronus, Python and system these are."""
    yield Finding(
        "version",
        "good",
        f"Chronus {chronus_tui.__version__}, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} processors.",
    )


def sound() -> Iterator[Finding]:
    """Whether there is PortAudio and a device to play on, and how late it plays."""
    try:
        import sounddevice
    except OSError:
        how = next((command for tool, command in _PORTAUDIO.items() if shutil.which(tool)), "install PortAudio")
        yield Finding("sound", "notice", "PortAudio is missing: the engine plays on its silent clock.", how)
        return
    try:
        devices = [dict(device) for device in sounddevice.query_devices()]
        hosts = [str(host["name"]) for host in sounddevice.query_hostapis()]
        default = int(sounddevice.default.device[1])
    except sounddevice.PortAudioError as error:
        yield Finding("sound", "fault", f"PortAudio does not start: {error}.", "restart the sound server")
        return
    outputs = [(number, device) for number, device in enumerate(devices) if device["max_output_channels"] >= 2]
    if not outputs:
        yield Finding(
            "sound",
            "notice",
            "No device to play on: the engine plays on its silent clock.",
            _no_device_advice(),
        )
    for number, device in outputs:
        yield Finding("sound", "good", _device_line(device, hosts, number == default))


def _device_line(device: Mapping[str, Any], hosts: list[str], is_default: bool) -> str:
    return (
        f"{'Default device' if is_default else 'Device'} {device['name']!r} ({hosts[device['hostapi']]}): "
        f"{device['max_output_channels']} channels, {device['default_samplerate']:g} Hz, latency from "
        f"{1000 * device['default_low_output_latency']:.1f} to {1000 * device['default_high_output_latency']:.1f} ms."
    )


def _no_device_advice() -> str:
    if sys.platform != "linux":
        return "connect a device and choose it in the system's sound settings"
    cards = Path("/dev/snd")
    if cards.is_dir() and not all(os.access(card, os.R_OK | os.W_OK) for card in cards.glob("pcm*")):
        return "sudo usermod -aG audio $USER, then log in again"
    if shutil.which("pulseaudio") or shutil.which("pipewire"):
        return "start the sound server (systemctl --user start pipewire-pulse, or pulseaudio --start)"
    return "connect a sound card, or install a sound server (PipeWire or PulseAudio)"


def folder(project: Path) -> Iterator[Finding]:
    """Whether the project's folder can be written, and how much room it has."""
    if not project.exists():
        yield Finding("project", "notice", f"{project} is not there yet.", "chronus makes it when it opens it")
        return
    for place in (project, project / "patterns", project / "recordings"):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            yield Finding("project", "fault", f"{place} cannot be written.", f"chmod -R u+rwX {place}")
    free = shutil.disk_usage(project).free
    if free < FREE_MIN_BYTES:
        yield Finding("project", "notice", f"{project} has {free >> 20} MB left.", "make room before a long take")
    else:
        yield Finding("project", "good", f"{project} has {free / (1 << 30):.1f} GB left.")


def engine(project: Path) -> Iterator[Finding]:
    """Whether an engine runs, and whether the usual OSC port is free for one."""
    if is_running(project):
        yield Finding("engine", "good", f"An engine plays {project}.")
        return
    yield Finding("engine", "good", f"No engine plays {project}; chronus starts one.")
    from chronus_tui.engine.osc import refuse_taken_port

    try:
        refuse_taken_port(DEFAULT_OSC_HOST, DEFAULT_OSC_PORT)
    except ChronusError as error:
        yield Finding("engine", "fault", str(error), "chronus --osc-port 0 takes any port that is free")


def terminal(environ: Mapping[str, str], size: os.terminal_size, encoding: str, is_terminal: bool) -> Iterator[Finding]:
    """Whether the screen can be drawn here: kind, size, colours, characters."""
    name = environ.get("TERM", "")
    where = "over SSH" if "SSH_CONNECTION" in environ else "here"
    if name in ("", "dumb"):
        yield Finding(
            "terminal", "fault", f"TERM is {name!r}: the screen cannot be drawn.", "TERM=xterm-256color chronus"
        )
    elif is_terminal:
        colours = _colours(environ)
        yield Finding("terminal", "good", f"{name} {where}, {size.columns}x{size.lines}, {colours}.")
    else:
        yield Finding("terminal", "notice", "Standard output is no terminal.", "run chronus doctor where you will play")
    if is_terminal and (size.columns < SCREEN_MIN[0] or size.lines < SCREEN_MIN[1]):
        least = "x".join(map(str, SCREEN_MIN))
        yield Finding(
            "terminal", "fault", f"The screen needs {least}.", "make the terminal larger or its letters smaller"
        )
    if encoding.lower().replace("-", "") != "utf8":
        yield Finding(
            "terminal", "notice", f"The locale writes {encoding}, not UTF-8.", "export LANG=C.UTF-8 (on the far side)"
        )


def _colours(environ: Mapping[str, str]) -> str:
    if "NO_COLOR" in environ:
        return "no colour, as NO_COLOR asks"
    if environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return "all colours"
    return "256 colours" if "256" in environ.get("TERM", "") else "16 colours"


def lost_keys(environ: Mapping[str, str], tmux_escape_ms: Callable[[], int | None]) -> Iterator[Finding]:
    """Which keys never reach Chronus here, because something in between keeps them."""
    if "TMUX" in environ:
        yield Finding("keys", "notice", "tmux keeps its prefix, Ctrl+B.", "press it twice to send it on")
        escape_ms = tmux_escape_ms()
        if escape_ms is not None and escape_ms > ESCAPE_MS_MAX:
            yield Finding(
                "keys",
                "notice",
                f"tmux waits {escape_ms} ms after Escape: Esc comes late.",
                "tmux set -s escape-time 10 (and the same, without tmux, in ~/.tmux.conf)",
            )
    elif "STY" in environ:
        yield Finding("keys", "notice", "GNU screen keeps Ctrl+A.", "press Ctrl+A a to send it on")
    if environ.get("TERM_PROGRAM") == "vscode":
        yield Finding(
            "keys",
            "notice",
            "The editor keeps Ctrl+P and Ctrl+Q for itself.",
            "set terminal.integrated.sendKeybindingsToShell, or play in a terminal of its own",
        )
    if "SSH_CONNECTION" in environ:
        yield Finding("keys", "notice", "ssh keeps ~ at the start of a line.", "ssh -e none sends it on")
    yield Finding("keys", "good", "Chronus needs no function key, no key held down, and none that a plain xterm lacks.")


def _tmux_escape_ms() -> int | None:
    try:
        asked = ["tmux", "show-options", "-sv", "escape-time"]
        return int(subprocess.run(asked, capture_output=True, timeout=2, check=True).stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def kernel_cache() -> Iterator[Finding]:
    """Where the compiled sound code is kept between starts, and whether it can be."""
    from chronus_tui.engine.kernel_cache import is_warm, use_kernel_cache

    place = use_kernel_cache()
    nearest = next(each for each in (place, *place.parents) if each.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        yield Finding(
            "cache",
            "fault",
            f"{place} cannot be written: every start compiles the sound code anew, which takes a minute.",
            "make it writable, or set NUMBA_CACHE_DIR to a folder that is",
        )
    elif is_warm(place):
        yield Finding("cache", "good", f"The compiled sound code is kept in {place}.")
    else:
        yield Finding("cache", "notice", f"The sound code is not compiled yet into {place}.", "the first start does it")
