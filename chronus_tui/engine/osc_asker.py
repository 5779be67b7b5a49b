"""Answers to commands that came over OSC, in the words of the protocol."""

from typing import Any

from chronus_tui.engine.osc import OscRequest, OscServer
from chronus_tui.engine.studio import Request

ANSWERS_OF_THEIR_OWN = {"/status": "/status.reply", "/sync": "/synced"}


class OscAsker:
    """Answers one message at the address and port that it came from."""

    def __init__(self, server: OscServer, sender: Any) -> None:
        self._server = server
        self._sender = sender

    def done(self, address: str, results: tuple[Any, ...]) -> None:
        """It was carried out."""
        own = ANSWERS_OF_THEIR_OWN.get(address)
        if own:
            self._server.reply(self._sender, own, *results)
        else:
            self._server.reply(self._sender, "/done", address, *results)

    def failed(self, address: str, sentence: str) -> None:
        """It was refused."""
        self._server.reply(self._sender, "/fail", address, sentence)


def request_of(message: OscRequest, server: OscServer) -> Request:
    """A message that arrived, as the control thread takes it."""
    return Request(message.address, message.arguments, OscAsker(server, message.sender), message.at, message.sender)
