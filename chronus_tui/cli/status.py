"""`chronus status`: a client of the link that asks one thing and leaves."""

import json
from pathlib import Path
from typing import Any

from chronus_tui.errors import ChronusError
from chronus_tui.link import LinkClient

IN_HOURS_S = 2 * 3600
"""Room for less is told in minutes."""

_WAITS = {"bar": "waits for the bar", "level": "waits for a sound"}


def status(project: Path, as_json: bool) -> int:
    """Print what the engine of `project` does now. Raises EngineUnreachable where none runs."""
    client = LinkClient(project)
    try:
        reply = client.request("/engine/status")
    finally:
        client.close()
    if not reply.done:
        raise ChronusError(reply.failure)
    text = str(reply.results[0])
    print(text if as_json else "\n".join(_lines(json.loads(text))))
    return 0


def _lines(now: dict[str, Any]) -> list[str]:
    slot = "none" if now["slot"] is None else _slot(now, now["slot"], "slot_bank")
    lines = [
        f"project    {now['project']}",
        f"transport  {'playing' if now['playing'] else 'stopped'}, {now['bpm']:g} bpm, swing {now['swing']:g}, "
        f"bar {now['bar']} beat {now['beat']} step {now['step']}",
        f"pattern    {now.get('pattern', '')}{' (edited)' if now['edited'] else ''}, slot {slot}, bank {now['bank']}"
        + (
            ""
            if now["queued"] is None
            else f", slot {_slot(now, now['queued'], 'queued_bank')} waits for the {now['queued_when'] or 'bar'}"
        ),
        f"device     {now['device']}, {now['rate']} Hz, blocks of {now['block']}",
        f"load       {100 * now['load']:.1f} %, {now['xruns']} xruns",
        f"recording  {_recording(now['recording'])}",
        f"clients    {now['clients']}; OSC on {now['osc']['host']} port {now['osc']['port']}",
    ]
    unplayed = now.get("unplayed", [])
    problems = [*([now["problem"]] if now.get("problem") and now["problem"] not in unplayed else []), *unplayed]
    return [*lines, *(f"problem    {problem}" for problem in problems)]


def _recording(take: dict[str, Any]) -> str:
    """What the recorder does, what takes become, what was lost, and for how long the disk lasts."""
    *others, last = take["taps"]
    form = f"{take['format']} of {', '.join(others)}{' and ' if others else ''}{last}"
    left_s = take["disk_left_s"]
    if left_s is None:
        left = "room on the disk not known yet"
    else:
        left = f"{left_s / 3600:.1f} hours left" if left_s >= IN_HOURS_S else f"{left_s / 60:.0f} minutes left"
    if not take["active"]:
        doing = _WAITS.get(take["waiting"], "no")
        encoding = f"; encodes {take['encoding']}, {take['encoded']:.0%}" if take["encoding"] else ""
        return f"{doing}; {form}, {left}{encoding}"
    lost = f"{take['dropped']} frames dropped" + (f", {take['clipped']} samples cut off" if take["clipped"] else "")
    ends = "; ends on a bar" if take["waiting"] == "end" else ""
    size = f"{take['size_bytes'] / 1e6:.1f} MB"
    return f"{take['path']}, {take['seconds']:.1f} s, {size}, {form}, {lost}, {left}{ends}"


def _slot(now: dict[str, Any], slot: int, bank: str) -> str:
    """A slot, with its bank where that is not the one at hand."""
    return f"{slot:03d}" if now.get(bank, now["bank"]) == now["bank"] else f"{now[bank]}/{slot:03d}"
