"""The engine's status, read from the places where it is true."""

import math

from chronus_tui import __version__
from chronus_tui.engine.output.output import Output
from chronus_tui.engine.studio import Studio
from chronus_tui.status import OscStatus, Status, WorkStatus
from dsp.pattern import STEPS_PER_BEAT

_NEARLY_ALL = 0.999999


def status_of(studio: Studio, output: Output, block: int, clients: int, osc: OscStatus) -> Status:
    """One look at everything. Reads what the sound writes down of itself; never waits."""
    state, session = studio.player.state, studio.session
    meters, counters, transport = state["meters"], state["counters"], state["transport"]
    playing = bool(transport["playing"])
    beat = float(meters["beat"])
    queued = session.queued
    return Status(
        project=str(studio.project),
        version=__version__,
        playing=playing,
        filling=session.filling,
        bpm=float(transport["bpm"]),
        swing=float(transport["swing"]),
        bar=int(meters["bar"]) + 1 if playing else 0,
        beat=int(beat) + 1 if playing else 0,
        step=int(beat * STEPS_PER_BEAT) + 1 if playing else 0,
        frame=studio.player.frame,
        pattern=session.pattern.name,
        slot=session.slot,
        slot_bank=session.moment.bank,
        bank=studio.bank.number,
        queued=queued.moment.slot if queued else None,
        queued_bank=queued.moment.bank if queued else 1,
        queued_beats=float(meters["beats_to_swap"]),
        queued_when=queued.when if queued else "",
        waiting=queued.moment.pattern.name if queued else "",
        edited=session.edited,
        audition=studio.audition.name,
        audition_heard=studio.audition.heard,
        work=studio.works.now.status() if studio.works.now else WorkStatus(),
        examination=studio.examiner.status(),
        changed=tuple(sorted(slot for bank, slot in studio.bank.changed if bank == studio.bank.number)),
        save_on_switch=studio.settings.save_on_switch,
        gzip=studio.settings.gzip,
        chain=session.moment.chain.name if session.moment.chain.entries else "",
        chain_entry=studio.chain.number,
        chain_entries=len(session.moment.chain.entries),
        device=output.name,
        silent=output.silent,
        problem=output.problem or (session.problems[0] if session.problems else ""),
        unplayed=tuple(session.problems),
        rate=studio.player.rate,
        block=block,
        xruns=studio.player.xruns,
        load=output.load,
        late=int(counters["late"]),
        faults=int(counters["faults"]),
        lost=int(counters["lost_events"]),
        voices=int(meters["voices"]),
        levels=tuple(float(level) for level in meters["tracks"]),
        master=(float(meters["master"][0]), float(meters["master"][1])),
        compressed_db=round(float(state["compressor"]["cut"]), 1),
        limited_db=round(-20.0 * math.log10(1.0 - min(float(state["limiter"]["cut"][0]), _NEARLY_ALL)), 1),
        playheads=tuple(int(place) for place in meters["playheads"]),
        recording=studio.recorder.status(),
        clients=clients,
        osc=osc,
    )
