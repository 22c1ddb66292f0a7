import Components
import Configuration
import Foundation
import Harness
import Storage
import Synchronization
import Testing

@Suite("A batch of runs")
struct BatchTests {
  @Test("writes one file a run, with configuration and provenance, and skips what is finished")
  func files() throws {
    try withFolder { folder in
      let runs = try toyRuns(seeds: 0...2, ["count=3"])
      let first = Batch(runs + runs, folder: folder, jobs: 2).execute()
      #expect(first.map(\.ending) == [.finished, .finished, .finished])
      let file = try RunFile.read(runs[1].file(in: folder))
      #expect(file.header.experiment == "toy" && file.header.seed == 1 && file.header.status == .complete)
      #expect(file.header.references == ["doi:10.1/sums"] && file.header.runID == runs[1].id)
      #expect(file.configuration.attributes["count"] == .integer(3))
      #expect(file.configuration.attributes["failing_seed"] == .string("null"))
      #expect(try file.configuration.variable("yaml").value(String.self) == runs[1].configuration)
      #expect(file.provenance.attributes["threads"] == .integer(1))
      #expect(try #require(file.provenance.attributes["hdf5_version"]?.text).hasPrefix("1."))
      #expect(try #require(file.provenance.attributes["peak_memory_bytes"]?.integer) > 1_000_000)
      #expect(!FileManager.default.fileExists(atPath: runs[1].partial(in: folder)))
      #expect(Batch(runs, folder: folder).execute().map(\.ending) == [.skipped, .skipped, .skipped])
    }
  }

  @Test("gives the same numbers however many runs go side by side")
  func jobs() throws {
    try withFolder { one in
      try withFolder { four in
        let runs = try toyRuns(seeds: 0...7)
        _ = Batch(runs, folder: one, jobs: 1).execute()
        _ = Batch(runs.reversed(), folder: four, jobs: 4).execute()
        for run in runs {
          let first = try #require(try measurements(run, in: one))
          let second = try #require(try measurements(run, in: four))
          #expect(first == second)
        }
      }
    }
  }

  @Test(
    "goes on after an interruption in any stage and ends with the same bits", arguments: ["first", "second", "third"])
  func interruption(_ stage: String) throws {
    try withFolder { whole in
      try withFolder { broken in
        let run = try toyRuns(seeds: 4...4)
        #expect(Batch(run, folder: whole).execute().map(\.ending) == [.finished])
        let cancellation = Cancellation()
        ToyHooks.set(broken) { entered, _ in if entered == stage { cancellation.cancel(signal: 15) } }
        let two = try run + toyRuns(seeds: 5...5)
        let interrupted = Batch(two, folder: broken, jobs: 1, cancellation: cancellation).execute()
        #expect(interrupted.map(\.ending) == [.interrupted, .unmade])
        #expect(throws: Interruption(signal: 15)) { try interrupted.throwFailures(cancellation) }
        #expect(try measurements(run[0], in: broken) == nil)

        let entered = Mutex<[String]>([])
        ToyHooks.set(broken) { stage, _ in entered.withLock { $0.append(stage) } }
        #expect(Batch(run, folder: broken).execute().map(\.ending) == [.finished])
        let stages = ["first", "second", "third"]
        let left = Array(stages[(stages.firstIndex(of: stage)! + 1)...])
        #expect(entered.withLock { $0 } == left)
        let resumed = try #require(try measurements(run[0], in: broken))
        #expect(try resumed == measurements(run[0], in: whole))
      }
    }
  }

  @Test("keeps why a run failed until somebody goes on with it")
  func failureRecord() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 1...1, ["failing_seed=1"])
      func state() throws -> [RunState: String?] {
        Dictionary(try folder.inventory().map { ($0.state, $0.detail) }) { first, _ in first }
      }
      _ = Batch(run, folder: folder).execute()
      #expect(try state() == [.failed: "the toy broke."])
      let seen = Mutex<[RunState]>([])
      ToyHooks.set(folder) { _, _ in
        do { try seen.withLock { $0 += try folder.inventory().map(\.state) } } catch { Issue.record(error) }
      }
      _ = Batch(run, folder: folder).execute()
      #expect(seen.withLock { $0 } == [.running])
      #expect(try state() == [.failed: "the toy broke."])
      ToyHooks.set(folder, nil)

      let other = try toyRuns(seeds: 2...2)[0]
      try FileManager.default.createDirectory(atPath: other.partial(in: folder), withIntermediateDirectories: true)
      let stray = other.partial(in: folder) + "/configuration.yaml"
      try Data("count: 3".utf8).write(to: URL(fileURLWithPath: stray))
      _ = Batch([other], folder: folder).execute()
      let found = try folder.inventory()
      #expect(
        found.contains { $0.id == other.id && $0.state == .failed && $0.detail?.contains("other defaults") == true })
      try FileManager.default.removeItem(atPath: stray)
      #expect(Batch([other], folder: folder).execute().map(\.ending) == [.finished])
    }
  }

  @Test("goes on when a run in its middle fails, and names it")
  func failure() throws {
    try withFolder { folder in
      let runs = try toyRuns(seeds: 0...4, ["failing_seed=2", "diverging_seed=3"])
      let reports = Batch(runs, folder: folder, jobs: 2).execute()
      #expect(
        reports.map(\.ending) == [
          .finished, .finished, .failed("the toy broke.", exitCode: 1), .diverged("the sum left the finite numbers"),
          .finished,
        ])
      let error = #expect(throws: HarnessError.self) { try reports.throwFailures(Cancellation()) }
      #expect(error?.description == "1 of 5 runs ended with an error: toy \(runs[2].id) (seed 2): the toy broke.")
      let told = #expect(throws: HarnessError.self) { try reports.throwFailures(Cancellation(), wasTold: true) }
      #expect(
        told?.description == "1 of 5 runs ended with an error, as said above; "
          + "with the cause mended, the same command makes what is missing.")
      #expect(error.map(ExitStatus.code(of:)) == 1)
      #expect(try runs[3].collected(in: folder)?.divergence == "the sum left the finite numbers")
      let again = Batch(runs, folder: folder).execute()
      #expect(again[3].ending == .diverged("the sum left the finite numbers") && again[3].seconds == 0)
      #expect(again[4].ending == .skipped)
    }
  }

  @Test("is told who holds a run")
  func held() throws {
    try withFolder { folder in
      let run = try toyRuns(seeds: 0...0)[0]
      try FileManager.default.createDirectory(atPath: folder.path + "/toy", withIntermediateDirectories: true)
      let lock = try RunLock(folder: run.partial(in: folder))
      guard case .failed(let sentence, exitCode: 75) = Batch([run], folder: folder).execute()[0].ending else {
        Issue.record("a held run was begun")
        return
      }
      #expect(sentence.hasPrefix("it is being worked on by process \(ProcessInfo.processInfo.processIdentifier) on "))
      lock.release()
      #expect(Batch([run], folder: folder).execute()[0].ending == .finished)
    }
  }

  @Test("says in one sentence that a folder can't be written", arguments: ["/proc/nowhere", "FILE/results"])
  func unwritable(_ place: String) throws {
    try withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
      let results = ResultsFolder(place.replacingOccurrences(of: "FILE", with: folder.path + "/file"))
      guard
        case .failed(let sentence, exitCode: 73) = Batch(try toyRuns(seeds: 0...0), folder: results).execute()[0].ending
      else {
        Issue.record("an unwritable folder was written")
        return
      }
      #expect(sentence.hasPrefix("can't write \(results.path)/toy: "))
      #expect(!sentence.contains("\n"))
    }
  }
}
