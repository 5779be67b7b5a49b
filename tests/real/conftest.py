import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from needs import need
from real_engine import Engine, environment
from real_song import write_song
from real_sound import Pulse
from real_terminal import SshServer, Terminal


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose name leaves room for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="chronus-") as name:
        yield Path(name)


@pytest.fixture(scope="session")
def pulse(short_folder: Path) -> Iterator[Pulse]:
    yield from _pulse(short_folder / "pulse")


@pytest.fixture
def mortal_pulse(short_folder: Path) -> Iterator[Pulse]:
    """One of the test's own, which it may close."""
    yield from _pulse(short_folder / "mortal")


def _pulse(folder: Path) -> Iterator[Pulse]:
    need("pulseaudio", "pactl", "parec")
    if not any(Path("/usr").glob("lib*/**/libasound_module_pcm_pulse.so")):
        pytest.skip("not installed here: ALSA's way to PulseAudio (libasound2-plugins)")
    folder.mkdir(mode=0o700)
    server = Pulse(folder)
    yield server
    server.close()


@pytest.fixture(scope="session")
def ssh_server(short_folder: Path) -> Iterator[SshServer]:
    need("sshd", "ssh", "ssh-keygen")
    folder = short_folder / "ssh"
    folder.mkdir(mode=0o700)
    server = SshServer(folder)
    yield server
    server.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a song in its first slots."""
    folder = tmp_path / "song"
    write_song(folder)
    return folder


@pytest.fixture
def new_project(tmp_path: Path) -> Path:
    """Where a newcomer's project will be."""
    return tmp_path / "first"


@pytest.fixture
def quiet_env() -> dict[str, str]:
    """For engines that play on their silent clock."""
    return environment({})


@pytest.fixture
def start_engine(project: Path) -> Iterator[Callable[..., Engine]]:
    started: list[Engine] = []

    def start(env: Mapping[str, str], *options: str) -> Engine:
        started.append(Engine(project, env, *options))
        return started[-1]

    yield start
    for engine in started:
        engine.close()


@pytest.fixture
def open_terminal(short_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    need("tmux")
    opened: list[Terminal] = []

    def open_one(command: list[str], env: Mapping[str, str], columns: int = 120, lines: int = 40) -> Terminal:
        folder = Path(tempfile.mkdtemp(dir=short_folder))
        opened.append(Terminal(folder, command, env, columns, lines))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
