"""Pictures of the pages: for the documentation, and to look at."""

import base64
import os
import time

import browser as chromium
import pages

MOST_BYTES = 150_000


def save(driver, path, height=None):
    """The window, or the page down to `height`."""
    settings = {"format": "png"}
    if height:
        width = driver.execute_script("return document.documentElement.clientWidth")
        settings |= {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}
    with open(path, "wb") as out:
        out.write(base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", settings)["data"]))


def whole(driver):
    return min(6000, driver.execute_script("return document.documentElement.scrollHeight"))


def documentation(maker, folder):
    """Docs/images: the top of a failure's page, and a zoomed call tree."""
    os.makedirs(folder, exist_ok=True)
    driver = chromium.open_browser(width=1000, height=760)
    chromium.load(driver, maker.page("failed"))
    time.sleep(1)
    save(driver, os.path.join(folder, "report-page.png"))
    chromium.load(driver, maker.page("ok"))
    chromium.wait_for_calls(driver)
    driver.execute_script("document.querySelector('.drawing [data-stage=\"arch_init\"]').dispatchEvent(new Event('click', { bubbles: true }))")
    driver.find_element("id", "run-1-search").send_keys("sysfs_")
    driver.execute_script("window.scrollTo({ top: document.querySelector('.calls').offsetTop - 52, behavior: 'instant' })")
    time.sleep(1)
    save(driver, os.path.join(folder, "call-tree.png"))
    driver.quit()
    for name in ["report-page.png", "call-tree.png"]:
        path = os.path.join(folder, name)
        if os.path.getsize(path) > MOST_BYTES:
            raise SystemExit(f"{path} has {os.path.getsize(path):,} bytes, more than {MOST_BYTES:,}")
        print(f"{path}: {os.path.getsize(path):,} bytes")


def shots(maker, folder):
    """Everything that there is to look at."""
    os.makedirs(folder, exist_ok=True)
    for name, settings in [
        ("failed", {}), ("failed", {"dark": True}), ("failed", {"width": 360, "height": 740}), ("ok", {}), ("large", {"dark": True}),
        ("diff", {}), ("diff", {"dark": True}), ("diff", {"width": 360, "height": 740}), ("cpus", {}), ("lost", {}), ("several", {}),
        ("no-starts", {}), ("evil", {}), ("unknown", {}), ("diff-failed", {}),
    ]:
        driver = chromium.open_browser(**settings)
        chromium.load(driver, maker.page(name))
        if name not in pages.DIFFS and name != "unknown":
            chromium.wait_for_calls(driver)
        look = "dark" if settings.get("dark") else "phone" if settings.get("width") else "light"
        driver.execute_script("window.scrollTo({ top: 0, behavior: 'instant' })")
        save(driver, os.path.join(folder, f"{name}-{look}.png"), height=whole(driver))
        if (name, look) == ("failed", "light"):
            pdf = os.path.join(folder, "failed.pdf")
            with open(pdf, "wb") as out:
                out.write(base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]))
        driver.quit()
