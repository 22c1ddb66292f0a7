import Components
import Configuration
import Curvature
import Differentiation
import Foundation
import Harness
import Storage
import Surfaces
import Synchronization
import Tensors
import Testing

/// Counts what is asked of a bowl, and asks the run to stop at the third gradient or product.
private enum Counted: Experiment {
  struct Settings: Configurable {
    var isSearch = true
    static let schema = Schema<Self> { Setting("search", \.isSearch, "Whether gradients are asked for, or products.") }
  }
  static let name = "counted"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static let asked = Mutex<(count: Int, cancellation: Cancellation)>((0, Cancellation()))

  static func ask() {
    asked.withLock { asked in
      asked.count += 1
      if asked.count == 3 { asked.cancellation.cancel() }
    }
  }

  private struct Bowl: Objective, LinearOperator {
    let dimension = 3
    func value(at point: [Double]) -> Double {
      ask()
      return point.dot(point) / 2
    }
    func gradient(at point: [Double], into gradient: inout [Double]) -> Double {
      gradient = point
      return value(at: point)
    }
    func hessian(at point: [Double]) -> any LinearOperator<Double> { self }
    func apply(to vector: [Double], into product: inout [Double]) {
      ask()
      product = vector
    }
  }

  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let kept = try context.stage("measured") {
      let watched = WatchedObjective(Bowl(), in: context)
      let point: [Double] = [1, 2, 3]
      let number =
        settings.isSearch
        ? AscentSharpness(steps: 100).measure(watched, at: point, key: context.key).maximum
          + NoiseSharpness(of: watched, at: point, deviation: 1, pairs: 100, key: context.key).mean
        : HutchinsonTrace(of: watched.hessian(at: point), probes: 100, key: context.key).mean
      try context.checkCancellation()
      return Group(variables: [Variable("number", value: number)])
    }
    return RunResult(measurements: kept)
  }
}

@Suite("Searches and estimates that are asked to stop", .serialized)
struct StoppingTests {
  @Test(
    "make no further gradient and no further product, and leave nothing that would be kept", arguments: [true, false])
  func stopping(isSearch: Bool) throws {
    try withFolder { folder in
      var settings = Counted.Settings()
      settings.isSearch = isSearch
      let run = Counted.planned(settings, seed: 0)
      let cancellation = Cancellation()
      Counted.asked.withLock { $0 = (0, cancellation) }
      #expect(Batch([run], folder: folder, cancellation: cancellation).execute().map(\.ending) == [.interrupted])
      #expect(Counted.asked.withLock { $0.count } == 3)
      #expect(!FileManager.default.fileExists(atPath: run.partial(in: folder) + "/stage-measured.h5"))
      Counted.asked.withLock { $0 = (3, cancellation) }
      #expect(Batch([run], folder: folder).execute().map(\.ending) == [.finished])
      #expect(Counted.asked.withLock { $0.count } > 100)
    }
  }
}
