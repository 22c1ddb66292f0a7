import Foundation
import Harness
import Storage
import Testing

/// What a process leaves that was killed while it ended a run. Lock files are written as the process would have written them.
@Suite("What killed processes leave behind")
struct LeftoverTests {
  private enum Owner {
    case nobody, dead, alive, elsewhere
  }

  /// A lock in a folder, of a process that is gone, that is this one, or of which nothing can be known.
  private func lock(_ folder: String, by owner: Owner) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard owner != .nobody else { return }
    let model = folder + ".model"
    let own = try RunLock(folder: model)
    var text = String(decoding: try #require(FileManager.default.contents(atPath: "\(model)/lock")), as: UTF8.self)
    own.release()
    try FileManager.default.removeItem(atPath: model)
    switch owner {
    case .dead: text = text.replacing("\"startMark\" : \"", with: "\"startMark\" : \"earlier ")
    case .elsewhere: text = text.replacing("\"host\" : \"", with: "\"host\" : \"elsewhere-")
    case .alive, .nobody: break
    }
    try write(text, to: "\(folder)/lock")
  }

  private func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func names(_ folder: ResultsFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path + "/toy").sorted()
  }

  /// Clears by making another run of the same folder.
  private func clear(_ folder: ResultsFolder) throws {
    #expect(Batch(try toyRuns(seeds: 9...9), folder: folder).execute().map(\.ending) == [.finished])
  }

  @Test("goes with the next run of the folder, beside a finished run's file")
  func cleared() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 0...0)[0]
      _ = Batch([run], folder: folder).execute()
      let path = run.file(in: folder)
      try write("half", to: "\(path).tmp-4711-3")
      for owner in [Owner.nobody, .dead] {
        let removed = "\(run.partial(in: folder)).removed-\(owner)"
        try lock(removed, by: owner)
        try write("state", to: "\(removed)/stage-first.h5")
      }
      try lock(run.partial(in: folder), by: .dead)
      try write(run.configuration, to: "\(run.partial(in: folder))/configuration.yaml")
      #expect(try folder.inventory().map(\.state) == [.finished], "a finished run counts once")
      try clear(folder)
      #expect(try names(folder) == [run, try toyRuns(seeds: 9...9)[0]].map { "\($0.id).h5" }.sorted())
      #expect(Batch([run], folder: folder).execute().map(\.ending) == [.skipped])
    }
  }

  @Test("stays where somebody lives or may live")
  func held() throws {
    try withFolder { folder in
      let runs = try toyRuns(seeds: 0...1)
      _ = Batch(runs, folder: folder).execute()
      for (run, owner) in zip(runs, [Owner.alive, .elsewhere]) {
        try lock(run.partial(in: folder), by: owner)
        try write("half", to: run.file(in: folder) + ".tmp-4711-3")
        let removed = run.partial(in: folder) + ".removed-1"
        try lock(removed, by: owner)
        try write("state", to: "\(removed)/stage-first.h5")
      }
      let before = try names(folder)
      try clear(folder)
      #expect(try Set(names(folder)) == Set(before + ["\(toyRuns(seeds: 9...9)[0].id).h5"]))
      #expect(FileManager.default.fileExists(atPath: runs[1].partial(in: folder) + ".removed-1/stage-first.h5"))
    }
  }

  @Test("stays where it may be the only copy of work")
  func soleCopies() throws {
    try withFolder { folder in
      let runs = try toyRuns(seeds: 0...3)
      _ = Batch([runs[2], runs[3]], folder: folder).execute()
      // Without a file: state and what is on its way out.
      try lock(runs[0].partial(in: folder), by: .dead)
      try write("state", to: runs[0].partial(in: folder) + "/stage-first.h5")
      try lock(runs[1].partial(in: folder) + ".removed-1", by: .dead)
      try write("whole", to: runs[1].file(in: folder) + ".tmp-4711-3")
      // Beside a file that is damaged, and beside one that was made under other defaults.
      try write("nonsense", to: runs[2].file(in: folder))
      try lock(runs[2].partial(in: folder), by: .dead)
      try lock(runs[3].partial(in: folder), by: .dead)
      try write("count: 7", to: runs[3].partial(in: folder) + "/configuration.yaml")
      let before = try names(folder)
      try clear(folder)
      #expect(try Set(names(folder)) == Set(before + ["\(toyRuns(seeds: 9...9)[0].id).h5"]))
      #expect(FileManager.default.fileExists(atPath: runs[0].partial(in: folder) + "/stage-first.h5"))
      let states = try folder.inventory().filter { $0.id == runs[2].id }.map(\.state)
      #expect(states == [.damaged, .interrupted])
    }
  }

  @Test("a file that was on its way to its name goes, and the state beside it, which made it, stays")
  func temporary() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 0...0)[0]
      try lock(run.partial(in: folder), by: .dead)
      try write("half", to: run.file(in: folder) + ".tmp-4711-3")
      try clear(folder)
      #expect(try names(folder).filter { $0.hasPrefix(run.id) } == ["\(run.id).partial"])
      #expect(Batch([run], folder: folder).execute().map(\.ending) == [.finished])
    }
  }
}
