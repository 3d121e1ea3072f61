"""What the checks share. Each is a function that takes a maker of pages; the first line of its text is its name."""

from selenium.webdriver.common.by import By

import browser as chromium

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
