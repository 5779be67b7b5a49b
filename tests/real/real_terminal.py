"""A terminal that a test can type into and read, and a way to log in to this machine from itself."""

import getpass
import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from needs import free_port
from waiting import PATIENCE_S, wait_until


class Terminal:
    """One tmux pane that runs one command."""

    def __init__(self, folder: Path, command: Sequence[str], env: Mapping[str, str], columns: int, lines: int) -> None:
        settings = folder / "tmux.conf"
        settings.write_text(
            "set -g remain-on-exit on\nset -g status off\nset -s escape-time 0\n"
            'set -g default-terminal "xterm-256color"\n'
        )
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", str(settings)]
        self._env = dict(env)
        pane = f"exec {shlex.join(command)}"
        self._run("new-session", "-d", "-x", str(columns), "-y", str(lines), pane)
        self.pid = int(self._run("display-message", "-p", "#{pane_pid}"))

    def _run(self, *words: str) -> str:
        return subprocess.run(
            [*self._tmux, *words], env=self._env, capture_output=True, text=True, timeout=PATIENCE_S, check=True
        ).stdout

    def type(self, *keys: str) -> None:
        """Press keys, named as tmux names them."""
        self._run("send-keys", *keys)

    def text(self) -> str:
        """What the screen shows."""
        return self._run("capture-pane", "-p")

    def wait_for(self, text: str, timeout_s: float = PATIENCE_S) -> str:
        """Until the screen shows `text`."""

        def look() -> str | None:
            shown = self.text()
            return shown if text in shown else None

        try:
            return wait_until(look, timeout_s, f"{text!r} on the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.text()}") from None

    def ended(self) -> bool:
        return self._run("display-message", "-p", "#{pane_dead}").strip() == "1"

    def close(self) -> None:
        subprocess.run(
            [*self._tmux, "kill-server"], env=self._env, capture_output=True, timeout=PATIENCE_S, check=False
        )


class SshServer:
    """sshd on this machine alone, with keys made for the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
        self._port = free_port(socket.SOCK_STREAM)
        config = folder / "sshd_config"
        config.write_text(
            f"ListenAddress 127.0.0.1:{self._port}\n"
            f"HostKey {folder / 'host_key'}\n"
            f"AuthorizedKeysFile {folder / 'user_key.pub'}\n"
            "PidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n"
        )
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # sshd of root will not start without it
        self._log = (folder / "sshd.log").open("wb")
        sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert sshd is not None
        self._server = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stderr=self._log)
        wait_until(self._answers, what="sshd to answer")

    def _answers(self) -> bool:
        assert self._server.poll() is None, (self._folder / "sshd.log").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def login(self, command: Sequence[str]) -> list[str]:
        """The command line that runs `command` over SSH with a terminal."""
        options = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": os.devnull,
            "IdentitiesOnly": "yes",
            "LogLevel": "ERROR",
        }
        return [
            *("ssh", "-tt", "-F", "none", "-e", "none", "-p", str(self._port), "-i", str(self._folder / "user_key")),
            *(f"-o{name}={value}" for name, value in options.items()),
            f"{getpass.getuser()}@127.0.0.1",
            shlex.join(command),
        ]

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(PATIENCE_S)
        self._log.close()
