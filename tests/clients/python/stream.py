"""A numbered stream of messages, every second one binary, and the check that nothing is lost, doubled or swapped."""

import asyncio


def body(index):
    """What message `index` carries: Unicode text, or bytes that begin with the index."""
    if index % 2 == 0:
        return f"message {index} \u2028 Grüße 漢字 🎉 {'.' * (index % 300)}"
    return index.to_bytes(4, "big") + bytes([index & 0xFF]) * (index % 700)


class Sequence:
    """Takes messages one by one; the first that is not the next is the failure."""

    def __init__(self, first=0):
        self.next = first
        self.by = {"polling": 0, "websocket": 0}
        self.failure = None

    def take(self, index, transport, right=True):
        if self.failure:
            return
        if index != self.next:
            self.failure = f"message {self.next} comes next, not {index}"
        elif not right:
            self.failure = f"message {index} is not what was sent"
        else:
            self.next += 1
            self.by[transport] += 1

    def reached(self, count):
        assert self.failure is None, self.failure
        return self.next >= count


async def until(what, condition, seconds=20):
    """Waits until `condition` is true, and fails with `what` when it is not in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        assert loop.time() < deadline, f"not in {seconds} s: {what}"
        await asyncio.sleep(0.005)
