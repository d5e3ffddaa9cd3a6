"""A path that takes its time and loses data: packets from one tun device to another one in a network namespace and back.

Usage: relay.py DEVICE NAMESPACE DEVICE_THERE DELAY_MILLIS LOSS_PERCENT

Packets arrive in order, after the delay. Only those that carry data to speak of are lost, so that connections begin and
end in time; which ones is the same in each run.
"""
import collections
import ctypes
import errno
import fcntl
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
CLONE_NEWNET = 0x40000000
SMALL = 200


def device(name):
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


def enter(namespace):
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/run/netns/" + namespace) as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def main():
    here, namespace, there, delay, loss = sys.argv[1:]
    first = device(here)
    enter(namespace)
    second = device(there)
    other = {first: second, second: first}
    waiting = collections.deque()
    chance = random.Random(41)
    print("relaying", flush=True)
    while True:
        patience = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for tun in select.select([first, second], [], [], patience)[0]:
            packet = os.read(tun, 65536)
            if len(packet) < SMALL or chance.random() * 100 >= float(loss):
                waiting.append((time.monotonic() + float(delay) / 1000, other[tun], packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, to, packet = waiting.popleft()
            try:
                os.write(to, packet)
            except OSError as e:
                if e.errno != errno.EIO:  # that device is not up yet
                    raise


main()
