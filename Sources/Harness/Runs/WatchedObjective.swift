public import Differentiation
public import Tensors

/// An objective that can be stopped, for searches that don't know of cancellation: when the run is asked to stop, values and
/// gradients become NaN at once, at which searches end. Who uses the search calls `checkCancellation` before it keeps what
/// was found.
public final class WatchedObjective<Base: Objective>: Objective {
  private let base: Base
  private let context: RunContext

  /// Watches an objective.
  public init(_ base: Base, in context: RunContext) {
    self.base = base
    self.context = context
  }

  /// The objective's.
  public var dimension: Int { base.dimension }

  /// The objective's.
  public func value(at point: [Base.Element]) -> Double {
    context.isAskedToStop ? .nan : base.value(at: point)
  }

  /// The objective's.
  @discardableResult
  public func gradient(at point: [Base.Element], into gradient: inout [Base.Element]) -> Double {
    guard context.isAskedToStop else { return base.gradient(at: point, into: &gradient) }
    for index in gradient.indices { gradient[index] = .nan }
    return .nan
  }

  /// The objective's, as a ``WatchedOperator``.
  public func hessian(at point: [Base.Element]) -> any LinearOperator<Base.Element> {
    WatchedOperator(base.hessian(at: point), in: context)
  }
}
