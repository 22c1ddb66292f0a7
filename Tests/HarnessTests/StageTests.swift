import Components
import Configuration
import Foundation
import Harness
import Storage
import Synchronization
import Tensors
import Testing

/// Two stages of three parts each, every part of which turns for some hundredths of a second.
private enum Nested: Experiment {
  typealias Settings = Toy.Settings
  static let name = "nested"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  /// What happens at the end of a part.
  static let hook = Mutex<(@Sendable (String) -> Void)?>(nil)

  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    var measurements = Group()
    for outer in ["early", "late"] {
      measurements.groups[outer] = try context.stage(outer, share: 0.5) {
        var group = Group(attributes: ["own": .string(outer)])
        for inner in ["first", "second", "third"] {
          group.variables += try context.stage(inner) {
            var sum = 0.0
            let start = ProcessInfo.processInfo.systemUptime
            while ProcessInfo.processInfo.systemUptime < start + 0.03 { sum += 1 }
            hook.withLock { $0 }?("\(outer).\(inner)")
            return Group(variables: [Variable(inner, value: sum > 0 ? 1 : 0)])
          }.variables
        }
        return group
      }
    }
    return RunResult(measurements: measurements)
  }
}

@Suite("Stages within stages", .serialized)
struct StageTests {
  private static let names = ["early", "late"].flatMap { outer in
    ["first", "second", "third"].map { "\(outer).\($0)" } + [outer]
  }

  @Test(
    "stand in the file with their seconds, whichever process made them",
    arguments: ["", "early.second", "early.third", "late.first"])
  func seconds(stop: String) throws {
    try withFolder { folder in
      let run = Nested.planned(Toy.Settings(), seed: 0)
      let cancellation = Cancellation()
      Nested.hook.withLock { $0 = { if $0 == stop { cancellation.cancel() } } }
      var ending = Batch([run], folder: folder, cancellation: cancellation).execute()[0].ending
      #expect(ending == (stop.isEmpty ? .finished : .interrupted))
      Nested.hook.withLock { $0 = nil }
      if !stop.isEmpty { ending = Batch([run], folder: folder).execute()[0].ending }
      #expect(ending == .finished)
      let file = try RunFile.read(run.file(in: folder))
      guard case .strings(let names)? = file.provenance.dimensions.first?.coordinates else {
        Issue.record("no names")
        return
      }
      try #require(names == StageTests.names)
      let seconds: [Double] = try file.provenance.variable("stage_seconds").elements()
      for outer in 0..<2 {
        let inner = seconds[4 * outer..<4 * outer + 3]
        // The clock goes on where the thread waits.
        #expect(inner.allSatisfy { $0 > 0 && $0 < 1 })
        #expect(seconds[4 * outer + 3] >= inner.reduce(0, +) - 1e-9)
      }
      // Nothing of it is in the results.
      #expect(try file.measurements.group("early").attributes.map(\.name) == ["own"])
    }
  }
}
