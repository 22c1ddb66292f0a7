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

private enum FileSystemView {
  static func isEmpty(_ path: String) -> Bool {
    ((FileManager.default.enumerator(atPath: path)?.allObjects.count) ?? 0) == 0
  }
}
