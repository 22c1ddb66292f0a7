internal import Foundation
internal import Synchronization

/// Where progress and messages are shown.
public protocol ProgressDisplay: Sendable {
  /// How far the batch is now; called several times a second.
  func show(_ snapshot: ProgressSnapshot)
  /// A sentence that stays: a run has ended, or something is to be known.
  func tell(_ sentence: String)
  /// The end: what was shown for the moment only is taken away.
  func finish()
}

/// Shows nothing.
public struct SilentDisplay: ProgressDisplay {
  /// A display that shows nothing.
  public init() {}
  /// Nothing.
  public func show(_ snapshot: ProgressSnapshot) {}
  /// Nothing.
  public func tell(_ sentence: String) {}
  /// Nothing.
  public func finish() {}
}

/// Shows progress on standard error: one line that changes on a terminal, elsewhere a line every half minute.
public final class StandardErrorDisplay: ProgressDisplay {
  private struct State {
    var isLineOpen = false
    var lastPlain = 0.0
    var last = ""
  }

  private let isTerminal: Bool
  private let interval: Double
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// A display that finds out by itself whether standard error is a terminal.
  public convenience init() {
    self.init(isTerminal: isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb") {
      StandardStream.error.tell($0)
    }
  }

  package init(isTerminal: Bool, interval: Double = 30, write: @escaping @Sendable (String) -> Void) {
    self.isTerminal = isTerminal
    self.interval = interval
    self.write = write
  }

  /// Rewrites the line, or adds one when half a minute has passed.
  public func show(_ snapshot: ProgressSnapshot) {
    let line = snapshot.line
    state.withLock { state in
      if isTerminal {
        guard line != state.last else { return }
        state.last = line
        state.isLineOpen = true
        write("\r\u{1b}[K" + String(line.prefix(terminalWidth() - 1)))
      } else if snapshot.seconds - state.lastPlain >= interval {
        state.lastPlain = snapshot.seconds
        write(line + "\n")
      }
    }
  }

  /// Writes a sentence on a line of its own.
  public func tell(_ sentence: String) {
    state.withLock { state in
      write((state.isLineOpen ? "\r\u{1b}[K" : "") + sentence + "\n")
      state.isLineOpen = false
      state.last = ""
    }
  }

  /// Removes the changing line.
  public func finish() {
    state.withLock { state in
      if state.isLineOpen { write("\r\u{1b}[K") }
      state.isLineOpen = false
      state.last = ""
    }
  }
}

private func terminalWidth() -> Int {
  var size = winsize()
  guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
  return Int(size.ws_col)
}
