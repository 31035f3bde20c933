from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sandbox.controlplane.gate import Gate


def test_reads_run_side_by_side() -> None:
    gate, both = Gate(), threading.Barrier(2, timeout=30)

    def read() -> None:
        with gate.shared():
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(read) for _ in range(2)]:
            done.result()


def test_a_write_is_alone() -> None:
    gate, inside, most = Gate(), [0], [0]

    def run(index: int) -> None:
        with gate.exclusive() if index % 3 == 0 else gate.shared():
            if index % 3 == 0:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1
            else:
                assert inside[0] == 0

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(600)))
    assert most[0] == 1


def test_a_waiting_write_goes_before_later_reads() -> None:
    gate, order = Gate(), list[str]()
    reading, release, later = threading.Event(), threading.Event(), threading.Event()

    def read_first() -> None:
        with gate.shared():
            reading.set()
            release.wait(30)

    def write() -> None:
        with gate.exclusive():
            order.append("write")

    def read_later() -> None:
        later.set()
        with gate.shared():
            order.append("read")

    with ThreadPoolExecutor(3) as pool:
        pool.submit(read_first)
        reading.wait(30)
        pool.submit(write)
        while not gate._writers_waiting:
            pass
        pool.submit(read_later)
        later.wait(30)
        release.set()
    assert order == ["write", "read"]


def test_a_failure_inside_lets_others_in() -> None:
    gate = Gate()
    for enter in (gate.exclusive, gate.shared):
        try:
            with enter():
                raise ValueError
        except ValueError:
            pass
        with gate.exclusive():
            pass
