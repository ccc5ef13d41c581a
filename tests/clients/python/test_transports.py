"""python-socketio echoes 1,000 text and binary messages over every transport, also while a proxy delays or drops the upgrade."""

import asyncio

import pytest
import socketio
from proxy import STAGES, Proxy
from stream import Sequence, body, until

TOTAL = 1000
WINDOW = 120
BOTH = ["polling", "websocket"]


def listening(client, seen):
    """Counts what comes back, by the transport it came by."""

    @client.on("message-back")
    async def _(index, content):
        seen.take(index, client.eio.current_transport, content == body(index))


async def sends(client, seen, first, last, sent):
    """Sends the messages `first..last` and waits until all came back."""
    for index in range(first, last):
        await until("the window moves on", lambda limit=index - WINDOW: seen.reached(limit))
        await client.emit("message", (index, body(index)))
        sent[client.eio.current_transport] += 1
        if index % 8 == 0:
            await asyncio.sleep(0.001)
    await until(f"{last} come back", lambda: seen.reached(last), 40)
    await asyncio.sleep(0.05)
    assert seen.reached(last) and seen.next == last, "nothing comes twice"


async def echoes(url, transports):
    """One client, one connection, the whole stream; answers the counts of both directions."""
    client, seen, sent = socketio.AsyncClient(reconnection=False), Sequence(), {"polling": 0, "websocket": 0}
    listening(client, seen)
    await client.connect(url, transports=transports)
    await sends(client, seen, 0, TOTAL, sent)
    assert await client.call("message-with-ack", ("text", {"n": 1}), timeout=10) == ("text", {"n": 1})
    assert await client.call("message-with-ack", body(9), timeout=10) == body(9)
    await client.disconnect()
    assert seen.by == sent
    return seen.by


@pytest.mark.parametrize("transport", BOTH)
def test_one_transport_only(conformance, transport):
    by = asyncio.run(echoes(f"http://127.0.0.1:{conformance}", [transport]))
    assert by[transport] == TOTAL


def test_a_delayed_upgrade(conformance, seed):
    async def run():
        async with Proxy(conformance, seed, delay=True) as proxy:
            return await echoes(proxy.url, BOTH)

    assert asyncio.run(run())["websocket"] == TOTAL


@pytest.mark.parametrize("stage", range(4), ids=lambda stage: STAGES[stage].replace(" ", "-"))
def test_a_dropped_upgrade(conformance, seed, stage):
    async def run():
        async with Proxy(conformance, seed, drop=stage) as proxy:
            by = await echoes(proxy.url, BOTH)
            assert proxy.dropped >= 1  # aiohttp tries again where it reused a connection
            return by

    assert asyncio.run(run())["polling"] == TOTAL


def test_a_dropped_upgrade_then_a_delayed_one(conformance, seed):
    """This client tries the upgrade before it sends anything, so one stream sees both transports only over a reconnection."""

    async def run():
        async with Proxy(conformance, seed, drop=3) as proxy:
            client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.1)
            seen, sent = Sequence(), {"polling": 0, "websocket": 0}
            listening(client, seen)
            await client.connect(proxy.url, transports=BOTH)
            await sends(client, seen, 0, TOTAL // 2, sent)
            proxy.drop, proxy.delay = None, True
            proxy.cut()
            await until("it reconnects and upgrades", lambda: client.connected and client.eio.current_transport == "websocket")
            await sends(client, seen, TOTAL // 2, TOTAL, sent)
            await client.disconnect()
            print(f"received {seen.by}, sent {sent}")
            assert min(*seen.by.values(), *sent.values()) >= 50

    asyncio.run(run())
