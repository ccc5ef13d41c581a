"""A TCP proxy that lets polling through and delays or drops the upgrade to WebSocket."""

import asyncio
import random
import re

STAGES = ("the request", "the 101", "the probe", "the answer to the probe", "the upgrade packet")
# While it tries the upgrade this client answers no ping: all delays together stay below `conformance`'s 500 ms.
LONGEST_DELAY_S = 0.07
UPGRADE = re.compile(rb"\r\nupgrade: *websocket\r\n", re.IGNORECASE)


class Link:
    """One client connection and its server connection."""

    def __init__(self):
        self.upgrade = False
        self.stage = 0
        self.writers = []

    def close(self):
        for writer in self.writers:
            writer.close()


class Proxy:
    """`delay`: each stage of an upgrade waits a random while. `drop`: the connection is cut at that stage."""

    def __init__(self, port, seed, delay=False, drop=None):
        self.target = port
        self.random = random.Random(seed)
        self.delay = delay
        self.drop = drop
        self.upgrades = 0
        self.dropped = 0
        self.links = set()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.pair, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        self.cut()
        while self.links:
            await asyncio.sleep(0.005)

    def cut(self):
        """Ends every connection, as a network does."""
        for link in list(self.links):
            link.close()

    async def pair(self, reader, writer):
        link = Link()
        self.links.add(link)
        try:
            upstream, to_server = await asyncio.open_connection("127.0.0.1", self.target)
            link.writers = [writer, to_server]
            await asyncio.gather(self.carry(link, reader, to_server, True), self.carry(link, upstream, writer, False))
        except OSError:
            pass
        finally:
            link.close()
            self.links.discard(link)

    async def carry(self, link, reader, writer, to_server):
        while data := await reader.read(65536):
            if not await self.passes(link, data, to_server):
                link.close()
                return
            writer.write(data)
            await writer.drain()
        link.close()

    async def passes(self, link, data, to_server):
        """Waits as long as this chunk has to; false when the connection is to be cut here."""
        if to_server and not link.upgrade and data.startswith(b"GET ") and UPGRADE.search(data):
            link.upgrade = True
            self.upgrades += 1
        if link.upgrade and link.stage < len(STAGES):
            stage = link.stage
            link.stage += 1
            if stage == self.drop:
                self.dropped += 1
                return False
            if self.delay:
                await asyncio.sleep(self.random.uniform(0, LONGEST_DELAY_S))
        return True
