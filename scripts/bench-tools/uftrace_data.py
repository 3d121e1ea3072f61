"""Makes a directory that uftrace reads of a trace-cmd file: the same raw pages of the ring buffer, unpacked, as uftrace's own recorder
writes them (kernel-cpuN.dat), with what has to stand beside them.

uftrace shows calls of the kernel inside calls of a program; `uftrace report --kernel-full` shows them without one. It knows no other
events, so the file must hold function_graph events alone, as that of scripts/make-large-trace does.
"""

import importlib.machinery
import importlib.util
import os
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEADER_PAGE, FTRACE_FORMATS, BUFFER = 16, 17, 3
# What `info` says: tasks and sessions are told, there are kernel calls; and that only the tasks are described.
FEATURES, TASK_INFORMATION = 0b11100110, 1 << 7
SESSION = "0123456789abcdef"


def maker():
    """scripts/make-large-trace as a module: it knows the file."""
    loader = importlib.machinery.SourceFileLoader("make_large_trace", os.path.join(ROOT, "scripts", "make-large-trace"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def section(module, source, ident):
    data, flags = next((s[4], s[1]) for s in source.sections if s[0] == ident)
    return module.decompress(data[8:], struct.unpack_from("<I", data, 4)[0]) if flags & 1 else data


def formats(data):
    """The format texts of ftrace's own events, by name."""
    at, found = 4, {}
    for _ in range(struct.unpack_from("<I", data)[0]):
        (size,) = struct.unpack_from("<Q", data, at)
        text = data[at + 8 : at + 8 + size]
        found[text.split(b"\n")[0].decode().removeprefix("name: ")] = text
        at += 8 + size
    return found


def write_header(folder, page, events):
    with open(os.path.join(folder, "kernel_header"), "wb") as out:
        out.write(b"PAGE_SIZE: 4096\nLONG_SIZE: 8\nENDIAN: LE\n")
        texts = {"header_page": page} | {f"ftrace/{name}/format": events[name] for name in ("funcgraph_entry", "funcgraph_exit")}
        for name, text in texts.items():
            out.write(f"TRACEFS: events/{name}: {len(text)}\n".encode() + text)


def write_task(folder, pid, start):
    """The only task, which began before the first event."""
    time = f"{max(0, start // 10**9 - 1)}.{start % 10**9:09d}"
    with open(os.path.join(folder, "task.txt"), "w") as out:
        out.write(f'SESS timestamp={time} pid={pid} sid={SESSION} exename="/none"\nTASK timestamp={time} tid={pid} pid={pid}\n')
    for name in (f"sid-{SESSION}.map", f"{pid}.dat", "kallsyms"):
        open(os.path.join(folder, name), "w").close()
    with open(os.path.join(folder, "info"), "wb") as out:
        out.write(b"Ftrace!\0" + struct.pack("<IHBBQQHHI", 4, 40, 1, 2, FEATURES, TASK_INFORMATION, 1024, 0, 0))
        out.write(f"taskinfo:lines=2\ntaskinfo:nr_tid=1\ntaskinfo:tids={pid}\n".encode())


def make(path, folder):
    os.makedirs(folder, exist_ok=True)
    module = maker()
    source = module.Source(path)
    head = section(module, source, HEADER_PAGE)[len("header_page\0") :]
    (size,) = struct.unpack_from("<Q", head)
    write_header(folder, head[8 : 8 + size], formats(section(module, source, FTRACE_FORMATS)))
    option = next(data for s in source.sections if s[0] == 0 for ident, data in module.options(s[4]) if ident == BUFFER)
    _, cpus = source.cpus(option)
    for cpu, pages in cpus:
        with open(os.path.join(folder, f"kernel-cpu{cpu}.dat"), "wb") as out:
            out.writelines(pages)
    # The PID stands in each event, behind its page's head and its own.
    first = next(pages[0] for _, pages in cpus if pages)
    write_task(folder, struct.unpack_from("<i", first, 16 + 4 + 4)[0], struct.unpack_from("<Q", first)[0])
