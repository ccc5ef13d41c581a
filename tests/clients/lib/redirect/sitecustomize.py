"""Loaded before an example when its documented port is taken: REDIRECT=5000=25001 sends it elsewhere."""

import os
import socket

_FROM, _TO = map(int, os.environ["REDIRECT"].split("="))
_look_up = socket.getaddrinfo


def _redirected(host, port, *args, **kwargs):
    return _look_up(host, _TO if port == _FROM else port, *args, **kwargs)


socket.getaddrinfo = _redirected
