/// How a run of a batch ended.
public struct RunReport: Sendable {
  /// The ways to end.
  public enum Ending: Sendable, Hashable {
    /// It was finished before.
    case skipped
    /// It is finished now.
    case finished
    /// It is finished now or before; its numbers went out of bounds, and the file says how.
    case diverged(String)
    /// It ended with an error: the sentence and the exit code.
    case failed(String, exitCode: Int32)
    /// It was asked to stop and can be resumed.
    case interrupted
    /// It was not begun, for the batch was asked to stop before.
    case unmade
  }

  /// The run.
  public let run: PlannedRun
  /// How it ended.
  public let ending: Ending
  /// How long it took, in seconds; 0 when it wasn't run.
  public let seconds: Double
  /// What its file remarks on, its divergence first.
  public let remarks: [String]

  /// The state it is in now.
  public var state: RunState {
    switch ending {
    case .skipped, .finished: .finished
    case .diverged: .diverged
    case .failed: .failed
    case .interrupted: .interrupted
    case .unmade: .unmade
    }
  }

  /// Whether there is a result.
  public var hasResult: Bool {
    switch ending {
    case .skipped, .finished, .diverged: true
    case .failed, .interrupted, .unmade: false
    }
  }
}

extension [RunReport] {
  /// Throws the interruption, or the failures as one error with the exit code they share, equal reasons once; it only counts
  /// them when each `wasTold` when it happened.
  public func throwFailures(_ cancellation: Cancellation, wasTold: Bool = false) throws {
    if let signal = cancellation.signal { throw Interruption(signal: signal) }
    var failures: [(sentence: String, labels: [String])] = []
    var codes: Set<Int32> = []
    for report in self {
      guard case .failed(let sentence, let code) = report.ending else { continue }
      codes.insert(code)
      if let known = failures.firstIndex(where: { $0.sentence == sentence }) {
        failures[known].labels.append(report.run.label)
      } else {
        failures.append((sentence, [report.run.label]))
      }
    }
    guard !failures.isEmpty else { return }
    let sentences = failures.map { sentence, labels in
      let others = labels.count == 1 ? "" : " and \(labels.count - 1) more"
      return "\(labels[0])\(others): \(sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)"
    }
    throw HarnessError.runsFailed(
      count: failures.reduce(0) { $0 + $1.labels.count }, of: count, sentences: wasTold ? [] : sentences,
      exitCode: codes.count == 1 ? codes.removeFirst() : ExitStatus.failure)
  }
}
