/// How much of a run was made in how much time, by all processes that worked on it.
public struct RunPace: Hashable, Sendable {
  /// The part of the run that was made, from 0 to 1, without what it found finished, such as minima of other runs.
  public var fraction: Double
  /// Seconds of the clock.
  public var seconds: Double

  /// A pace.
  public init(fraction: Double = 0, seconds: Double = 0) {
    self.fraction = fraction
    self.seconds = seconds
  }

  /// The seconds that all of the run would take so; `nil` while too little was seen.
  var wholeSeconds: Double? {
    guard fraction > 0.02 && seconds > 1 || fraction > 0.0005 && seconds > 5 else { return nil }
    return seconds / fraction
  }

  /// As much of it as there still is, at the same pace.
  package func kept(_ fraction: Double) -> RunPace {
    guard self.fraction > 0 else { return RunPace() }
    let known = min(fraction, self.fraction)
    return RunPace(fraction: known, seconds: seconds * known / self.fraction)
  }
}

/// A pace beside what an unfinished run has done.
struct PaceRecord {
  private let path: String

  /// The record in a run's folder.
  init(_ partial: String) { path = "\(partial)/pace.txt" }

  /// What was kept; no pace where there is none, or none that can be read: only the time left hangs on it.
  func read() throws(HarnessError) -> RunPace {
    guard FileSystem.exists(path) else { return RunPace() }
    let words = String(decoding: try FileSystem.read(path, mend: "mend its permissions"), as: UTF8.self).split(
      separator: " ")
    guard words.count == 2, let fraction = Double(words[0]), let seconds = Double(words[1]), (0...1).contains(fraction),
      seconds >= 0, seconds.isFinite
    else { return RunPace() }
    return RunPace(fraction: fraction, seconds: seconds)
  }

  func keep(_ pace: RunPace) throws(HarnessError) { try FileSystem.write("\(pace.fraction) \(pace.seconds)", to: path) }
}
