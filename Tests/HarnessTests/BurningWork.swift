import Components
import Configuration
import Foundation
import Harness
import Networks
import Storage

/// The seconds of processor time that this thread has taken.
func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Forty evaluations of 2 s each, in chunks.
enum Evaluating: Experiment {
  struct Settings: Configurable {
    var chunks = 400
    static let schema = Schema<Self> { Setting("chunks", \.chunks, "Chunks of an evaluation.") }
  }
  static let name = "evaluating"
  static let abstract = ""
  static let references: [Reference] = []
  static let findings: [Finding] = []
  static let profiles = Profiles()
  static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    for _ in 0..<40 {
      context.repeated("evaluation") {
        _ = PassWatch.forEach(settings.chunks) { _ in
          let end = threadSeconds() + 2 / Double(settings.chunks)
          while threadSeconds() < end {}
        }
      }
      try context.checkCancellation()
    }
    return RunResult(measurements: Group())
  }
}
