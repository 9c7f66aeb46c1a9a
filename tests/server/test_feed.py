"""Nobody misses anything: viewers hear every event in order, from where they left off, and the last one always."""

from __future__ import annotations

import asyncio
import random

from tests.server.alone import run as run_alone

from vitropolis.server.feed import BOOT, KEPT, Feed


async def heard(feed: Feed, last: str = "", heartbeat: float = 5.0) -> list[str]:
    return [text async for text in feed.follow(last, heartbeat)]


def numbers(texts: list[str]) -> list[int]:
    return [int(text.partition("data: ")[2]) for text in texts if text.startswith("id: ")]


async def publish(feed: Feed, many: int) -> None:
    for number in range(many):
        feed.publish(str(number), number == many - 1)
        if random.random() < 0.3:
            await asyncio.sleep(0)


def test_a_hundred_viewers_hear_all_of_it() -> None:
    async def all_of_them() -> list[list[str]]:
        feed = Feed()
        feed.publish("0", False)
        viewers = [asyncio.create_task(heard(feed)) for _ in range(100)]
        await asyncio.sleep(0)
        await publish(feed, 300)
        return await asyncio.gather(*viewers)

    for texts in run_alone(all_of_them()):
        assert numbers(texts) in ([0, *range(1, 300)], [0, 0, *range(1, 300)])


def test_who_comes_late_hears_the_last_state() -> None:
    async def late() -> list[str]:
        feed = Feed()
        await publish(feed, 20)
        return await heard(feed)

    assert numbers(run_alone(late())) == [19]


def test_who_comes_back_goes_on_where_it_left_off() -> None:
    async def back() -> tuple[list[str], bool, bool]:
        feed = Feed()
        await publish(feed, 20)
        return await heard(feed, f"{BOOT}-15"), feed.heard_all(f"{BOOT}-20"), feed.heard_all("other-20")

    texts, all_heard, of_another = run_alone(back())
    assert numbers(texts) == [15, 16, 17, 18, 19]
    assert all_heard and not of_another


def test_what_was_forgotten_is_passed_over() -> None:
    async def long_gone() -> list[str]:
        feed = Feed()
        await publish(feed, KEPT + 50)
        return await heard(feed, f"{BOOT}-1")

    assert numbers(run_alone(long_gone())) == list(range(50, KEPT + 50))


def test_silence_is_filled() -> None:
    async def quiet() -> list[str]:
        feed = Feed()
        feed.publish("0", False)
        viewer = asyncio.create_task(heard(feed, heartbeat=0.01))
        await asyncio.sleep(0.1)
        feed.publish("1", True)
        return await viewer

    texts = run_alone(quiet())
    assert texts.count(": still here\n\n") > 2 and numbers(texts) == [0, 1]


def test_nothing_new_is_not_told_twice() -> None:
    feed = Feed()
    for _ in range(5):
        feed.publish("same", False)
    assert feed.count == 1
