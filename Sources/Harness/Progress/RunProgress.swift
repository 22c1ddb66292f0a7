internal import Synchronization

/// How far one run is: written by its thread, read by the display.
final class RunProgress: Sendable {
  struct State: Sendable {
    var fraction = 0.0
    var message = ""
  }

  private let state = Mutex(State())

  var current: State { state.withLock { $0 } }

  func set(fraction: Double, message: String?) {
    state.withLock { state in
      state.fraction = min(1, max(state.fraction, fraction))
      if let message { state.message = message }
    }
  }
}
