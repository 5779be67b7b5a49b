"""Hearing a pattern of the library before it is loaded: it plays in place of the working pattern from the next bar
on, in the running tempo, until one comes back. The working pattern stays what it is, edits of it included; those
are heard when it plays again.

The control thread alone calls this. While something is auditioned the session holds back what it would publish, for
an edit's swap names the swap it was made from, and that one does not play now.
"""

import contextlib

from msgspec.structs import replace

from chronus_tui.engine.player import PlayerEvent, SoundBusy
from chronus_tui.engine.session import Happening, Session
from chronus_tui.errors import CommandRefused
from dsp import messages
from store.documents import Pattern


class Wish:
    """That a pattern is to be heard. `client` is the screen that asked, or None."""

    def __init__(self, client: object) -> None:
        self.client = client


class Audition:
    """What is heard instead of the working pattern of `session`.

    name   of the pattern that is heard, or waits for its bar; empty where there is none
    heard  whether it has come in
    client the screen that asked for it, or None: where that goes, nobody is left who would come back
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._returning: int | None = None
        self._tickets: set[int] = set()
        self._wishes: set[Wish] = set()
        self.client: object = None
        self._end()

    def wish(self, client: object) -> "Wish":
        """Somebody wants to hear a pattern, which has yet to be read; `start` may follow, and `forget` does."""
        wish = Wish(client)
        self._wishes.add(wish)
        return wish

    def forget(self, wish: "Wish") -> None:
        """It was fulfilled, or cannot be."""
        self._wishes.discard(wish)

    def start(self, wish: "Wish", pattern: Pattern, name: str, frame: int = messages.AT_ONCE) -> None:
        """Let `pattern` be heard from the next bar on, at once where nothing plays; the transport is started then.

        Where the wish was taken back meanwhile, nothing is done. It takes the place of what is auditioned already.
        Raises CommandRefused where a load waits for its bar, or where the sound has no room for it.
        """
        if wish not in self._wishes:
            return
        session = self._session
        if session.queued is not None:
            raise CommandRefused("A load is waiting; cancel it first, or listen once it plays.")
        self._newest = session.audition(replace(pattern, bpm=session.pattern.bpm), frame)
        self._tickets.add(self._newest)
        self.name, self.client, self.heard = name, wish.client, False
        self._returning = None
        self._leaving = False
        if not session.playing:
            session.play(frame)
            self._started = True

    def stop(self, frame: int = messages.AT_ONCE) -> None:
        """Come back to the working pattern at the next bar. Raises CommandRefused where nothing is auditioned."""
        session = self._session
        wishes, self._wishes = self._wishes, set()
        if not self.name:
            if wishes:
                return
            raise CommandRefused("Nothing is auditioned.")
        if self._started and session.playing:
            session.stop(frame)
        self._started = False
        if not self._sounding:
            session.player.push(messages.CANCEL, frame=frame)
        elif session.queued is not None:
            self._leaving = True  # the load that waits ends it
        elif self._returning is None:
            self._returning = session.come_back(frame)

    def leave(self, client: object) -> None:
        """A screen has gone: what it auditioned, or wished to, ends."""
        self._wishes = {wish for wish in self._wishes if wish.client is not client}
        if self.name and self.client is client and self._returning is None:
            with contextlib.suppress(SoundBusy):  # it plays on, and may be ended by whoever hears it
                self.stop()

    def take(self, event: PlayerEvent) -> list[Happening]:
        """Learn what took effect in the sound, after the session has."""
        if not self.name:
            return []
        match event.kind:
            case messages.SWAPPED if event.ticket in self._tickets:
                self._sounding = True
                self.heard = event.ticket == self._newest
                return [Happening("/event/audition_started", (self.name,))] if self.heard else []
            case messages.SWAPPED if event.ticket > min(self._tickets):
                return self._over()
            case messages.CANCELLED if event.ticket == self._returning:
                self._returning = None
                self._leaving = True
            case messages.CANCELLED if event.ticket == self._newest and not self._sounding:
                return self._over()
        if event.kind == messages.CANCELLED and self._leaving and self._session.queued is None:
            self._leaving = False
            with contextlib.suppress(SoundBusy):  # it plays on, and may be ended again
                self._returning = self._session.come_back()
        return []

    def _over(self) -> list[Happening]:
        self._session.hold_back(False)
        name = self.name
        self._end()
        return [Happening("/event/audition_ended", (name,))]

    def _end(self) -> None:
        self.name = ""
        self.client = None
        self.heard = False
        self._tickets = set()
        self._newest = 0
        self._returning = None
        self._leaving = False
        self._sounding = False
        self._started = False
