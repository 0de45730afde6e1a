"""The two processes of a relay, which end together (docs/decisions/integration/relay-processes.md)."""

import asyncio
import ctypes
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from socket import socket, socketpair
from typing import Final

from integration.relay import app, memory
from integration.relay.listeners import SECONDS_TO_END, serve

PR_SET_PDEATHSIG: Final = 1


class Ended(Exception):
    """The receiving process ended, though nobody told it to."""


def run(number: int, *, pages: socket, devices: socket) -> None:
    """Run both until told to stop. pages, devices: their listening sockets. Raises Unsafe and Ended."""
    memory.guard()
    inlet, outlet = socketpair()
    arguments = (outlet, devices, os.getpid(), [inlet, pages])
    receiving = multiprocessing.get_context("fork").Process(target=_receive, args=arguments, daemon=True)
    receiving.start()
    outlet.close()
    devices.close()
    asyncio.run(_serve(number, inlet, pages, receiving))
    if receiving.exitcode:
        raise Ended
    receiving.terminate()
    receiving.join(2 * SECONDS_TO_END)
    receiving.kill()  # if it hangs, this process could not end


async def _serve(number: int, inlet: socket, pages: socket, receiving: BaseProcess) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().add_reader(receiving.sentinel, over.set)
    await serve(app.for_pages(number, inlet, over), pages, over)


def _receive(outlet: socket, devices: socket, parent: int, others: list[socket]) -> None:
    """Be the receiving process. It is killed when its parent ends, in any way, and hands nothing to a disk."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        return
    for each in others:
        each.close()
    memory.guard()
    asyncio.run(_answer_devices(outlet, devices))


async def _answer_devices(outlet: socket, devices: socket) -> None:
    over = asyncio.Event()
    await serve(app.for_devices(outlet, over), devices, over)
