"""Makes the pages that are looked at."""

import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVIL = "</script><img/src=x/onerror=document.title='hit'>"

# One of each kind: name of the page, then the traces.
REPORTS = {
    "ok": ["5.10-kvm_amd"],
    "failed": ["6.12-kvm_intel-fail-record"],
    "large": ["7.3-kvm_amd"],
    "folded": ["7.3-kvm_intel"],
    "several": ["5.10-several"],
    "traces": ["6.12-kvm_amd-fail", "6.12-kvm_amd-record-stages"],
    "no-starts": ["6.12-kvm_amd-text-default"],
    "no-durations": ["6.12-kvm_amd-text-noduration"],
    "lost": ["5.10-kvm_amd-lost"],
    "unknown": ["5.10-kvm_amd-loaded"],
    "no-run": ["6.12-kvm_amd-depth"],
    "lanes": ["6.12-arm64-cpus"],
    "cpus": ["6.12-fault-virt-cpu1-record"],
}
DIFFS = {
    "diff": ("6.12-kvm_amd", "7.3-kvm_amd"),
    "diff-failed": ("6.12-kvm_intel", "6.12-kvm_intel-fail-record"),
}


def trace(sample):
    folder = os.path.join(ROOT, "SampleTraces", sample)
    return os.path.join(folder, next(name for name in sorted(os.listdir(folder)) if name.startswith("trace.")))


class Maker:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def run(self, *arguments):
        result = subprocess.run([self.binary, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if result.returncode not in (0, 1, 2):
            raise SystemExit(f"{' '.join(arguments)}: {result.stderr}")
        return result.stdout

    def page(self, name):
        """The path of a page, made once."""
        path = os.path.join(self.folder, name + ".html")
        if not os.path.exists(path):
            self.run(*self.arguments(name), "--format", "html", "-o", path)
        return path

    def arguments(self, name):
        if name in DIFFS:
            return ["diff", *(os.path.relpath(trace(sample), ROOT) for sample in DIFFS[name])]
        if name == "evil":
            return ["report", trace("6.12-kvm_amd-fail"), "--vendor", "amd", "--kallsyms", self.hostile_names()]
        return ["report", *(os.path.relpath(trace(sample), ROOT) for sample in REPORTS[name])]

    def hostile_names(self):
        """A list of symbols that fits a failed load, and gives its init function, which is nameless there, a name that is markup."""
        path = os.path.join(self.folder, "kallsyms")
        calls = [json.loads(line) for line in self.run("export", trace("6.12-kvm_amd-fail"), "--to", "calls").splitlines()]
        init = min((call for call in calls if not call["function"]), key=lambda call: call["depth"])["address"]
        # What is traced is the call at a function's entry, a few bytes behind its symbol.
        symbols = {int(call["address"], 16) & ~15: f"T {call['function']}" for call in calls if call["function"]}
        symbols[int(init, 16) & ~15] = f"t {EVIL}\t[kvm_amd]"
        with open(path, "w", encoding="utf-8") as out:
            for address, symbol in sorted(symbols.items()):
                out.write(f"{address:x} {symbol}\n")
        return path
