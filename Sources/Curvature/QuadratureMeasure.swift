#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A measure of nodes theta_i with weights w_i that stands for the spectral measure of an operator: the integral of f is
/// the sum of w_i f(theta_i).
public struct QuadratureMeasure: Hashable, Sendable {
  /// The nodes, ascending.
  public let nodes: [Double]
  /// Their weights.
  public let weights: [Double]

  /// A measure; nodes come in any order.
  public init(nodes: [Double], weights: [Double]) {
    precondition(nodes.count == weights.count, "\(nodes.count) nodes with \(weights.count) weights")
    let order = nodes.indices.sorted { nodes[$0] < nodes[$1] }
    self.nodes = order.map { nodes[$0] }
    self.weights = order.map { weights[$0] }
  }

  /// The mean of measures.
  public init(meanOf measures: [QuadratureMeasure]) {
    let share = 1 / Double(measures.count)
    self.init(nodes: measures.flatMap(\.nodes), weights: measures.flatMap { $0.weights.map { share * $0 } })
  }

  /// The integral of a function.
  public func integral(of function: (Double) -> Double) -> Double {
    zip(nodes, weights).reduce(0) { $0 + $1.1 * function($1.0) }
  }

  /// The integral of theta^degree.
  public func moment(_ degree: Int) -> Double {
    precondition(degree >= 0, "a moment of degree \(degree)")
    return integral { node in (0..<degree).reduce(1.0) { product, _ in product * node } }
  }

  /// The mass of the nodes at or below `position`.
  public func mass(upTo position: Double) -> Double {
    zip(nodes, weights).reduce(0) { $0 + ($1.0 <= position ? $1.1 : 0) }
  }

  /// The density at the points of a grid, per unit of eigenvalue, each node broadened to a normal distribution of standard
  /// deviation `width`. Its integral over the line is the sum of the weights.
  public func density(on grid: [Double], width: Double) -> [Double] {
    precondition(width > 0, "a width is positive, not \(width)")
    return smoothed(nodes, weights, on: grid, width: width)
  }

  /// The density at the points of a grid on a scale that is linear near 0 and logarithmic far from it, u = asinh(theta /
  /// `linearity`) / log 10: per decade, each node broadened on that scale to a normal distribution of standard deviation
  /// `width` (in decades).
  ///
  /// `grid` holds eigenvalues. Both signs and zero have their place on the scale; for theta far above the linearity it is
  /// log10(2 theta / linearity).
  public func logarithmicDensity(on grid: [Double], width: Double, linearity: Double) -> [Double] {
    precondition(
      width > 0 && linearity > 0, "a width of \(width) decades and a linearity of \(linearity), both positive")
    func scale(_ value: Double) -> Double { asinh(value / linearity) / log(10) }
    return smoothed(nodes.map(scale), weights, on: grid.map(scale), width: width)
  }

  /// `count` eigenvalues from `range`'s lower to its upper end, evenly spaced on the scale of
  /// ``logarithmicDensity(on:width:linearity:)``.
  public static func logarithmicGrid(_ range: ClosedRange<Double>, count: Int, linearity: Double) -> [Double] {
    precondition(count > 1 && linearity > 0, "a grid of \(count) points with a linearity of \(linearity)")
    let (start, end) = (asinh(range.lowerBound / linearity), asinh(range.upperBound / linearity))
    return (0..<count).map { linearity * sinh(start + Double($0) * (end - start) / Double(count - 1)) }
  }
}

private func smoothed(_ nodes: [Double], _ weights: [Double], on grid: [Double], width: Double) -> [Double] {
  let height = 1 / (width * (2 * Double.pi).squareRoot())
  return grid.map { position in
    height
      * zip(nodes, weights).reduce(0) { sum, own in
        let distance = (position - own.0) / width
        return sum + own.1 * exp(-distance * distance / 2)
      }
  }
}
