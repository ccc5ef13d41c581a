"""What an idle client costs the chat server, over plain connections or TLS.

    idle.py PORT PID CLIENTS plain|tls

Each client sends 1 KiB of request headers, connects and then says nothing. Prints one line of JSON: the process's resident memory
with all of them minus without, for each.
"""

import json
import socket
import ssl
import sys
import time

HEADERS = "".join(f"X-Header-{number}: {'x' * 47}\r\n" for number in range(16))
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{HEADERS}\r\n"
)
CONNECT = bytes([0x81, 0x82, 0, 0, 0, 0]) + b"40"
PATIENCE = 30  # seconds
SETTLE = 2  # seconds, below the server's first ping


def resident(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4096


def connect(port, context):
    client = socket.create_connection(("127.0.0.1", port), PATIENCE)
    if context:
        client = context.wrap_socket(client, server_hostname="localhost")
    client.sendall(UPGRADE.encode() + CONNECT)
    heard = b""
    while b"40{" not in heard:
        more = client.recv(4096)
        if not more:
            sys.exit("the server closed a connection")
        heard += more
    return client


def main(port, pid, clients, kind):
    context = None
    if kind == "tls":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # The first connections make what all share.
    first = [connect(port, context) for _ in range(50)]
    time.sleep(SETTLE)
    before, begun = resident(pid), time.monotonic()
    held = [connect(port, context) for _ in range(clients)]
    took = time.monotonic() - begun
    time.sleep(SETTLE)
    each = (resident(pid) - before) / clients
    print(json.dumps({"clients": clients, "bytes_each": round(each), "seconds": round(took, 1)}))
    del first, held


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
