"""The tests of the rules run with their sockets shut."""

from __future__ import annotations

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_a_rule_cannot_reach_the_network() -> None:
    with pytest.warns(UserWarning, match="socket"), pytest.raises(SocketBlockedError):
        socket.socket()
