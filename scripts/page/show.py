"""The page is looked at: on a screen, a phone, paper, by a screen reader, without scripts."""

import base64
import re

from selenium.webdriver.common.by import By

import browser as chromium
import pages
from harness import check, find, opened


@check
def loads(maker):
    """every kind of page opens, draws, and the console is silent"""
    for name in list(pages.REPORTS) + list(pages.DIFFS):
        has_calls = name not in pages.DIFFS and name != "unknown"
        with opened(maker, name, calls=has_calls) as driver:
            assert find(driver, "h2.verdict"), name
            assert not find(driver, ".needs-script") or name in ("several", "traces", "unknown"), name


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
