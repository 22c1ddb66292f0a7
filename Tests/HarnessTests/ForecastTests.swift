import Components
import Configuration
import Foundation
import Harness
import Storage
import Synchronization
import Testing

@Suite("Forecasts")
struct ForecastTests {
  @Test("serve all seeds and learning rates, and count a minimum that runs share once")
  func sharing() throws {
    try withFolder { folder in
      let shared = try Waiting.runs(
        of: SweepFile(
          bytes: Array(
            "{experiment: waiting, seeds: 0..2, grid: {other: [0, 1], minimum.schedule.learning_rate: [0.1, 0.2]}}".utf8
          ),
          file: "w", name: "w", experiment: "waiting"
        ).sweeps[0])
      var announced: [String] = []
      let forecast = try Forecast(shared, in: folder, rehearsing: 60) { announced.append($0) }
      #expect(announced.count == 2 && forecast.entries.count == 12)
      let hours = forecast.entries.map { ($0.seconds ?? .nan) / 3600 }
      #expect(hours.count { $0 > 0.05 } == 6 && hours.count { $0 < 0.01 } == 6)
      #expect(forecast.entries.allSatisfy { $0.basis == .rehearsal } && forecast.unknownCount == 0)
      #expect(FileSystemView.isEmpty(folder.path))
    }
  }

  @Test("of many widths are three, between which the others lie")
  func families() throws {
    try withFolder { folder in
      let widths = "{experiment: waiting, seeds: 0..1, grid: {minimum.network.hidden: [[2], [128], [8], [4], [64]]}}"
      let runs = try Waiting.runs(
        of: SweepFile(bytes: Array(widths.utf8), file: "w", name: "w", experiment: "waiting").sweeps[0])
      var announced = 0
      let forecast = try Forecast(runs, in: folder, rehearsing: 60) { _ in announced += 1 }
      let seconds = forecast.entries.map { $0.seconds ?? .nan }
      #expect(announced == 3 && forecast.unknownCount == 0)
      // 2, 8 and 128 are rehearsed; 4 lies half way between the first two by logarithms, 64 at three quarters of the others.
      #expect(abs(seconds[6] / (seconds[0] * seconds[4]).squareRoot() - 1) < 1e-9)
      #expect(abs(log(seconds[8]) - 0.25 * log(seconds[4]) - 0.75 * log(seconds[2])) < 1e-9)
    }
  }

  /// The times of runs of these widths, and how many were rehearsed.
  private func forecast(_ widths: String) throws -> (seconds: [Double], rehearsed: Int) {
    try withFolder { folder in
      let runs = try Waiting.runs(
        of: SweepFile(
          bytes: Array("{experiment: waiting, grid: {minimum.network.hidden: [\(widths)]}}".utf8), file: "w", name: "w",
          experiment: "waiting"
        ).sweeps[0])
      var announced = 0
      let forecast = try Forecast(runs, in: folder, rehearsing: 60) { _ in announced += 1 }
      return (forecast.entries.map { $0.seconds ?? .nan }, announced)
    }
  }

  @Test("of three widths are all, of four the outer ones and the third")
  func fewWidths() throws {
    #expect(try forecast("[2], [4], [8]").rehearsed == 3)
    let (seconds, rehearsed) = try forecast("[2], [4], [8], [32]")
    #expect(rehearsed == 3)
    #expect(abs(seconds[1] / (seconds[0] * seconds[2]).squareRoot() - 1) < 1e-9)
  }

  @Test("leave out the largest width where it would take too long, and put it on the line through two others")
  func tooLarge() throws {
    let (seconds, rehearsed) = try forecast("[2], [4], [8], [1000000]")
    #expect(rehearsed == 2)
    #expect(abs(seconds[1] / (seconds[0] * seconds[2]).squareRoot() - 1) < 1e-9)
    let line = max(0, seconds[0] + (1e6 - 2) / 6 * (seconds[2] - seconds[0]))
    #expect(abs(seconds[3] - line) <= 1e-9 * line, "\(seconds)")
  }

