internal import Foundation

/// A stream that the process was given. Who reads it may go away, or its disk may be full, while runs are under way.
package struct StandardStream: Sendable {
  private let descriptor: Int32

  /// A stream by its descriptor.
  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Where results go.
  package static let output = StandardStream(descriptor: 1)
  /// Where messages go.
  package static let error = StandardStream(descriptor: 2)

  /// Puts nothing in the place of standard streams that are closed. Otherwise a file of results would be given the number of
  /// one, and what is meant for the stream be written into it.
  package static func keepPlaces() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) < 0 {
      // The lowest free number is given. Read only, so that writing fails as on a closed stream.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes all of a text.
  package func write(_ text: String) throws(HarnessError) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        start += count
      } else if errno != EINTR {
        throw .outputFailed(reason: String(cString: strerror(errno)).lowercased())
      }
    }
  }

  /// Writes a message that nobody need see: no run ends because a terminal has been closed.
  package func tell(_ text: String) {
    do { try write(text) } catch { return }
  }
}
