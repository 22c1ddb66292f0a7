/// What state a run is in; `run`, `plan` and `status` call it by the same words.
public enum RunState: String, CaseIterable, Sendable {
  /// Its file is whole.
  case finished
  /// Its file is whole, its numbers went out of bounds.
  case diverged
  /// Somebody works on it.
  case running
  /// It was begun, and nobody works on it.
  case interrupted
  /// It ended with an error; the same command tries again.
  case failed
  /// Its file can't be read, or isn't its own.
  case damaged
  /// Nothing of it is there.
  case unmade = "not begun"
}
