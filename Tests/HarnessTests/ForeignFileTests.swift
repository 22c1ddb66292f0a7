import Components
import Configuration
import Foundation
import Harness
import Storage
import Testing

@Suite("A batch of runs among files that are damaged or foreign")
struct ForeignFileTests {
  @Test("makes a damaged stage again")
  func damagedStage() throws {
    try withFolder { whole in
      try withFolder { broken in
        let run = try toyRuns(seeds: 4...4)
        _ = Batch(run, folder: whole).execute()
        let cancellation = Cancellation()
        ToyHooks.set(broken) { entered, _ in if entered == "second" { cancellation.cancel() } }
        _ = Batch(run, folder: broken, cancellation: cancellation).execute()
        ToyHooks.set(broken, nil)
        let stage = run[0].partial(in: broken) + "/stage-second.h5"
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: stage))
        #expect(Batch(run, folder: broken).execute().map(\.ending) == [.finished])
        let resumed = try #require(try measurements(run[0], in: broken))
        #expect(try resumed == measurements(run[0], in: whole))
      }
    }
  }

  @Test("stops with a sentence, and keeps the stage, when a stage can't be read for now")
  func unreadableStage() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 4...4)
      let cancellation = Cancellation()
      ToyHooks.set(folder) { entered, _ in if entered == "second" { cancellation.cancel() } }
      _ = Batch(run, folder: folder, cancellation: cancellation).execute()
      ToyHooks.set(folder, nil)
      let stage = run[0].partial(in: folder) + "/stage-second.h5"
      // Sound, but of a future version: it is no damage, and the right program can read it. (Permissions don't hold for
      // root, who may run the tests.)
      let future = Group(attributes: ["format_version": .string("9.0")])
      try GroupFile(stage).write(future)
      guard case .failed(let sentence, exitCode: 65) = Batch(run, folder: folder).execute()[0].ending else {
        Issue.record("a stage that can't be read was made again")
        return
      }
      #expect(sentence.contains("\(stage): its format version is 9.0"))
      #expect(FileManager.default.fileExists(atPath: stage))
    }
  }

  @Test("leaves a damaged or foreign file alone and names it, while the others go on")
  func damaged() throws {
    try withFolder { folder in
      let runs = try toyRuns(seeds: 0...2)
      try FileManager.default.createDirectory(atPath: folder.path + "/toy", withIntermediateDirectories: true)
      let path = runs[1].file(in: folder)
      try Data("not a result".utf8).write(to: URL(fileURLWithPath: path))
      let reports = Batch(runs, folder: folder, jobs: 1).execute()
      #expect(reports[0].ending == .finished && reports[2].ending == .finished)
      guard case .failed(let sentence, exitCode: 65) = reports[1].ending else {
        Issue.record("the damaged file was taken: \(reports[1].ending)")
        return
      }
      #expect(sentence.hasPrefix("\(path) can't be read as a result ("))
      #expect(FileManager.default.contents(atPath: path) == Data("not a result".utf8))
    }
  }

  @Test("does not take the file of another run for its own")
  func swapped() throws {
    try withFolder { folder in
      let runs = try toyRuns(seeds: 0...1)
      _ = Batch([runs[0]], folder: folder).execute()
      try FileManager.default.copyItem(atPath: runs[0].file(in: folder), toPath: runs[1].file(in: folder))
      guard case .failed(let sentence, exitCode: 65) = Batch([runs[1]], folder: folder).execute()[0].ending else {
        Issue.record("another run's file was taken")
        return
      }
      #expect(sentence.contains("it is the result of toy \(runs[0].id)"))
    }
  }

  @Test("refuses results made under other defaults")
  func otherDefaults() throws {
    try withFolder { folder in
      let old = Older.planned(.init(), seed: 0)
      let new = try toyRuns(seeds: 0...0)[0]
      #expect(old.id == new.id)
      _ = Batch([old], folder: folder).execute()
      let ending = Batch([new], folder: folder).execute()[0].ending
      #expect(
        ending
          == .failed(HarnessError.otherConfiguration(new.file(in: folder)).description, exitCode: ExitStatus.badData))
    }
  }
}

/// The toy as it was with another default.
private enum Older: Experiment {
  struct Settings: Configurable {
    var count = 4
    static let schema = Schema<Self> { Setting("count", \.count, "Numbers in each stage.") }
  }
  static let name = "toy"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) -> RunResult { RunResult(measurements: Group()) }
}
