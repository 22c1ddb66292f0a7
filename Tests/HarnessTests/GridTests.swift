import Components
import Configuration
import Harness
import Storage
import Surfaces
import Synchronization
import Tensors
import Testing

/// A grid whose cells tell a hook that they are computed.
private enum Gridding: Experiment {
  struct Settings: Configurable {
    var cells = 12
    static let schema = Schema<Self> { Setting("cells", \.cells, "Cells.") }
  }
  static let name = "gridding"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    var grid = GridValues(cells: settings.cells, quantities: 2)
    try context.compute("cells", &grid) { cell in
      ToyHooks.enter("\(cell)", in: context)
      var generator = context.key.child(cell).generator()
      return [generator.normal(), cell == 3 ? .nan : generator.normal()]
    }
    return RunResult(
      measurements: Group(
        dimensions: [Dimension("cell", length: settings.cells)],
        variables: grid.fields.enumerated().map { Variable("field\($0)", along: ["cell"], values: $1) }))
  }
}

@Suite("A grid in a run")
struct RunGridTests {
  @Test("that was stopped computes only the cells that are missing, and ends with the same bits")
  func resumes() throws {
    try withFolder { whole in
      try withFolder { broken in
        let run = Gridding.planned(.init(), seed: 1)
        #expect(Batch([run], folder: whole).execute()[0].ending == .finished)
        let cancellation = Cancellation()
        let seen = Mutex<[String]>([])
        ToyHooks.set(broken) { cell, _ in
          seen.withLock { $0.append(cell) }
          if cell == "6" { cancellation.cancel() }
        }
        #expect(Batch([run], folder: broken, cancellation: cancellation).execute()[0].ending == .interrupted)
        #expect(Batch([run], folder: broken).execute()[0].ending == .finished)
        #expect(seen.withLock { $0 } == (0..<12).map { "\($0)" })
        let (resumed, unbroken) = (try measurements(run, in: broken), try measurements(run, in: whole))
        #expect(resumed != nil && resumed == unbroken)
      }
    }
  }
}
