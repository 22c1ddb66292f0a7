internal import Synchronization

/// A request to stop, which runs look at between steps: what Ctrl-C sets.
public final class Cancellation: Sendable {
  private let number = Atomic<Int32>(0)
  private let other: Cancellation?

  /// Nothing requested yet.
  public init() { other = nil }

  /// Nothing requested yet of its own; what is requested of another is requested of this one too.
  init(following other: Cancellation) { self.other = other }

  /// Requests the end, by default as Ctrl-C (signal 2) does. The first signal stays the reason.
  public func cancel(signal: Int32 = 2) {
    _ = number.compareExchange(expected: 0, desired: signal, ordering: .sequentiallyConsistent)
  }

  /// The signal that asked for the end, or `nil`.
  public var signal: Int32? {
    let value = number.load(ordering: .relaxed)
    return value == 0 ? other?.signal : value
  }

  /// Throws `Interruption` once the end has been requested.
  public func check() throws(Interruption) {
    if let signal { throw Interruption(signal: signal) }
  }
}

/// What ends a run that was asked to stop; it leaves the run resumable.
public struct Interruption: Error, Hashable, Sendable, CustomStringConvertible {
  /// The signal that asked for the end.
  public let signal: Int32
  /// An interruption by a signal.
  public init(signal: Int32) { self.signal = signal }
  /// "interrupted by signal 2; the same command goes on from here.".
  public var description: String { "interrupted by signal \(signal); the same command goes on from here." }
}
