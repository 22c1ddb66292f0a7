internal import Synchronization

/// How far one run is: written by its thread, read by the display.
final class RunProgress: Sendable {
  struct State: Sendable {
    var fraction = 0.0
    /// The part of it that was there when the run went on.
    var kept = 0.0
    var message = ""
    /// How earlier processes went on.
    var earlier = RunPace()

    /// How the run has gone on, when this process has worked on it for some seconds.
    func pace(after seconds: Double) -> RunPace {
      let before = earlier.kept(kept)
      return RunPace(fraction: before.fraction + fraction - kept, seconds: before.seconds + seconds)
    }
  }

  private let state = Mutex(State())

  var current: State { state.withLock { $0 } }

  func begin(after earlier: RunPace) { state.withLock { $0.earlier = earlier } }

  func set(fraction: Double, message: String?) {
    state.withLock { state in
      state.fraction = min(1, max(state.fraction, fraction))
      if let message { state.message = message }
    }
  }

  /// Goes to a fraction that was reached before the run went on.
  func keep(upTo fraction: Double) {
    state.withLock { state in
      state.kept += max(0, min(1, fraction) - state.fraction)
      state.fraction = min(1, max(state.fraction, fraction))
    }
  }
}
