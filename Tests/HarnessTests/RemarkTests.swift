import Foundation
import Harness
import Storage
import Synchronization
import Testing

@Suite("The remarks of runs")
struct RunRemarkTests {
  @Test("keeps what a run remarks on in its file, tells it when the run is done, and knows it the second time")
  func remarks() throws {
    try withFolder { folder in
      let said = ["an index is missing", "Größen, sind; fraglich"]
      let runs =
        try toyRuns(seeds: 0...2, ["remarked_seed=1"]) + toyRuns(seeds: 3...3, ["diverging_seed=3", "remarked_seed=3"])
      let display = Told()
      let reports = Batch(runs, folder: folder, jobs: 1, display: display).execute()
      let expected = [[], said, [], ["the sum left the finite numbers"] + said]
      #expect(reports.map(\.remarks) == expected)
      #expect(Batch(runs, folder: folder).execute().map(\.remarks) == expected)
      #expect(try runs.map { try RunFile.header(of: $0.file(in: folder)).remarks } == expected)
      #expect(try folder.inventory().map(\.remarks).filter { !$0.isEmpty }.count == 2)
      let told = display.sentences.withLock { $0 }
      #expect(told[1].hasSuffix(": an index is missing; Größen, sind; fraglich") && !told[0].contains("index"))
      #expect(told[3].hasSuffix(": the sum left the finite numbers; an index is missing; Größen, sind; fraglich"))
    }
  }
}

/// Keeps what is told.
private final class Told: ProgressDisplay {
  let sentences = Mutex<[String]>([])
  func show(_ snapshot: ProgressSnapshot) {}
  func tell(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
  func finish() {}
}
