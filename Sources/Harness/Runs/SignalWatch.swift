@preconcurrency internal import Dispatch
internal import Foundation

/// Turns Ctrl-C, SIGTERM and SIGHUP into a request to stop; the same signal once more ends the program at once.
///
/// While it lives, the signals do nothing else. What is lost by the second is at most the work since the last checkpoint.
public final class SignalWatch: Sendable {
  private let sources: [any DispatchSourceSignal]

  /// Watches from now on; `announce` is called once, at the first signal.
  public init(_ cancellation: Cancellation, announce: @escaping @Sendable (Int32) -> Void) {
    // A file beyond a limit on sizes is then an error of the one who writes it, as on a full disk.
    signal(SIGXFSZ, SIG_IGN)
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if cancellation.signal != nil { _exit(ExitStatus.interrupted(by: number)) }
        cancellation.cancel(signal: number)
        announce(number)
      }
      source.resume()
      return source
    }
  }

  /// Gives the signals back their usual meaning.
  public func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }
}
