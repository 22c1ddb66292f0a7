public import Differentiation
public import Tensors

/// Keskar's sharpness: how far the loss rises in a box about a point, 100 (max f - f(theta)) / (1 + f(theta)) (Keskar et
/// al. 2017, metric 2.1).
///
/// The box is |d_i| <= epsilon (|theta_i| + 1). On a quadratic with diagonal a and gradient g the largest rise is the sum
/// of |g_i| b_i + a_i b_i^2 / 2 over the half widths b_i, where every a_i is positive.
public struct BoxSharpness: Sendable {
  /// The box's size epsilon.
  public var epsilon: Double
  /// Iterations from each start; the paper's number is 10.
  public var iterations: Int
  /// The pairs that L-BFGS remembers.
  public var history: Int
  /// Starts of the search: the first next to the point, others anywhere in the box.
  public var starts: Int

  /// Creates the measure.
  public init(epsilon: Double = 1e-3, iterations: Int = 10, history: Int = 10, starts: Int = 1) {
    precondition(
      epsilon >= 0 && iterations >= 0 && history > 0 && starts > 0,
      "a box of \(epsilon), \(iterations) iterations from \(starts) starts with \(history) pairs")
    self.epsilon = epsilon
    self.iterations = iterations
    self.history = history
    self.starts = starts
  }

  /// What the search found.
  public struct Rise: Hashable, Sendable {
    /// f(theta).
    public let value: Double
    /// The largest value found in the box: a lower bound of the maximum, f(theta) at least; NaN after a NaN.
    public let maximum: Double

    /// max f - f(theta).
    public var rise: Double { maximum - value }
    /// 100 (max f - f(theta)) / (1 + f(theta)).
    public var sharpness: Double { 100 * rise / (1 + value) }
  }

  /// The sharpness over the box of all parameters. Cost: `starts` times `iterations` + 1 gradients or a few more.
  public func measure<O: Objective>(_ objective: O, at point: [O.Element], key: Key) -> Rise {
    let widths = point.map { O.Element(epsilon) * (abs($0) + 1) }
    return measure(objective, center: point, widths: widths, key: key)
  }

  /// The sharpness over theta + A'y with |y_i| <= epsilon (|(A theta)_i| + 1), for a random A of `dimension` orthonormal
  /// rows; with those, A is the pseudo-inverse of A'.
  public func measure<O: Objective>(
    _ objective: O, at point: [O.Element], inSubspaceOf dimension: Int, key: Key
  ) -> Rise {
    let subspace = RandomSubspace(of: objective, at: point, dimension: dimension, key: key.child("subspace"))
    let widths = subspace.components(of: point).map { O.Element(epsilon) * (abs($0) + 1) }
    return measure(
      subspace, center: [O.Element](repeating: 0, count: subspace.dimension), widths: widths, key: key)
  }

  private func measure<O: Objective>(
    _ objective: O, center: [O.Element], widths: [O.Element], key: Key
  ) -> Rise {
    let value = objective.value(at: center)
    var lower = center
    var upper = center
    lower.add(-1, times: widths)
    upper.add(1, times: widths)
    let ascent = BoxAscent(objective: objective, lower: lower, upper: upper, iterations: iterations, history: history)
    var maximum = value
    for index in 0..<starts {
      var generator = key.child(index).generator()
      let reach: O.Element = index == 0 ? 1e-3 : 1
      let offsets: [O.Element] = generator.symmetricUniforms(center.count)
      var start = center
      writeSum(center, reach, widths, offsets, into: &start)
      let found = ascent.maximum(from: start)
      if found.isNaN { return Rise(value: value, maximum: .nan) }
      maximum = max(maximum, found)
    }
    return Rise(value: value, maximum: maximum)
  }
}
