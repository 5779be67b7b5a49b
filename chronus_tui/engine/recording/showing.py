"""How the takes are doing, for the screen and whoever else asks."""

import contextlib

from msgspec.structs import replace

from chronus_tui.engine.recording.audition import Audition
from chronus_tui.engine.recording.disk_watch import DiskWatch
from chronus_tui.engine.recording.listening import Listening
from chronus_tui.engine.recording.memory_ring import CHANNELS
from chronus_tui.engine.recording.order import Growth
from chronus_tui.engine.recording.schedule import Schedule
from chronus_tui.engine.recording.seams import BYTES_A_SECOND
from chronus_tui.engine.recording.take_writer import TakeWriter
from chronus_tui.engine.recording.writers import Writers
from chronus_tui.errors import ChronusError
from chronus_tui.status import RecordingStatus
from store.takes.formats import format_named


class Showing:
    """Tells what all the others are doing. The recorder's thread writes it down; any may read.

    rate  frames a second
    """

    def __init__(
        self,
        rate: int,
        listening: Listening,
        writers: Writers,
        schedule: Schedule,
        audition: Audition,
        disk: DiskWatch,
    ) -> None:
        self._status = RecordingStatus()
        self._rate = rate
        self._listening = listening
        self._writers = writers
        self._schedule = schedule
        self._audition = audition
        self._disk = disk

    @property
    def bytes_a_second(self) -> int:
        """What the running take needs, or the next one will, its performance included. Silent stems take room as any
        other until it ends."""
        writer = self._schedule.main
        bits = writer.order.wanted.bits if writer is not None else self._status.bits
        taps = len(writer.order.taps) if writer is not None else len(self._writers.taps)
        return self._rate * CHANNELS * taps * bits // 8 + BYTES_A_SECOND

    @property
    def status(self) -> RecordingStatus:
        """How everything is; of the take that runs, at this moment. Any thread."""
        writer = self._schedule.main
        if writer is None:
            return self._status
        return replace(_with_take(self._status, writer, self._rate), active=not writer.ended)

    def show(self, wanted: bool) -> None:
        """Write down how everything is now; `wanted` where a take runs or waits."""
        status, settings = self._status, self._writers.settings
        if self._schedule.main is None and not wanted:
            with contextlib.suppress(ChronusError):
                wanted_format = format_named(settings.format, self._rate)
                status = replace(status, format=wanted_format.name, bits=wanted_format.bits)
        listening, encoder, audition = self._listening, self._writers.encoder, self._audition
        kept, free_bytes = listening.kept_at(self._writers.taps), self._disk.free_bytes
        self._status = replace(
            status,
            waiting=self._schedule.waits_for,
            settings=settings,
            bytes_a_second=self.bytes_a_second,
            taps=settings.taps,
            disk_free_bytes=free_bytes,
            disk_left_s=None if free_bytes is None else free_bytes / self.bytes_a_second,
            peak_hold=listening.held,
            rms_db=listening.meter.rms_db,
            kept_s=max(0, kept.end - kept.first_kept) / self._rate,
            kept_bytes=listening.bytes_when_full,
            lost=listening.lost,
            encoding=encoder.name,
            encoded=encoder.share,
            auditioned=audition.name,
            auditioned_s=audition.seconds,
        )

    def keep(self, ended: TakeWriter) -> None:
        """A take has ended; go on showing what became of it."""
        self._status = _with_take(self._status, ended, self._rate)


def _with_take(status: RecordingStatus, writer: TakeWriter, rate: int) -> RecordingStatus:
    """`status` with the take of `writer`, which may have no files yet."""
    growth = writer.growth or Growth()
    return replace(
        status,
        path="" if growth.path is None else str(growth.path),
        seconds=growth.frames / rate,
        frames=growth.frames,
        dropped=growth.dropped,
        clipped=growth.clipped,
        size_bytes=growth.size_bytes,
        format=writer.order.wanted.name,
        bits=writer.order.wanted.bits,
        lufs=growth.lufs,
        true_peak_db=growth.true_peak_db,
        waveform=growth.waveform,
    )
