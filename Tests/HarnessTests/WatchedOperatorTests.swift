import Components
import Configuration
import Harness
import Storage
import Synchronization
import Tensors
import Testing

/// diag(1, ..., 5), which says how it was called.
private final class Told: LinearOperator {
  let dimension = 5
  var calls: [Int] = []
  /// Asks the run to stop within the call of this number.
  var stopping: (call: Int, Cancellation)?

  private func tell(_ rows: Int) {
    calls.append(rows)
    if let stopping, calls.count == stopping.call { stopping.1.cancel() }
  }

  func apply(to vector: [Double], into product: inout [Double]) {
    tell(1)
    for index in 0..<5 { product[index] = Double(index + 1) * vector[index] }
  }

  func apply(toRowsOf block: Tensor<Double>, into products: inout Tensor<Double>) {
    tell(block.shape[0])
    for index in block.elements.indices { products.elements[index] = Double(index % 5 + 1) * block.elements[index] }
  }
}

/// Gives its context to a test.
private enum Lending: Experiment {
  typealias Settings = Toy.Settings
  static let name = "lending"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static let body = Mutex<(@Sendable (RunContext) throws -> Void)?>(nil)
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    try body.withLock { $0 }?(context)
    return RunResult(measurements: Group(variables: [Variable("steps", value: 0)]))
  }
}

@Suite("Watched operators", .serialized)
struct WatchedOperatorTests {
  private let block = Tensor((0..<15).map { Double(($0 * 7) % 11) - 5 }, shape: [3, 5])

  /// Runs `body` within a run.
  private func within(
    _ rehearsal: Rehearsal? = nil, _ cancellation: Cancellation = Cancellation(),
    _ body: @Sendable @escaping (RunContext) throws -> Void
  ) throws -> RunReport.Ending {
    try withFolder { folder in
      Lending.body.withLock { $0 = body }
      var batch = Batch(
        [Lending.planned(Toy.Settings(), seed: 0)], folder: folder, jobs: 1, cancellation: cancellation)
      batch.rehearsal = rehearsal
      return batch.execute()[0].ending
    }
  }

  @Test("hand a block on as a whole, and count each of its rows")
  func blocks() throws {
    let block = block
    let ending = try within { context in
      let told = Told()
      let watched = WatchedOperator(told, expected: 20, in: context)
      let products = watched(rowsOf: block)
      #expect(products.elements == block.elements.enumerated().map { Double($0 % 5 + 1) * $1 })
      #expect(watched([1, 1, 1, 1, 1]) == [1, 2, 3, 4, 5])
      #expect(told.calls == [3, 1] && watched.products == 4)
    }
    #expect(ending == .finished)
  }

  @Test("give nothing but NaN for a block once the run is to stop")
  func stopping() throws {
    let block = block
    let cancellation = Cancellation()
    let ending = try within(nil, cancellation) { context in
      let told = Told()
      told.stopping = (2, cancellation)
      let watched = WatchedOperator(told, in: context)
      for _ in 0..<2 { #expect(watched(rowsOf: block).elements.allSatisfy { $0.isFinite }) }
      #expect(watched(rowsOf: block).elements.allSatisfy { $0.isNaN })
      #expect(told.calls == [3, 3] && watched.products == 6)
      try context.checkCancellation()
      Issue.record("it went on")
    }
    #expect(ending == .interrupted)
  }

  @Test("rehearse a block by the same matrix as single products")
  func rehearsed() throws {
    let block = block
    let ending = try within(Rehearsal(watch: 1e9) { 0 }) { context in
      let watched = WatchedOperator(Told(), in: context)
      let rows = (0..<3).map { watched(Array(block.elements[5 * $0..<5 * $0 + 5])) }
      #expect(watched(rowsOf: block).elements == rows.flatMap { $0 })
      // The first is kept, the second is the lower end: no eigenvalue of the operator's own.
      #expect(watched([1, 1, 0, 0, 0]) == [1, -0.01, 0, 0, 0])
    }
    #expect(ending == .finished)
  }
}
