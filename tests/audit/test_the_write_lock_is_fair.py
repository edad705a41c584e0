"""Who asks first, writes first."""

import threading
import time

import pytest

from audit.lock import FairLock


def test_the_lock_is_handed_on_in_the_order_of_asking() -> None:
    lock, order = FairLock(), []
    assert lock.acquire(1)

    def wait(number: int) -> None:
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    threads = []
    for number in range(20):
        thread = threading.Thread(target=wait, args=(number,))
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= number:
            time.sleep(0.0005)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_only_one_holds_it_at_a_time() -> None:
    lock, inside, most = FairLock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            assert lock.acquire(10)
            inside += 1
            most = max(most, inside)
            inside -= 1
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert lock._holder is None


def test_its_holder_may_take_it_again() -> None:
    lock = FairLock()
    assert lock.acquire(1)
    assert lock.acquire(1)
    lock.release()
    assert lock.mine
    lock.release()
    assert not lock.mine


def test_waiting_ends_in_time_and_the_next_in_line_is_served() -> None:
    lock, answers = FairLock(), {}
    assert lock.acquire(1)

    def wait(name: str, patience: float) -> None:
        answers[name] = lock.acquire(patience)
        if answers[name]:
            lock.release()

    impatient = threading.Thread(target=wait, args=("impatient", 0.05))
    patient = threading.Thread(target=wait, args=("patient", 5))
    impatient.start()
    patient.start()
    impatient.join()
    lock.release()
    patient.join()
    assert answers == {"impatient": False, "patient": True}


def test_a_turn_that_came_in_the_last_moment_counts() -> None:
    lock = FairLock()
    for _ in range(300):
        assert lock.acquire(1)
        got: list[bool] = []

        def wait() -> None:
            got.append(lock.acquire(0.0005))  # noqa: B023  joined within the round
            if got[-1]:  # noqa: B023
                lock.release()

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.0005)
        lock.release()
        thread.join()
        assert len(got) == 1
        assert lock._holder is None
        assert not lock._waiting


def test_a_stranger_cannot_release_it() -> None:
    lock = FairLock()
    assert lock.acquire(1)
    caught: list[type[BaseException]] = []

    def steal() -> None:
        with pytest.raises(RuntimeError):
            lock.release()
        caught.append(RuntimeError)

    thread = threading.Thread(target=steal)
    thread.start()
    thread.join()
    assert caught
    assert lock.mine
