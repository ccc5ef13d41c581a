"""python-socketio joins a room of the chat and hears 1,000 messages that others post, over every transport."""

import asyncio
import itertools

import aiohttp
import pytest
import socketio
from proxy import Proxy
from stream import Sequence, until

TOTAL = 1000
WRITERS = 8
BOTH = ["polling", "websocket"]
HANDLES = itertools.count()


class Room:
    """A user and a room of one server, and the REST calls on them."""

    @classmethod
    async def make(cls, http, port):
        room = cls()
        room.http, room.url = http, f"http://127.0.0.1:{port}"
        room.user = (await room.create("/users/", {"name": "Alice", "handle": f"alice-{next(HANDLES)}"}))["id"]
        room.id = (await room.create("/chatrooms/", {"name": "general"}))["id"]
        return room

    async def create(self, path, json):
        async with self.http.post(self.url + path, json=json) as answer:
            assert answer.status == 201, await answer.text()
            return await answer.json()

    def post(self, text):
        return self.create("/messages/", {"message_text": text, "user_id": self.user, "chatroom_id": self.id, "is_reply": False})

    async def posts(self, count):
        """Posts `count` messages by several writers at once."""
        numbers = iter(range(count))

        async def write():
            for number in numbers:
                await self.post(f"number {number} <b>&amp; 漢字")

        await asyncio.gather(*(write() for _ in range(WRITERS)))

    async def history(self, after):
        async with self.http.get(f"{self.url}/chatrooms/{self.id}/messages", params={"after": after, "limit": 100}) as answer:
            return (await answer.json())["items"]


async def joins(client, room, heard):
    """Joins the room, now and after every reconnection; answers the listening client."""

    @client.on("new_message")
    async def _(message):
        heard.take(message["seq"], client.eio.current_transport, message["chatroom_id"] == room.id)

    @client.event
    async def connect():
        await client.emit("join", {"user_id": room.user, "chatroom_id": room.id})

    joined = asyncio.Queue()
    client.on("joined", joined.put)
    return joined


async def hears(port, url, transports):
    client, heard = socketio.AsyncClient(reconnection=False), Sequence(1)
    async with aiohttp.ClientSession() as http:
        room = await Room.make(http, port)
        joined = await joins(client, room, heard)
        await client.connect(url, transports=transports)
        assert await asyncio.wait_for(joined.get(), 10) == {"chatroom_id": room.id}
        await room.posts(TOTAL)
        await until(f"all are heard, {heard.next - 1} were", lambda: heard.reached(TOTAL + 1), 40)
    await client.disconnect()
    return heard.by


@pytest.mark.parametrize("transport", BOTH)
def test_one_transport_only(roomcast, transport):
    by = asyncio.run(hears(roomcast, f"http://127.0.0.1:{roomcast}", [transport]))
    assert by[transport] == TOTAL


def test_a_delayed_upgrade(roomcast, seed):
    async def run():
        async with Proxy(roomcast, seed, delay=True) as proxy:
            return await hears(roomcast, proxy.url, BOTH)

    assert asyncio.run(run())["websocket"] == TOTAL


def test_a_dropped_upgrade_then_a_delayed_one(roomcast, seed):
    """The first half by polling, the second by WebSocket: what was posted meanwhile is in the history."""

    async def run():
        client, heard = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.1), Sequence(1)
        async with aiohttp.ClientSession() as http, Proxy(roomcast, seed, drop=3) as proxy:
            room = await Room.make(http, roomcast)
            joined = await joins(client, room, heard)
            await client.connect(proxy.url, transports=BOTH)
            await asyncio.wait_for(joined.get(), 10)
            await room.posts(TOTAL // 2)
            await until("the first half is heard", lambda: heard.reached(TOTAL // 2 + 1), 40)
            proxy.drop, proxy.delay = None, True
            proxy.cut()
            await asyncio.wait_for(joined.get(), 10)
            assert await room.history(heard.next - 1) == []
            await room.posts(TOTAL // 2)
            await until("the second half is heard", lambda: heard.reached(TOTAL + 1), 40)
            await client.disconnect()
            print(heard.by)
            assert min(heard.by.values()) >= 50

    asyncio.run(run())


def test_errors_are_events_and_acks(roomcast):
    """What a client gets wrong is answered, and it stays connected."""

    async def run():
        client, errors = socketio.AsyncClient(reconnection=False), asyncio.Queue()
        client.on("error", errors.put)
        await client.connect(f"http://127.0.0.1:{roomcast}")
        for event, data, message in [
            ("join", {}, "user_id and chatroom_id are required"),
            ("join", {"user_id": "nobody", "chatroom_id": "nowhere"}, "User not found"),
            ("no such event", 1, None),
        ]:
            await client.emit(event, data)
            error = await asyncio.wait_for(errors.get(), 10)
            assert message is None or error["message"] == message
            reply = await client.call(event, data, timeout=10)
            assert reply["ok"] is False and reply["error"]["code"] == error["code"]
        assert client.connected and errors.empty()
        await client.disconnect()

    asyncio.run(run())
