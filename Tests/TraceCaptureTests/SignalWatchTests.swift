import Glibc
import Testing

@testable import TraceCapture

/// Signals go to the thread that runs the test: all others of the process would die of them.
@Suite struct SignalWatchTests {
  private func isBlocked(_ signal: Int32) -> Bool {
    var mask = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &mask)
    return sigismember(&mask, signal) == 1
  }

  @Test(arguments: SignalWatch.ending) func signalsWaitToBeTaken(_ signal: Int32) throws {
    let watch = try SignalWatch()
    #expect(watch.next() == nil)
    #expect(pthread_kill(pthread_self(), signal) == 0)
    #expect(watch.next() == signal)
    #expect(watch.next() == nil)
  }

  /// It would end the process, or what runs next.
  @Test(arguments: SignalWatch.ending) func whatIsNotTakenEndsNothing(_ signal: Int32) throws {
    var watch: SignalWatch? = try SignalWatch()
    #expect(pthread_kill(pthread_self(), signal) == 0 && watch != nil && SignalWatch.pending == signal)
    watch = nil
    #expect(SignalWatch.pending == nil)
  }

  @Test func childrenEndNothing() throws {
    let watch = try SignalWatch()
    #expect(pthread_kill(pthread_self(), SIGCHLD) == 0)
    var ready = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&ready, 1, 0) == 1)
    #expect(watch.next() == nil)
    #expect(poll(&ready, 1, 0) == 0)
  }

  /// Only the first counts; none stays to end the process later.
  @Test func severalSignals() throws {
    let watch = try SignalWatch()
    for signal in [SIGCHLD, SIGHUP, SIGHUP] { #expect(pthread_kill(pthread_self(), signal) == 0) }
    #expect(watch.next() == SIGHUP)
    #expect(watch.next() == nil)
    for signal in [SIGINT, SIGTERM] { #expect(pthread_kill(pthread_self(), signal) == 0) }
    #expect([SIGINT, SIGTERM].contains(try #require(watch.next())))
    #expect(watch.next() == nil)
  }

  @Test func theMaskIsPutBack() throws {
    let before = SignalWatch.ending.map(isBlocked)
    var watch: SignalWatch? = try SignalWatch()
    #expect(watch?.next() == nil && SignalWatch.ending.allSatisfy(isBlocked))
    watch = nil
    #expect(SignalWatch.ending.map(isBlocked) == before)
  }

  @Test func names() {
    #expect([SIGINT, SIGTERM, SIGHUP, 9].map(SignalWatch.name) == ["SIGINT", "SIGTERM", "SIGHUP", "signal 9"])
    #expect(RecordingSession.Ending.done.interruption == nil)
    #expect(RecordingSession.Ending.signal(SIGTERM).interruption == "SIGTERM")
    #expect(RecordingSession.Ending.timeout.interruption == "timeout")
  }
}
