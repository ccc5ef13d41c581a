"""Clients that are there and do nothing: they connect, join their room and answer pings.

    hold.py PORT CLIENTS ROOMS

Client i is in room i % ROOMS, or in none when there are none. Prints `ready` when all are in; ends with its standard input.
"""

import selectors
import socket
import sys

UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PING = b"\x81\x012"
PATIENCE = 30  # seconds


def frame(text):
    """A text frame, masked with zeros; all of ours are short."""
    data = text.encode()
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data


def wait_for(client, *wanted):
    """Reads until one of the wanted pieces has come."""
    heard = b""
    while not any(piece in heard for piece in wanted):
        more = client.recv(4096)
        if not more:
            sys.exit("the server closed a connection that was to be held")
        heard += more


def hold(port, number, rooms):
    # Not the address of the load: one address has ports for 28,000 connections to one server.
    client = socket.create_connection(("127.0.0.1", port), PATIENCE, ("127.0.0.2", 0))
    client.sendall(UPGRADE.encode() + frame("40"))
    wait_for(client, b"40{")
    if rooms:
        client.sendall(frame(f'420["join","other-{number % rooms}"]'))
        wait_for(client, b"430[")
    client.setblocking(False)
    return client


def main(port, clients, rooms):
    selector = selectors.DefaultSelector()
    for number in range(clients):
        selector.register(hold(port, number, rooms), selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                return
            heard = key.fileobj.recv(4096)
            if not heard:
                sys.exit("the server closed a held connection")
            if PING in heard:
                key.fileobj.send(frame("3"))


main(*map(int, sys.argv[1:4]))
