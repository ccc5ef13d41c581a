"""Loaded before an example when port 8000 is taken: what it sends to port 8000 goes to $ROOMCAST_PORT."""

import os
import socket

_look_up = socket.getaddrinfo


def _redirected(host, port, *args, **kwargs):
    return _look_up(host, int(os.environ["ROOMCAST_PORT"]) if port == 8000 else port, *args, **kwargs)


socket.getaddrinfo = _redirected
