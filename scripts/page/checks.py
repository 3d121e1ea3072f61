"""The checks, each a function that takes a maker of pages; the first line of its text is its name."""

import base64
import json
import os
import re
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import browser as chromium
import pages

# A frame on a machine without graphics and with other work may take this long; a screen shows 60 frames a second.
MOST_FRAME_MS = 250
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def run(maker):
    """The number of checks that failed."""
    failures = 0
    for function in CHECKS:
        name = function.__doc__.splitlines()[0]
        try:
            remark = function(maker)
            print(f"ok    {name}{'; ' + remark if remark else ''}", flush=True)
        except Exception as error:  # the browser's own too: the other checks are still worth knowing
            failures += 1
            print(f"FAIL  {name}: {type(error).__name__}: {error}", flush=True)
    return failures


class opened:
    """A page in a browser, which is closed at the end, and may have nothing to complain of."""

    def __init__(self, maker, name, calls=True, **settings):
        self.path, self.calls, self.settings = maker.page(name), calls, settings

    def __enter__(self):
        self.browser = chromium.open_browser(**self.settings)
        chromium.load(self.browser, self.path)
        if self.calls:
            self.load_ms = chromium.wait_for_calls(self.browser)
        self.browser.page = self
        return self.browser

    def __exit__(self, kind, *_):
        complaints = chromium.complaints(self.browser)
        self.browser.quit()
        if kind is None:
            assert not complaints, f"the console says {complaints}"


def find(driver, css):
    return driver.find_elements(By.CSS_SELECTOR, css)


def status(driver):
    return driver.find_element(By.ID, "status").get_attribute("textContent")


def focus_name(driver, run="run-1"):
    return driver.find_element(By.CSS_SELECTOR, f"#{run} .call-details h4").text


@check
def loads(maker):
    """every kind of page opens, draws, and the console is silent"""
    for name in list(pages.REPORTS) + list(pages.DIFFS):
        has_calls = name not in pages.DIFFS and name != "unknown"
        with opened(maker, name, calls=has_calls) as driver:
            assert find(driver, "h2.verdict"), name
            assert not find(driver, ".needs-script") or name in ("several", "traces", "unknown"), name


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


@check
def narrow(maker):
    """at 360 pixels nothing makes the page wider"""
    for name in ["failed", "several", "diff", "cpus"]:
        with opened(maker, name, calls=name != "diff", width=360, height=740) as driver:
            width = driver.execute_script("return document.documentElement.scrollWidth")
            assert width <= 360, f"{name}: {width}"


@check
def paper(maker):
    """prints; all stages are on the paper, and nothing to press"""
    with opened(maker, "failed") as driver:
        pdf = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
        count = len(re.findall(rb"/Type\s*/Page\b", pdf))
        assert pdf.startswith(b"%PDF") and count >= 2, count
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        hidden = driver.execute_script(
            "return [...document.querySelectorAll('.stage-table tbody tr')].filter((row) => !row.getClientRects().length).length")
        assert hidden == 0, hidden
        assert not driver.find_element(By.ID, "controls").is_displayed()
        return f"{count} pages"


@check
def without_scripts(maker):
    """without scripts: verdict, failure, stages, differences, and a word on the call tree"""
    with opened(maker, "failed", calls=False, script=False) as driver:
        assert "FAILED" in find(driver, "h2.verdict")[0].text
        assert "likely cause" in find(driver, ".failure")[0].text
        assert len(find(driver, ".stage-table tbody tr")) > 20
        assert "report --tree" in find(driver, ".needs-script")[0].text
        link = driver.find_element(By.CSS_SELECTOR, "tr.culprit a.explain")
        assert find(driver, link.get_attribute("href").split("/")[-1].split("html")[-1])[0].text
        assert not find(driver, "#controls button")
    with opened(maker, "diff", calls=False, script=False) as driver:
        assert len(find(driver, ".diff-table tbody tr")) > 4 and len(find(driver, ".call-table tbody tr")) > 10


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
def screen_reader(maker):
    """roles and names: landmarks, tables, buttons, the call tree"""
    with opened(maker, "failed") as driver:
        nodes = chromium.accessible(driver)
        roles = [role for role, _, _ in nodes]
        for role in ["banner", "main", "contentinfo", "table", "columnheader", "rowheader", "application", "status", "searchbox", "checkbox"]:
            assert role in roles, role
        for role, name, node in nodes:
            if role in ("button", "link", "checkbox", "searchbox", "application", "region", "image"):
                assert name.strip(), (role, node)
        levels = driver.execute_script("return [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")
        assert levels[0] == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:])), levels


@check
def motion(maker):
    """who wants no motion gets none"""
    with opened(maker, "ok") as driver:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
        assert driver.execute_script("return getComputedStyle(document.documentElement).scrollBehavior") == "auto"


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
