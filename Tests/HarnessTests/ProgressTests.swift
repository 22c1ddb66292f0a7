import Foundation
import Harness
import Synchronization
import Testing

private func snapshot() -> ProgressSnapshot {
  var snapshot = ProgressSnapshot()
  snapshot.total = 10
  snapshot.skipped = 2
  snapshot.finished = 2
  snapshot.failed = 1
  snapshot.jobs = 2
  snapshot.durations = ["a": [10, 20]]
  snapshot.running = [.init(label: "a 1", fraction: 0.5, message: "training", seconds: 12)]
  snapshot.waiting = ["a", "a", "b", "a"]
  return snapshot
}

@Suite("Progress")
struct ProgressTests {
  @Test("estimates the time left from finished runs and fractions")
  func timeLeft() {
    // 12 s for the half of the running one, 15 s for each of four, two at a time.
    #expect(snapshot().secondsLeft == 36)
    var unknown = snapshot()
    unknown.durations = [:]
    unknown.running[0].fraction = 0
    #expect(unknown.secondsLeft == nil)
    unknown.running[0].fraction = 0.25
    #expect(unknown.secondsLeft == (36.0 + 4 * 48) / 2)
    // Of a run that went on at a quarter, 12 s are for the quarter made since.
    unknown.running[0] = .init(label: "a 1", fraction: 0.5, kept: 0.25, message: "", seconds: 12)
    unknown.waiting = []
    #expect(unknown.secondsLeft == 24)
    unknown.running[0] = .init(label: "a 1", fraction: 0.251, kept: 0.25, message: "", seconds: 3)
    #expect(unknown.secondsLeft == nil)
    unknown.running[0].seconds = 6
    #expect(abs((unknown.secondsLeft ?? 0) - 4494) < 1)
  }

  @Test("is one line")
  func line() {
    #expect(snapshot().line == "5 of 10 runs, 2 done before, 1 failed, running: 50 % (training), 36 s left")
  }

  @Test(
    "writes durations for people",
    arguments: [(0.44, "0.4 s"), (12.4, "12 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
  func durations(_ seconds: Double, _ text: String) { #expect(durationText(seconds) == text) }

  @Test("rewrites one line on a terminal")
  func terminal() {
    let written = Mutex("")
    let display = StandardErrorDisplay(isTerminal: true) { text in written.withLock { $0 += text } }
    display.show(snapshot())
    display.show(snapshot())
    display.tell("finished a")
    display.finish()
    let line = "\r\u{1b}[K5 of 10 runs, 2 done before, 1 failed, running: 50 % (training), 36 s left"
    #expect(written.withLock { $0 }.hasPrefix(String(line.prefix(40))))
    #expect(written.withLock { $0 }.hasSuffix("\r\u{1b}[Kfinished a\n"))
    #expect(written.withLock { $0 }.components(separatedBy: "\u{1b}").count == 3)
  }

  @Test("writes few plain lines elsewhere")
  func plain() {
    let written = Mutex("")
    let display = StandardErrorDisplay(isTerminal: false) { text in written.withLock { $0 += text } }
    for second in 0...61 {
      var now = snapshot()
      now.seconds = Double(second)
      display.show(now)
    }
    display.finish()
    let line = "5 of 10 runs, 2 done before, 1 failed, running: 50 % (training), 36 s left\n"
    #expect(written.withLock { $0 } == line + line)
  }
}
