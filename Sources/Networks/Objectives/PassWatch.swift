import Tensors

/// Says how many chunks of a pass over examples are made. Without one all are; a rehearsal times a few, and what is summed
/// over them is scaled up to all.
package struct PassWatch: Sendable {
  /// That of the passes made on this thread.
  @TaskLocal package static var current: PassWatch?

  private let begin: @Sendable (_ count: Int) -> (_ made: Int) -> Bool

  /// `begin` is told how many chunks a pass has, and gives what is asked after each but the last, by how many were made,
  /// whether it goes on.
  package init(_ begin: @escaping @Sendable (_ count: Int) -> (_ made: Int) -> Bool) { self.begin = begin }

  /// Calls `body` with the numbers of `count` chunks, first to last, and returns how many were made.
  @discardableResult
  package static func forEach(_ count: Int, _ body: (Int) -> Void) -> Int {
    let goesOn = current?.begin(count)
    for number in 0..<count {
      body(number)
      if let goesOn, number + 1 < count, !goesOn(number + 1) { return number + 1 }
    }
    return count
  }
}

/// Makes of a sum over the examples that were seen that over all `count` of them.
func scaleUp<S: Scalar>(_ sum: UnsafeMutablePointer<S>, count: Int, seen: Int, of all: Int) {
  if seen < all { S.axpy(count, S(all) / S(seen) - 1, UnsafePointer(sum), sum) }
}
