"""--redact: no address, doubtful name, host, id, command line or path of the sample is left in any format."""

import re

from sample import require

FORMATS = ["calls", "stages", "perfetto", "chrome", "folded", "speedscope", "openmetrics", "sqlite"]
TIMELINES = ["perfetto", "chrome", "speedscope"]
# Of the kernel, on all 64-bit machines. A microcode revision has eight digits too.
ADDRESS = re.compile(rb"0xffff[0-9a-f]{8}")


def check(sample):
    recorder = sample.report["source"].get("recorder") or {}
    secrets = [recorder.get(key) for key in ["host_id", "boot_id", "kernel_command_line"]] + [sample.path, sample.name]
    secrets += [word for word in recorder.get("command", []) if "/" in word]
    secrets += {f"({call.doubtful}?)" for call in sample.calls if call.doubtful}
    size = 0
    for form in FORMATS:
        data = sample.export(form, "--redact", timeline=form in TIMELINES)
        if data is None:
            continue
        size += len(data)
        found = ADDRESS.search(data)
        require(not found, f"{form}: {found and data[max(0, found.start() - 60):found.end() + 20]}")
        for secret in secrets:
            require(not secret or secret.encode() not in data, f"{form}: {secret}")
    return f"{size} bytes"
