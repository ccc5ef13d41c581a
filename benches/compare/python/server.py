"""The program of socketio/examples/fanout.rs on python-socketio, under uvicorn with uvloop.

    python server.py PORT

The fast choices of both: uvloop, httptools, no access log, no compression, and no second heartbeat below the one of
Engine.IO.
"""

import resource
import sys

import socketio
import uvicorn

BACKLOG = 65535  # everybody may come at once

sio = socketio.AsyncServer(async_mode="asgi", logger=False, engineio_logger=False)


@sio.event
async def join(sid, room):
    await sio.enter_room(sid, room)


@sio.event
async def msg(sid, room, data):
    await sio.emit("msg", data, room=room)


@sio.event
async def echo(sid, data):
    return data


async def ready():
    print(f"listening on http://127.0.0.1:{port}/socket.io/", flush=True)


port = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
uvicorn.run(
    socketio.ASGIApp(sio, on_startup=ready),
    host="127.0.0.1",
    port=port,
    backlog=BACKLOG,
    loop="uvloop",
    http="httptools",
    ws="websockets-sansio",
    ws_ping_interval=None,
    ws_per_message_deflate=False,
    access_log=False,
    log_level="warning",
)
