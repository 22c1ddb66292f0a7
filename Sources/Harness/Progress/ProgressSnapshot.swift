/// How far a batch is, at one instant.
public struct ProgressSnapshot: Sendable {
  /// A run that is under way.
  public struct Running: Sendable {
    /// The run.
    public var label: String
    /// The experiment and sweep that it belongs to, whose runs take about as long.
    public var kind: String
    /// How far it is, from 0 to 1.
    public var fraction: Double
    /// What it does.
    public var message: String
    /// How it has gone on.
    public var pace: RunPace

    /// A run under way.
    public init(label: String, kind: String, fraction: Double, message: String, pace: RunPace) {
      self.label = label
      self.kind = kind
      self.fraction = fraction
      self.message = message
      self.pace = pace
    }
  }

  /// The number of runs in the batch.
  public var total = 0
  /// Those that were finished before.
  public var skipped = 0
  /// Those finished now.
  public var finished = 0
  /// Those that ended with an error.
  public var failed = 0
  /// Those under way.
  public var running: [Running] = []
  /// The seconds that each run finished now has taken, those of earlier processes included, by kind.
  public var durations: [String: [Double]] = [:]
  /// The kinds of the runs not begun yet.
  public var waiting: [String] = []
  /// The number of runs side by side.
  public var jobs = 1
  /// Seconds since the start.
  public var seconds = 0.0

  /// An empty batch.
  public init() {}

  /// The seconds left: runs take as long as finished ones of their kind, or as running ones promise to; of a kind of which
  /// none was begun yet, as those of the other kinds on average. `nil` while nothing is known of any.
  public var secondsLeft: Double? {
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    let promised = Dictionary(grouping: running, by: \.kind).mapValues { $0.compactMap(\.pace.wholeSeconds) }
    let known = durations.merging(promised) { finished, _ in finished }.compactMapValues(mean)
    let typical = mean(Array(known.values))
    var work: [Double] = []
    for run in running {
      if let whole = run.pace.wholeSeconds {
        work.append(whole * (1 - run.fraction))
      } else if let usual = known[run.kind] ?? typical {
        work.append(max(0, usual - run.pace.seconds))
      } else {
        return nil
      }
    }
    let longest = work.max() ?? 0
    for kind in waiting {
      guard let duration = known[kind] ?? typical else { return nil }
      work.append(duration)
    }
    return max(longest, work.reduce(0, +) / Double(max(1, jobs)))
  }

  /// The batch in one line: "3 of 10 runs, 1 failed, 2 running (42 %), 1 min 20 s left".
  public var line: String {
    var parts = ["\(skipped + finished + failed) of \(total) runs"]
    if skipped > 0 { parts.append("\(skipped) done before") }
    if failed > 0 { parts.append("\(failed) failed") }
    if let first = running.first {
      let fractions = running.map { "\(Int($0.fraction * 100)) %" }.joined(separator: ", ")
      parts.append("running: \(fractions)" + (first.message.isEmpty ? "" : " (\(first.message))"))
    }
    if let secondsLeft, !(running.isEmpty && waiting.isEmpty) { parts.append("\(durationText(secondsLeft)) left") }
    return parts.joined(separator: ", ")
  }
}

/// "0.4 s", "12 s", "3 min 20 s", "2 h 5 min".
public func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "unknown" }
  if seconds < 9.95 { return "\((max(0, seconds) * 10).rounded() / 10) s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
  return "\(whole / 3600) h \(whole / 60 % 60) min"
}
