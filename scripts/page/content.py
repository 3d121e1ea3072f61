"""What the page says: the same as the report, whatever names are in it; and how fast."""

import json
import os
import re
import time

from selenium.webdriver.common.by import By

import pages
from harness import check, find, opened

# A frame on a machine without graphics and with other work may take this long; a screen shows 60 frames a second.
MOST_FRAME_MS = 250


@check
def hostile_names(maker):
    """a function that is named like markup shows as text"""
    with opened(maker, "evil") as driver:
        assert pages.EVIL in find(driver, ".failure")[0].text
        assert pages.EVIL in find(driver, ".trail")[0].text
        assert not find(driver, "img") and "hit" not in driver.title
        driver.find_element(By.ID, "run-1-search").send_keys("<IMG")
        assert driver.find_element(By.CSS_SELECTOR, ".call-tools .count").text.startswith("1 call of 1 function")
        assert "</script><img/src=x" in json.loads(driver.find_element(By.ID, "run-1-story").get_attribute("textContent"))
        report = json.loads(driver.find_element(By.ID, "report").get_attribute("textContent"))
        assert any(pages.EVIL in step for step in report["runs"][0]["failure"]["path"])


@check
def machine_readable(maker):
    """the report in the page is that of --format json"""
    with opened(maker, "failed") as driver:
        embedded = json.loads(driver.find_element(By.ID, "report").get_attribute("textContent"))
    arguments = maker.arguments("failed")
    assert embedded == json.loads(maker.run(*arguments, "--format", "json"))


@check
def numbers(maker):
    """the calls' times are those of the text report"""
    with opened(maker, "ok") as driver:
        shown = [cell.text for cell in find(driver, "#run-1 .children tbody td.number")]
    lines = maker.run("report", pages.trace("5.10-kvm_amd"), "--tree", "-D", "1").split("calls of ")[1].splitlines()
    calls = [line for line in lines if "│ " in line and "──" not in line and "log:" not in line and "returns" not in line]
    for line in calls:
        if "…" in line or "×" in line:
            continue
        start, duration = re.match(r"\s*(@[\d.]+ \S+)\s+(\+[\d.]+ \S+)", line).groups()
        assert start in shown and duration in shown, (line, shown[:8])
    assert len(calls) > 3


@check
def unknown_starts(maker):
    """a call whose start is not known has none"""
    with opened(maker, "lost") as driver:
        facts = [node.text for node in find(driver, ".call-details dt")]
        assert "time" in facts and "start" not in facts, facts
        assert "‹entry not recorded›" in find(driver, ".call-details")[0].text


@check
def speed(maker):
    """a page of 100,000 calls is fluid"""
    remarks = []
    for name in ["ok", "large", "folded"]:
        begun = time.monotonic()
        with opened(maker, name) as driver:
            opening = time.monotonic() - begun
            items = json.loads(driver.find_element(By.ID, "run-1-calls").get_attribute("textContent"))["items"]
            frames = driver.execute_async_script("""
                const done = arguments[0];
                const canvas = document.querySelector('canvas');
                const box = canvas.getBoundingClientRect();
                const times = [];
                let count = 0;
                const step = (now) => {
                  times.push(now);
                  if (++count > 60) return done(times.slice(1).map((time, index) => time - times[index]));
                  canvas.dispatchEvent(new WheelEvent('wheel', { ctrlKey: count <= 30, shiftKey: count > 30, cancelable: true,
                    deltaY: count <= 30 ? -40 : count % 2 ? 200 : -150, clientX: box.left + box.width / 2, clientY: box.top + 20 }));
                  requestAnimationFrame(step);
                };
                requestAnimationFrame(step);
            """)
            frames.sort()
            first = driver.execute_script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
            remarks.append(
                f"{items:,} items: {os.path.getsize(maker.page(name)) / 1e6:.2f} MB, first paint {first or 0:.0f} ms, calls drawn in "
                f"{driver.page.load_ms} ms, frames {frames[len(frames) // 2]:.0f} ms, the slowest {frames[-1]:.0f} ms")
            assert frames[len(frames) // 2] < MOST_FRAME_MS, frames
            assert opening < 30
    return "\n      ".join([""] + remarks)
