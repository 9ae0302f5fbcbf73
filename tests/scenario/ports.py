# SPDX-License-Identifier: ISC
"""
Purpose: a port of loopback that stays a test's own while its server is down between a kill and a restart.

A port that the system chose for the first start could be given to anybody in between. One from below the system's
range is given to nobody who does not ask for it, and among tests a bound UDP socket of the same number says
whose it is.
"""
import os
import random
import socket

LOWEST = 10240


def _lowest_chosen_by_the_system():
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
            return int(file.read().split()[0])
    except OSError:  # not told: Linux's own choice
        return 32768


def _is_free(port):
    """Whether nobody listens there; spard, too, may take a port over whose connections are only closing."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def own_port():
    """(port, socket): the port belongs to whoever holds the socket. Port 0 where the system's range leaves none."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    below = range(LOWEST, _lowest_chosen_by_the_system())
    for port in random.Random(os.urandom(8)).sample(below, min(len(below), 200)):
        try:
            holder.bind(("127.0.0.1", port))
        except OSError:
            continue
        if _is_free(port):
            return port, holder
        holder.close()
        holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return 0, holder
