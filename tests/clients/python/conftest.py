"""Servers under test: each module starts its own on a free port and a private data directory, and ends it."""

import os
import pathlib
import random
import socket
import subprocess
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
ROOMCAST = os.environ.get("ROOMCAST", ROOT / "target/release/roomcast")
EXAMPLES = pathlib.Path(os.environ.get("EXAMPLES", ROOT / "target/release/examples"))
START_DEADLINE_S = 20


@pytest.fixture(scope="session")
def seed():
    value = int(os.environ.get("SEED", random.randrange(2**31)))
    print(f"SEED={value}")
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(command, port):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + START_DEADLINE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            assert process.poll() is None, f"{command} ended with {process.returncode}"
            assert time.monotonic() < deadline, f"{command} does not accept connections"
            time.sleep(0.01)


def ended(process):
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture(scope="module")
def conformance():
    """The port of the `conformance` example of `socketio`."""
    port = free_port()
    process = started([str(EXAMPLES / "conformance"), str(port)], port)
    yield port
    ended(process)


@pytest.fixture(scope="module")
def roomcast():
    """The port of a `roomcast` with an empty data directory."""
    port = free_port()
    with tempfile.TemporaryDirectory() as data:
        command = [str(ROOMCAST), "serve", "--listen", f"127.0.0.1:{port}", "--data-dir", data, "--no-rate-limits"]
        process = started(command, port)
        yield port
        ended(process)
