internal import Datasets
internal import Storage
internal import Synchronization

/// What the rehearsals of one forecast leave to those that follow: the data that were loaded last, and the stages that
/// were rehearsed, with the seconds that they take.
package final class RehearsalMemory: Sendable {
  private struct State: Sendable {
    var data: (settings: String, set: SplitDataset)?
    var stages: [String: (result: Group, seconds: Double)] = [:]
    var stepSeconds: [String: Double] = [:]
  }

  /// The memory that loading data looks into, on the threads of rehearsals.
  @TaskLocal static var current: RehearsalMemory?

  private let state = Mutex(State())

  /// An empty memory.
  package init() {}

  /// The data of these settings, loaded unless the last were the same.
  func data(of settings: String, _ load: () throws -> SplitDataset) rethrows -> SplitDataset {
    if let known = state.withLock({ $0.data }), known.settings == settings { return known.set }
    state.withLock { $0.data = nil }
    let set = try load()
    state.withLock { $0.data = (settings, set) }
    return set
  }

  /// A stage by what its time depends on.
  func stage(_ cost: String) -> (result: Group, seconds: Double)? { state.withLock { $0.stages[cost] } }

  /// The seconds of a step of trainings of some cost.
  func stepSeconds(of cost: String) -> Double? { state.withLock { $0.stepSeconds[cost] } }

  func keep(stepSeconds: Double, of cost: String) { state.withLock { $0.stepSeconds[cost] = stepSeconds } }

  func keep(_ result: Group, seconds: Double, as cost: String) {
    state.withLock { $0.stages[cost] = (result, seconds) }
  }
}
