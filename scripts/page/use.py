"""The page is used: by pointer, by keys, by its buttons."""

import json
import os
import re
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import browser as chromium
import pages
from harness import check, find, focus_name, opened, status


@check
def search(maker):
    """search finds, counts, and steps from match to match"""
    with opened(maker, "ok") as driver:
        calls = [json.loads(line) for line in maker.run("export", pages.trace("5.10-kvm_amd"), "--to", "calls").splitlines()]
        field = driver.find_element(By.ID, "run-1-search")
        field.send_keys("debugfs_CREATE")
        count = sum("debugfs_create" in (call["function"] or "") for call in calls)
        assert count > 10, count
        found = driver.find_element(By.CSS_SELECTOR, ".call-tools .count").text
        assert found.startswith(f"{count} calls of "), (found, count)
        time.sleep(0.6)
        assert status(driver) == found, status(driver)
        field.send_keys(Keys.ENTER)
        first = driver.execute_script("return document.querySelector('.call-details dd').textContent")
        assert "debugfs_create" in focus_name(driver)
        field.send_keys(Keys.ENTER)
        assert "debugfs_create" in focus_name(driver)
        assert first != driver.execute_script("return document.querySelector('.call-details dd').textContent")
        field.send_keys(Keys.ESCAPE)
        assert driver.find_element(By.CSS_SELECTOR, ".call-tools .count").text == ""


@check
def pointer(maker):
    """a click zooms to a call, the button zooms out again"""
    with opened(maker, "ok") as driver:
        canvas = driver.find_element(By.CSS_SELECTOR, "canvas")
        out = driver.find_element(By.XPATH, "//button[text()='Zoom out']")
        assert not out.is_enabled()
        ActionChains(driver).move_to_element_with_offset(canvas, 0, -canvas.size["height"] // 2 + 45).click().perform()
        time.sleep(0.4)
        assert out.is_enabled(), focus_name(driver)
        assert driver.find_element(By.CSS_SELECTOR, ".tip").text
        driver.find_element(By.XPATH, "//button[text()='Whole run']").click()
        time.sleep(0.4)
        assert not out.is_enabled()


@check
def keyboard(maker):
    """the whole way by keys: Tab, arrows, Enter, Escape, /"""
    with opened(maker, "ok") as driver:
        widget = driver.find_element(By.CSS_SELECTOR, "[role=application]")
        driver.execute_script("document.activeElement.blur(); window.scrollTo({ top: 0, behavior: 'instant' })")
        body = driver.find_element(By.TAG_NAME, "body")
        seen = []
        for _ in range(200):
            (driver.switch_to.active_element if seen else body).send_keys(Keys.TAB)
            seen.append(chromium.focused(driver))
            if seen[-1]["role"] == "application":
                break
        assert seen[0]["text"] == "Skip to the verdict", seen[0]
        assert seen[-1]["role"] == "application", seen[-1]
        texts = [one["text"] for one in seen]
        assert texts.index("Copy as text") < texts.index("Whole run"), texts
        root = focus_name(driver)
        widget.send_keys(Keys.ARROW_DOWN)
        child = focus_name(driver)
        assert child != root and child in status(driver), (root, child)
        widget.send_keys(Keys.ARROW_RIGHT)
        sibling = focus_name(driver)
        assert "2 of" in status(driver), status(driver)
        widget.send_keys(Keys.ARROW_LEFT)
        assert focus_name(driver) == child != sibling
        widget.send_keys(Keys.ARROW_UP)
        assert focus_name(driver) == root
        widget.send_keys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ENTER)
        time.sleep(0.4)
        out = driver.find_element(By.XPATH, "//button[text()='Zoom out']")
        assert out.is_enabled()
        widget.send_keys(Keys.ESCAPE)
        widget.send_keys(Keys.ESCAPE)
        time.sleep(0.4)
        assert not out.is_enabled()
        widget.send_keys("/")
        assert chromium.focused(driver)["id"] == "run-1-search"


@check
def sorting(maker):
    """each column sorts up, down and back, and says so"""
    with opened(maker, "failed") as driver:
        def order():
            return driver.execute_script("return [...document.querySelectorAll('.stage-table tbody tr')].map((row) => row.dataset.stage)")
        original = order()
        headings = find(driver, ".stage-table thead th")
        for heading in headings:
            button = heading.find_element(By.TAG_NAME, "button")
            orders = []
            for expected in ["ascending", "descending", "none"]:
                driver.execute_script("arguments[0].click()", button)
                assert heading.get_attribute("aria-sort") == expected
                orders.append(order())
            assert orders[2] == original and sorted(orders[0]) == sorted(original), heading.text
        assert len(headings) == 8
        driver.execute_script("arguments[0].click()", headings[4].find_element(By.TAG_NAME, "button"))
        values = driver.execute_script(
            "return [...document.querySelectorAll('.stage-table tbody tr')].map((row) => row.cells[4].dataset.value).filter(Boolean).map(Number)")
        assert values == sorted(values)


@check
def explanations(maker):
    """a stage is explained below its row, and shown in the call tree"""
    with opened(maker, "failed") as driver:
        button = driver.find_element(By.CSS_SELECTOR, "tr.culprit a.explain")
        driver.execute_script("arguments[0].click()", button)
        assert button.get_attribute("aria-expanded") == "true"
        told = driver.find_element(By.CSS_SELECTOR, "tr.explained")
        assert "Why it fails, and what to do" in told.text and "visible" in told.text
        driver.execute_script("arguments[0].click()", told.find_element(By.TAG_NAME, "button"))
        time.sleep(0.5)
        assert "is_vmx_supported" in focus_name(driver)
        driver.execute_script("arguments[0].click()", button)
        assert not find(driver, "tr.explained")


@check
def folding(maker):
    """noise folds as in `report --tree`, and unfolds"""
    with opened(maker, "ok") as driver:
        box = driver.find_element(By.ID, "run-1-search-fold")
        assert box.is_selected()
        text = maker.run("report", pages.trace("5.10-kvm_amd"), "--tree")
        folded = set(re.findall(r"… [\d,]+ locks, allocations and the like", text))
        labels = set(json.loads(driver.find_element(By.ID, "run-1-calls").get_attribute("textContent"))["folds"])
        assert folded and folded <= labels, folded - labels
        before = driver.find_element(By.CSS_SELECTOR, "canvas").screenshot_as_png
        box.click()
        time.sleep(0.3)
        assert before != driver.find_element(By.CSS_SELECTOR, "canvas").screenshot_as_png


@check
def theme(maker):
    """light, dark and back; text has AA contrast in both"""
    with open(os.path.join(os.path.dirname(__file__), "contrast.js"), encoding="utf-8") as file:
        contrast = file.read()
    for name in ["failed", "ok", "diff"]:
        with opened(maker, name, calls=name != "diff") as driver:
            button = driver.find_element(By.XPATH, "//button[starts-with(text(), 'Theme')]")
            grounds = []
            for expected in ["Theme: auto", "Theme: light", "Theme: dark"]:
                assert button.text == expected, button.text
                poor = driver.execute_script(contrast)
                assert not poor, f"{name}, {expected}: {poor[:5]}"
                grounds.append(driver.execute_script("return getComputedStyle(document.body).backgroundColor"))
                driver.execute_script("arguments[0].click()", button)
            assert grounds[0] == grounds[1] != grounds[2]
    with opened(maker, "failed", dark=True) as driver:
        assert driver.execute_script("return getComputedStyle(document.body).backgroundColor") == grounds[2]
