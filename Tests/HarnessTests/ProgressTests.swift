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
  snapshot.running = [
    .init(label: "a 1", kind: "a", fraction: 0.5, message: "training", pace: RunPace(fraction: 0.5, seconds: 12))
  ]
  snapshot.waiting = ["a", "a", "b", "a"]
  return snapshot
}

/// Keeps what is shown.
private final class Seen: ProgressDisplay {
  let snapshots = Mutex<[ProgressSnapshot]>([])
  func show(_ snapshot: ProgressSnapshot) { snapshots.withLock { $0.append(snapshot) } }
  func tell(_ sentence: String) {}
  func finish() {}
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
    unknown.running[0].pace.fraction = 0
    #expect(unknown.secondsLeft == nil)
    unknown.running[0].fraction = 0.25
    unknown.running[0].pace.fraction = 0.25
    #expect(unknown.secondsLeft == (36.0 + 4 * 48) / 2)
    // Of a run that went on at a quarter, 12 s are for the quarter made since.
    unknown.running[0] = .init(
      label: "a 1", kind: "a", fraction: 0.5, message: "", pace: RunPace(fraction: 0.25, seconds: 12))
    unknown.waiting = []
    #expect(unknown.secondsLeft == 24)
    unknown.running[0] = .init(
      label: "a 1", kind: "a", fraction: 0.251, message: "", pace: RunPace(fraction: 0.001, seconds: 3))
    #expect(unknown.secondsLeft == nil)
    unknown.running[0].pace.seconds = 6
    #expect(abs((unknown.secondsLeft ?? 0) - 4494) < 1)
  }

  @Test("knows runs by their kind, and takes those of a kind that was not begun for the mean of the others")
  func kinds() {
    var snapshot = ProgressSnapshot()
    snapshot.durations = ["small": [1, 1, 1]]
    snapshot.running = [
      .init(label: "large", kind: "large", fraction: 0.1, message: "", pace: RunPace(fraction: 0.1, seconds: 10))
    ]
    snapshot.waiting = ["small", "large", "unknown"]
    #expect(abs((snapshot.secondsLeft ?? 0) - (90 + 1 + 100 + 50.5)) < 1e-9)
  }

  @Test("of a run that goes on counts what earlier processes made, in the time that they took")
  func goingOn() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 1...1)
      let cancellation = Cancellation()
      ToyHooks.set(folder) { stage, _ in
        Thread.sleep(forTimeInterval: 0.3)
        if stage == "second" { cancellation.cancel() }
      }
      _ = Batch(run, folder: folder, cancellation: cancellation).execute()
      ToyHooks.set(folder) { _, _ in Thread.sleep(forTimeInterval: 0.5) }
      let seen = Seen()
      #expect(Batch(run, folder: folder, display: seen).execute().map(\.ending) == [.finished])
      let paces = seen.snapshots.withLock { $0 }.compactMap { $0.running.first?.pace }.filter { $0.fraction > 0 }
      let pace = try #require(paces.first)
      #expect(abs(pace.fraction - 2.0 / 3) < 1e-9 && pace.seconds > 0.6 && pace.seconds < 3)
      // What the run took in all is what another of its kind will take.
      let total = try #require(try Forecast(run, in: folder, rehearsing: 0).entries[0].seconds)
      #expect(total > 1.1 && total < 5)
    }
  }

  @Test("of a run that stopped within a stage ends where the stage began")
  func stopping() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 1...1, ["failing_seed=1"])
      _ = Batch(run, folder: folder).execute()
      let record = try String(contentsOfFile: run[0].partial(in: folder) + "/pace.txt", encoding: .utf8)
      #expect(record.hasPrefix("0.3333"))
    }
  }

  @Test("forgets the time of what was made and is lost")
  func losing() {
    let earlier = RunPace(fraction: 0.5, seconds: 100)
    #expect(earlier.kept(0.25) == RunPace(fraction: 0.25, seconds: 50))
    #expect(earlier.kept(0.75) == earlier && earlier.kept(0) == RunPace())
    #expect(RunPace().kept(0.5) == RunPace())
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
