public import Differentiation
public import Tensors

/// How far the loss rises within a radius: max of f(theta + T e) - f(theta) over ||e|| <= rho (Foret et al. 2021; with
/// relative scales Kwon et al. 2021).
///
/// On a quadratic at its minimum with T = 1 it is rho^2 lambda_max / 2.
public struct AscentSharpness: Sendable {
  /// The radius rho.
  public var radius: Double
  /// T.
  public var scale: PerturbationScale
  /// Steps of the search for the maximum.
  public var steps: Int

  /// Creates the measure.
  public init(radius: Double = 0.05, scale: PerturbationScale = .absolute, steps: Int = 20) {
    precondition(radius >= 0 && steps >= 0, "a radius of \(radius) and \(steps) steps")
    self.radius = radius
    self.scale = scale
    self.steps = steps
  }

  /// What the ascent found.
  public struct Rise: Hashable, Sendable {
    /// f(theta).
    public let value: Double
    /// The rise after one step of the whole radius along T g, as sharpness-aware minimization makes it; 0 where g is zero,
    /// NaN where g or f(theta) is not a finite number.
    public let oneStep: Double
    /// The largest rise seen: a lower bound of the maximum, and 0 at least.
    public let maximum: Double
  }

  /// Searches for the maximum by e <- T g(theta + rho T e) / ||T g||, which climbs wherever the loss is convex: on a
  /// quadratic it is power iteration. It starts from the gradient and a tenth of a random direction.
  ///
  /// A NaN on the way makes the maximum NaN. Cost: `steps` + 1 gradients and 2 values.
  public func measure<O: Objective>(_ objective: O, at point: [O.Element], key: Key) -> Rise {
    let factors = scale.factors(at: point)
    let rho = O.Element(radius)
    var gradient = point
    var slope = point
    var place = point
    let value = objective.gradient(at: point, into: &gradient)
    func ascend() -> Bool {
      writeProduct(factors, gradient, into: &slope)
      return makeUnit(&slope)
    }
    var oneStep = 0.0
    var start = [O.Element](repeating: 0, count: point.count)
    if ascend() {
      writeSum(point, rho, factors, slope, into: &place)
      oneStep = objective.value(at: place) - value
      start = slope
    } else if slope.norm != 0 || !value.isFinite {
      oneStep = .nan
    }
    var generator = key.generator()
    slope = generator.normals(point.count)
    guard makeUnit(&slope), !oneStep.isNaN else { return Rise(value: value, oneStep: oneStep, maximum: oneStep) }
    start.add(start.norm > 0 ? 0.1 : 1, times: slope)
    slope = start
    _ = makeUnit(&slope)
    var highest = max(0, oneStep)
    for _ in 0..<steps {
      writeSum(point, rho, factors, slope, into: &place)
      let rise = objective.gradient(at: place, into: &gradient) - value
      if rise.isNaN { return Rise(value: value, oneStep: oneStep, maximum: .nan) }
      highest = max(highest, rise)
      if !ascend() { break }
    }
    writeSum(point, rho, factors, slope, into: &place)
    let last = steps > 0 ? objective.value(at: place) - value : 0
    return Rise(value: value, oneStep: oneStep, maximum: last.isNaN ? .nan : max(highest, last))
  }
}

/// Scales a vector to length 1; `false` for one that has no direction.
func makeUnit<S: Scalar>(_ vector: inout [S]) -> Bool {
  let length = vector.norm
  guard length > 0, length.isFinite else { return false }
  vector.scale(by: 1 / length)
  return true
}
