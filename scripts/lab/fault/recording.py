"""Records the loads in emulated machines."""

import concurrent.futures
import itertools
import shutil
import subprocess
import tempfile
from pathlib import Path

from table import KINDS, LAB, SUFFIX, note


class Recorder:
    """`boot_size`: how many loads one machine makes where each of them switches the tracer."""

    def __init__(self, out, binary, boot_size=6):
        self.out, self.boot_size = out, boot_size
        self.kernels, self.trees = {}, {}
        self.tool = Path(tempfile.mkdtemp())
        self.lab("lab_tool", self.tool, binary)

    def close(self):
        for tree in [self.tool, *self.trees.values()]:
            shutil.rmtree(tree, ignore_errors=True)

    @staticmethod
    def lab(function, *words):
        """Calls a function of common.sh."""
        shell = 'LAB_NAME=fault-matrix; . "$0/common.sh"; "$@"'
        subprocess.run(["bash", "-euo", "pipefail", "-c", shell, str(LAB), function, *map(str, words)], check=True)

    @staticmethod
    def output(*command):
        return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def kernel(self, version):
        if version not in self.kernels:
            self.kernels[version] = Path(self.output(LAB / "fetch-kernel", version))
        return self.kernels[version]

    def tree(self, version):
        """What is laid over a machine's files: the fault module, and a module of another kernel."""
        if version not in self.trees:
            tree = Path(tempfile.mkdtemp())
            self.trees[version] = tree
            self.lab("lab_faults", version, tree)
        return self.trees[version]

    def boots(self, jobs):
        """The jobs by machine; one that leaves its machine damaged is the last of a boot."""
        groups = {}
        for job in jobs:
            groups.setdefault((job.fault.kernel, job.fault.machine, job.kind), []).append(job)
        for (_, _, kind), members in groups.items():
            size = 2 * self.boot_size if kind == "graph" else self.boot_size
            clean = [job for job in members if not job.fault.damages]
            damaging = [job for job in members if job.fault.damages]
            boots = [clean[start:start + size] for start in range(0, len(clean), size)]
            boots += [[] for _ in range(len(damaging) - len(boots))]
            for boot, job in itertools.zip_longest(boots, damaging):
                yield boot + ([job] if job else [])

    def run(self, jobs, workers=1, tries=3):
        """All of them; returns those whose machine never came to its end."""
        boots = list(self.boots(jobs))
        for job in jobs:
            self.tree(job.fault.kernel)
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            return [job for dead in pool.map(lambda boot: self.boot(boot, tries), boots) for job in dead]

    def boot(self, jobs, tries):
        """One machine, its loads one after another; when it dies, each load has a machine of its own."""
        if self.attempt(jobs, tries if len(jobs) == 1 else min(tries, 2)):
            return []
        if len(jobs) == 1:
            note(f"{jobs[0].fault.kernel} {jobs[0].fault.id} {jobs[0].kind}: no machine came to its end")
            return jobs
        dead = []
        for job in jobs:
            dead += self.boot([job], tries)
        return dead

    def attempt(self, jobs, tries):
        fault = jobs[0].fault
        work = Path(tempfile.mkdtemp())
        try:
            script, files = work / "record.sh", work / "files"
            files.mkdir()
            loads = [f"load '{job.fault.id}' {job.kind} {job.fault.module} '{job.fault.setup}'" for job in jobs]
            script.write_text((LAB / "guest.sh").read_text() + (LAB / "fault" / "guest.sh").read_text() + "\n".join(loads) + "\ntrue\n")
            note(f"{fault.kernel} {fault.machine}: " + ", ".join(f"{job.fault.id} {job.kind}" for job in jobs))
            command = [*self.machine(fault.machine, len(jobs)), "--tries", tries, "--add", self.tool, "--add", self.tree(fault.kernel),
                       self.kernel(fault.kernel), script, files]
            if subprocess.run([str(word) for word in command]).returncode != 0:
                return False
            for job in jobs:
                self.keep(job, files)
            return True
        finally:
            shutil.rmtree(work, ignore_errors=True)

    @staticmethod
    def machine(machine, loads):
        """The command for a machine of the table, as in recipes.sh."""
        if machine == "bochs":
            return [LAB / "run-bochs", "--timeout", 600 + 600 * loads]
        kind, _, text = machine.partition(":")
        options = ["--cpu", text] if kind == "qemu-cpu" else ["--append", text] if text else []
        return [LAB / "run-qemu", "--timeout", 120 + 60 * loads, *options]

    def keep(self, job, files):
        directory = job.directory(self.out)
        directory.mkdir(parents=True, exist_ok=True)
        for name in {job.kind, *KINDS[job.kind]}:
            for path in files.glob(f"{job.fault.id}.{name}.*"):
                shutil.move(path, directory / path.name[len(job.fault.id) + 1:])
        self.index(job)

    def index(self, job):
        """A line of INDEX.tsv for each recording, for those who look in meanwhile."""
        result, fault, path = job.result(self.out) or {}, job.fault, self.out / "INDEX.tsv"
        if not path.exists():
            path.write_text("kernel\tfault\tway\tpath\tstage\tfunction\terrno\thits\tmodprobe status\n")
        with path.open("a") as file:
            for way in KINDS[job.kind]:
                file.write("\t".join([fault.kernel, fault.id, way, f"{fault.kernel}/{fault.id}/{way}.{SUFFIX[way]}",
                                      ",".join(fault.stages) or "-", ",".join(fault.functions) or "-", fault.errno,
                                      result.get("hits", "") or "-", result.get("status", "")]) + "\n")
