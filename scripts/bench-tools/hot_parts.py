"""Where the time of one command goes: samples of `perf record`, put down to the parts of the tool by the functions on the stack."""

import os
import re
import subprocess
import tempfile

# The innermost function of a stack that is named here tells the part. Swift's mangled names have those of types and methods in them.
PARTS = [
    ("kernel: memory and files", re.compile(r"exc_page_fault|entry_SYSCALL|asm_sysvec")),
    ("decompress", re.compile(r"ZSTD_|HUF_|FSE_|libzstd|12DecompressorC|decompress")),
    ("decode pages", re.compile(r"PageDecoder|EventDecoder|PageEvents|EventBatch")),
    ("merge the CPUs", re.compile(r"StreamMerger|DecodingPipeline|EventStream|pthread_|futex")),
    ("symbols and formats", re.compile(r"SymbolTable|NameResolver|SymbolSelection|EventPlans|FormatParser|tep_")),
    ("read text", re.compile(r"TextGraphReader|TextReportReader|TextPrologue|TextCall|TextLines|TextFunctionNames|TextHead|TextBytes")),
    ("build the trees", re.compile(r"TaskBuilder|TaskRows|RecordingBuilder|FunctionTable|markTopmost")),
    ("check the names", re.compile(r"NameChecks")),
    ("find the runs", re.compile(r"RunFinder")),
    ("look through the runs", re.compile(r"RunScan|RunTree|TimeAccount")),
    ("fit the version", re.compile(r"VersionFit|CallEdges|StageFits")),
    ("match the stages", re.compile(r"StageMatcher")),
    ("judge the runs", re.compile(r"StageRules|VerdictRules|FailureFinder|FailureStory|RunAnalyser|VendorChoice|Analyser|Outcome|RemoteWork")),
    ("write the report", re.compile(r"Reports|OutputStream")),
    ("start and end", re.compile(r"")),
]
RATE = 2000


def part(stack):
    for frame in stack:
        for name, pattern in PARTS[:-1]:
            if pattern.search(frame):
                return name
    return PARTS[-1][0]


def samples(command):
    """The stack of each sample, innermost function first, with the thread that was running."""
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "perf.data")
        record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(RATE), "-g", "-o", data, "--"] + command
        subprocess.run(record, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        script = ["perf", "script", "-i", data, "-F", "pid,tid,ip,sym,dso"]
        text = subprocess.run(script, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace").stdout
    for block in text.split("\n\n"):
        lines = block.strip().split("\n")
        found = re.match(r"\s*(\d+)/(\d+)", lines[0])
        if found:
            yield found.group(1) == found.group(2), lines[1:]


def table(command):
    """Rows of part, milliseconds on the first thread, and on the others."""
    times = {name: [0.0, 0.0] for name, _ in PARTS}
    for is_first, stack in samples(command):
        times[part(stack)][0 if is_first else 1] += 1000 / RATE
    return [(name, first, others) for name, (first, others) in times.items() if first + others > 0]


def show(command):
    rows = table(command)
    total = sum(first + others for _, first, others in rows)
    print("| part | first thread | other threads | share |\n|---|--:|--:|--:|")
    for name, first, others in rows:
        print(f"| {name} | {first:.0f} ms | {others:.0f} ms | {100 * (first + others) / total:.1f} % |")
    print(f"| all | {sum(row[1] for row in rows):.0f} ms | {sum(row[2] for row in rows):.0f} ms | |", flush=True)
