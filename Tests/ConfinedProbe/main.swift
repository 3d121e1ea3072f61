import Glibc
import Safeguards

// What a confined process can and cannot do: the tests run it, because nothing takes a confinement back.
//
// confined FOLDER: in FOLDER are `in/file`, `out` and `secret/file`; prints a line for each thing that it tries: `name errno`.
// cut FILE: is killed by the end of a mapped file, with an unfinished output beside it.

func show(_ name: String, _ isDone: Bool) { print(name, isDone ? 0 : errno) }

func tryReading(_ path: String) -> Bool {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  defer { if file >= 0 { close(file) } }
  return file >= 0
}

func tryMaking(_ path: String) -> Bool {
  let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  defer { if file >= 0 { close(file) } }
  return file >= 0
}

func tryExecuting() -> Bool {
  let words = [strdup("true"), nil]
  return execv("/bin/true", words) == 0
}

func confined(_ folder: String) {
  var confinement = Confinement()
  confinement.traces = [folder + "/in"]
  confinement.outputs = [folder + "/out/report"]
  confinement.enter()
  show("read-input", tryReading(folder + "/in/file"))
  show("read-linked", tryReading(folder + "/in/link"))
  show("read-other", tryReading(folder + "/secret/file"))
  show("write-other", tryMaking(folder + "/secret/new"))
  show("remove-other", unlink(folder + "/secret/file") == 0)
  show("chmod", chmod(folder + "/secret/file", 0o644) == 0)
  show("execute", tryExecuting())
  show("socket", socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0)
  show("owner", chown(folder + "/secret/file", 1, 1) == 0)
  do {
    let file = try PendingFile(for: folder + "/out/report", mode: 0o640)
    show("write-output", write(file.descriptor, "x", 1) == 1)
    try file.commit()
    print("replace-output 0")
  } catch {
    print("replace-output", error.errno)
  }
}

func cut(_ path: String) throws {
  BusErrors.endClearly()
  let pending = try PendingFile(for: path + ".out", mode: 0o600)
  let file = open(path, O_RDWR)
  guard let memory = mmap(nil, 8192, PROT_READ, MAP_PRIVATE, file, 0), memory != MAP_FAILED, ftruncate(file, 0) == 0 else { exit(1) }
  print(memory.load(fromByteOffset: 4096, as: UInt8.self), pending.path)
}

switch (CommandLine.arguments.dropFirst().first, CommandLine.arguments.last) {
case ("confined", let folder?): confined(folder)
case ("cut", let path?): try cut(path)
default: exit(64)
}
