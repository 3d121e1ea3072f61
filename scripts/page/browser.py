"""Chromium without a screen."""

import json

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


def open_browser(width=1280, height=900, script=True, dark=False):
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     f"--window-size={width},{height}", "--force-device-scale-factor=1", "--disable-background-networking"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    # Headless windows do not become as narrow as phones are: the page is told to be.
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    browser.set_script_timeout(60)
    return browser


def load(browser, path):
    browser.get("file://" + path)


def wait_for_calls(browser, run="run-1"):
    """Until the call tree of a run is drawn; milliseconds that it took."""
    return int(browser.execute_async_script("""
        const [run, done] = arguments;
        const section = document.getElementById(`${run}-calls-section`);
        section.scrollIntoView({ behavior: 'instant' });
        const ready = () => {
          section.querySelector('canvas').scrollIntoView({ block: 'center', behavior: 'instant' });
          requestAnimationFrame(() => done(section.dataset.loadMs));
        };
        const look = () => (section.dataset.loadMs ? ready() : setTimeout(look, 20));
        look();
    """, run))


def complaints(browser):
    """What the console says: errors, and what the policy stopped."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def accessible(browser):
    """Roles and names of what a screen reader finds."""
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [(node.get("role", {}).get("value"), node.get("name", {}).get("value", ""), node) for node in nodes if not node.get("ignored")]


def focused(browser):
    return json.loads(browser.execute_script("""
        const node = document.activeElement;
        return JSON.stringify({ tag: node.tagName, text: node.textContent.slice(0, 40), role: node.getAttribute('role'), id: node.id });
    """))
