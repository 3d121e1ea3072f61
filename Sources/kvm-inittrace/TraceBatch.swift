import CallTrees
import Dispatch
import Glibc
import KVMStages
import Safeguards
import TraceFile

/// Reads and analyses many traces, several at a time, without keeping them.
struct TraceBatch: Sendable {
  /// In the order of the results; `-` is standard input.
  var paths: [String]
  var readOptions = ReadOptions()
  var hints = AnalysisHints()
  /// What the progress bar says is being done, or nil for none. It is drawn only on a terminal.
  var task: String?

  /// Traces side by side.
  private static let workers = Processors.count
  /// A larger file is read by itself, with all threads decoding: so memory holds one of them, or as many small ones as there are workers.
  private static let smallSize = 24 << 20

  /// What `body` makes of each trace, in the order of `paths`; the trace is dropped when it returns.
  ///
  /// - Parameter body: is called on several threads at once.
  func map<Answer: Sendable>(
    _ body: @escaping @Sendable (String, Recording, Analysis) -> Answer
  ) -> [(path: String, result: Result<Answer, CommandFailure>)] {
    let answers = Answers<Answer>(count: paths.count)
    let bar = ProgressBar(task: task, total: paths.count)
    let small = paths.indices.filter { paths.count > 1 && isSmall(paths[$0]) }
    inParallel(small, bar: bar, answers: answers, body)
    let isLarge = Set(paths.indices).subtracting(small)
    for index in paths.indices where isLarge.contains(index) {
      bar.draw(done: answers.done)
      answers.put(answer(paths[index], threads: nil, body), at: index)
    }
    bar.clear()
    return zip(paths, answers.all).map { ($0, $1) }
  }

  private func inParallel<Answer: Sendable>(
    _ indices: [Int], bar: ProgressBar, answers: Answers<Answer>, _ body: @escaping @Sendable (String, Recording, Analysis) -> Answer
  ) {
    let queue = IndexQueue(indices)
    let group = DispatchGroup()
    for _ in 0..<min(Self.workers, indices.count) {
      DispatchQueue.global(qos: .userInitiated).async(group: group) {
        while let index = queue.next() { answers.put(answer(paths[index], threads: 0, body), at: index) }
      }
    }
    while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut { bar.draw(done: answers.done) }
  }

  private func answer<Answer>(
    _ path: String, threads: Int?, _ body: (String, Recording, Analysis) -> Answer
  ) -> Result<Answer, CommandFailure> {
    var options = readOptions
    options.threads = threads
    do {
      let recording = try TraceOptions.read(path, options)
      return .success(body(path, recording, Analyser.analyse(recording, hints: hints)))
    } catch {
      return .failure(error)
    }
  }

  /// Whether the file, unpacked, is small; what does not tell its size is not.
  private func isSmall(_ path: String) -> Bool {
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    // The text of a trace packs to a twentieth.
    let isPacked = [".gz", ".xz", ".zst"].contains(where: path.hasSuffix)
    return status.st_size <= (isPacked ? Self.smallSize / 20 : Self.smallSize)
  }
}

/// Gives each index once, to whichever thread asks.
private final class IndexQueue: Sendable {
  private let rest: Locked<ArraySlice<Int>>

  init(_ indices: [Int]) { rest = Locked(indices[...]) }

  func next() -> Int? { rest.withLock { $0.popFirst() } }
}

/// The answers by index, put in from several threads.
private final class Answers<Answer: Sendable>: Sendable {
  private let answers = Locked<[Int: Result<Answer, CommandFailure>]>([:])
  private let count: Int

  init(count: Int) { self.count = count }

  var done: Int { answers.withLock { $0.count } }

  var all: [Result<Answer, CommandFailure>] {
    answers.withLock { answers in (0..<count).compactMap { answers[$0] } }
  }

  func put(_ answer: Result<Answer, CommandFailure>, at index: Int) {
    answers.withLock { $0[index] = answer }
  }
}