  @Test("take for one cost what changes numbers and not the work, and for others what changes it")
  func costs() throws {
    func recipe(_ yaml: String) throws -> Recipe { try Recipe(yaml: "{\(yaml)}") }
    let plain = Recipe()
    for yaml in [
      "schedule.learning_rate: 0.3", "optimizer.weight_decay: 0.1", "optimizer.momentum: 0.5", "data.label_noise: 0.2",
      "data.seed: 7",
    ] { #expect(try recipe(yaml).costKey == plain.costKey, "\(yaml)") }
    for yaml in ["steps: 7", "batch_size: 5", "network.hidden: [3]", "optimizer.method: adam", "data.train_count: 9"] {
      #expect(try recipe(yaml).costKey != plain.costKey, "\(yaml)")
    }
    func evaluation(_ yaml: String) throws -> String {
      let recipe = try recipe(yaml)
      return recipe.evaluationCost(of: try recipe.network(for: recipe.data.load()))
    }
    // Batches are part of an evaluation where they are normalized over, and not where they are only descended on.
    #expect(try evaluation("batch_size: 5, steps: 7, l2: 0.1") == evaluation("batch_size: 9, l2: 0.3"))
    let normalized = "network.normalization: batch"
    #expect(try evaluation("\(normalized), batch_size: 5") != evaluation("\(normalized), batch_size: 9"))
    #expect(try evaluation("l2: 0.1") != evaluation("l2: 0"))
    #expect(try evaluation("loss: mean-squared-error") != evaluation("loss: cross-entropy"))
    #expect(try evaluation("data.train_count: 20") != evaluation("data.train_count: 30"))
  }

  @Test("that take too long are stopped, and the time is guessed from the share that was seen")
  func rough() throws {
    try withFolder { folder in
      let forecast = try Forecast([Burning.planned(.init(), seed: 0)], in: folder, rehearsing: 1.5)
      #expect(forecast.entries[0].basis == .rough)
      #expect(abs((forecast.entries[0].seconds ?? .nan) / 20 - 1) < 0.2, "\(forecast.entries[0])")
    }
  }

  @Test("know an evaluation that takes longer than they may by some of its chunks")
  func longEvaluations() throws {
    try withFolder { folder in
      let forecast = try Forecast([Evaluating.planned(.init(), seed: 0)], in: folder, rehearsing: 0.5)
      #expect(forecast.entries[0].basis == .rehearsal && forecast.unknownCount == 0)
      #expect(abs((forecast.entries[0].seconds ?? .nan) / 80 - 1) < 0.2, "\(forecast.entries[0])")
    }
  }

  @Test("that can't be ended in the middle give a bound from below, and nothing stays unknown")
  func indivisible() throws {
    try withFolder { folder in
      var settings = Evaluating.Settings()
      settings.chunks = 1
      let forecast = try Forecast([Evaluating.planned(settings, seed: 0)], in: folder, rehearsing: 0.3)
      #expect(forecast.entries[0].basis == .atLeast && forecast.isBoundFromBelow && forecast.unknownCount == 0)
      #expect((2..<4).contains(forecast.entries[0].seconds ?? .nan), "\(forecast.entries[0])")
    }
  }

  @Test("that fail leave a time unknown, and are a failure only where none succeeds")
  func failing() throws {
    try withFolder { folder in
      var settings = Waiting.Settings()
      let good = Waiting.planned(settings, seed: 0)
      settings.other = 9
      let bad = Waiting.planned(settings, seed: 0)
      let forecast = try Forecast([good, bad], in: folder, rehearsing: 60)
      #expect(forecast.unknownCount == 1 && (forecast.secondsLeft(jobs: 2) ?? 0) > 180)
      #expect(forecast.entries[1].problem?.contains("the toy broke") == true)
      #expect(forecast.failure == nil)
      let none = try Forecast([bad], in: folder, rehearsing: 60)
      #expect(none.entries.map(\.run.id) == [bad.id] && none.unknownCount == 1)
      #expect(none.failure == .rehearsalsFailed("the toy broke.", exitCode: 1))
      #expect(try Forecast([bad], in: folder, rehearsing: 0).secondsLeft(jobs: 1) == nil)
    }
  }

  @Test("count of a run that was begun what is left, by the share that it has made")
  func begun() throws {
    try withFolder { folder in
      let runs = (0...1).map { Waiting.planned(Waiting.Settings(), seed: $0) }
      let partial = runs[1].partial(in: folder)
      try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
      try Data("0.75 10.0".utf8).write(to: URL(fileURLWithPath: partial + "/pace.txt"))
      let forecast = try Forecast(runs, in: folder, rehearsing: 60)
      #expect(forecast.entries.map(\.state) == [.unmade, .interrupted])
      let seconds = forecast.entries.map { $0.seconds ?? .nan }
      #expect(abs(seconds[1] / seconds[0] - 0.25) < 1e-9, "\(seconds)")
    }
  }

  @Test("that are asked to stop end the plan at once and leave nothing behind")
  func stopped() throws {
    try withFolder { folder in
      var settings = Waiting.Settings()
      settings.other = 8
      let runs = [Waiting.planned(settings, seed: 0), Waiting.planned(Waiting.Settings(), seed: 0)]
      var announced = 0
      #expect(throws: Interruption(signal: 15)) {
        try Forecast(runs, in: folder, rehearsing: 60, cancellation: Work.cancellation) { _ in announced += 1 }
      }
      #expect(announced == 1)
      let path = Work.folder.withLock { $0 }
      #expect(path.contains("landscape-rehearsal-") && !FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("tell that a training may reach its target before its last step")
  func target() throws {
    try withFolder { folder in
      var settings = Waiting.Settings()
      settings.minimum.targetLoss = 1e-30
      let forecast = try Forecast([Waiting.planned(settings, seed: 0)], in: folder, rehearsing: 60)
      #expect(forecast.entries[0].basis == .atMost && forecast.isBound)
    }
  }
}

/// Two thousand parts of 10 ms of processor time each, which no rehearsal can leave out.
private enum Burning: Experiment {
  struct Settings: Configurable {
    var unused = 0
    static let schema = Schema<Self> { Setting("unused", \.unused, "Nothing.") }
  }
  static let name = "burning"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let start = threadSeconds()
    for part in 1...2000 {
      while threadSeconds() < start + 0.01 * Double(part) {}
      context.progress(Double(part) / 2000)
      try context.checkCancellation()
    }
    return RunResult(measurements: Group())
  }

}

private enum FileSystemView {
  static func isEmpty(_ path: String) -> Bool {
    ((FileManager.default.enumerator(atPath: path)?.allObjects.count) ?? 0) == 0
  }
}
