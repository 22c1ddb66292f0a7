public import Differentiation
public import Tensors

/// A band of points between two ends that is pulled down to a path of minimum energy (nudged elastic band; Jonsson, Mills
/// and Jacobsen 1998, Draxler et al. 2018).
///
/// Each inner point, a pivot, moves against the part of the gradient that is perpendicular to the band; along the band
/// pivots are held apart. With rigid springs they are set back after each step to their shares of the band's length along
/// the straight pieces between them; springs of a stiffness k pull with k (|p_(i+1) - p_i| - |p_i - p_(i-1)|) along it.
/// The band's direction at a pivot is that to its higher neighbour, and where a pivot is higher or lower than both a mean
/// of both directions (Henkelman and Jonsson 2000).
public struct ElasticBand<Element: Scalar>: Sendable {
  /// What holds pivots apart.
  public enum Springs: Hashable, Sendable {
    /// Their shares of the length are kept.
    case rigid
    /// Springs of this stiffness.
    case elastic(Double)
  }

  /// The start, the pivots and the end.
  public private(set) var points: [[Element]]
  /// The share of the band's length that each piece between neighbours is to have; they add up to 1.
  public private(set) var shares: [Double]
  /// What holds pivots apart.
  public let springs: Springs
  private var velocities: [[Element]]

  /// Spreads `pivotCount` pivots evenly over the straight line between the ends.
  public init(from start: [Element], to end: [Element], pivotCount: Int, springs: Springs = .rigid) {
    precondition(pivotCount >= 0, "a band with \(pivotCount) pivots")
    let line = StraightLine(from: start, to: end)
    let inner = (0..<pivotCount).map { line.point(at: Double($0 + 1) / Double(pivotCount + 1)) }
    self.init(points: [start] + inner + [end], springs: springs)
  }

  /// A band through given points, both ends among them; pieces keep the shares of the length that they have, unless
  /// others are given.
  public init(points: [[Element]], shares: [Double]? = nil, springs: Springs = .rigid) {
    precondition(
      points.count >= 2 && (shares?.count ?? points.count - 1) == points.count - 1,
      "a band of \(points.count) points with \(shares?.count ?? 0) shares of its length")
    self.points = points
    self.springs = springs
    velocities = points.map { _ in [] }
    let lengths = zip(points, points.dropFirst()).map { distance($0, $1) }
    let total = lengths.reduce(0, +)
    self.shares = shares ?? lengths.map { total > 0 ? $0 / total : 1 / Double(lengths.count) }
    rest()
  }

  /// The number of parameters of a point.
  public var dimension: Int { points[0].count }
  /// The number of points that move.
  public var pivotCount: Int { points.count - 2 }
  /// The band as a path.
  public var chain: PolygonalChain<Element> {
    PolygonalChain(from: points[0], to: points[points.count - 1], bends: Array(points[1..<points.count - 1].joined()))
  }

  /// Makes steps of momentum descent on the nudged gradient. Cost of a step: a gradient for each pivot.
  ///
  /// - Parameters:
  ///   - steps: how many
  ///   - endValues: the values at the start and the end, which directions at their neighbours depend on
  ///   - learningRate: the rate of each step
  ///   - momentum: the share of the last step that is kept; it is forgotten after the last step
  ///   - gradient: writes the gradient at a point, which may be that of a batch of the step, and returns the value
  public mutating func relax(
    steps: Int, endValues: (Double, Double), learningRate: (Int) -> Double, momentum: Double = 0,
    gradient: (_ step: Int, _ point: [Element], _ gradient: inout [Element]) throws -> Double
  ) rethrows {
    let pivots = 1..<points.count - 1
    var gradients = [[Element]](repeating: [Element](repeating: 0, count: dimension), count: points.count)
    var values = [Double](repeating: 0, count: points.count)
    (values[0], values[values.count - 1]) = endValues
    for step in 0..<steps {
      for index in pivots { values[index] = try gradient(step, points[index], &gradients[index]) }
      for index in pivots { nudge(&gradients[index], at: index, values) }
      for index in pivots {
        velocities[index].scale(by: Element(momentum))
        velocities[index].add(1, times: gradients[index])
        points[index].add(Element(-learningRate(step)), times: velocities[index])
      }
      if springs == .rigid { redistribute() }
    }
    rest()
  }

  /// Makes steps of momentum descent on the nudged gradient of an objective.
  public mutating func relax(
    on objective: any Objective<Element>, steps: Int, learningRate: Double, momentum: Double = 0
  ) {
    let ends = (objective.value(at: points[0]), objective.value(at: points[points.count - 1]))
    relax(steps: steps, endValues: ends, learningRate: { _ in learningRate }, momentum: momentum) {
      objective.gradient(at: $1, into: &$2)
    }
  }

  /// Sets pivots to their shares of the band's length, along the straight pieces between the present points.
  public mutating func redistribute() {
    let old = points
    let lengths = zip(old, old.dropFirst()).map { distance($0, $1) }
    let total = lengths.reduce(0, +)
    guard total > 0, total.isFinite else { return }
    var piece = 0
    var passed = 0.0
    var wanted = 0.0
    for index in 1..<max(1, points.count - 1) {
      wanted += shares[index - 1] * total
      while piece < lengths.count - 1 && passed + lengths[piece] < wanted {
        passed += lengths[piece]
        piece += 1
      }
      let share = lengths[piece] > 0 ? Element(min(1, (wanted - passed) / lengths[piece])) : 0
      points[index] = old[piece]
      points[index].scale(by: 1 - share)
      points[index].add(share, times: old[piece + 1])
    }
  }

  /// Puts a pivot into each piece where the value rises above the linear interpolation of the piece's ends by more than
  /// `tolerance` times the difference of the largest and the least value on the band (AutoNEB; Kolsbjerg, Groves and Hammer
  /// 2016, Draxler et al. 2018): at the highest of `pointsPerPiece` points above that line. Worst pieces come first when
  /// there may be no more than `maximumPivots`. Returns the number of new pivots. Cost: `pointsPerPiece` values a piece.
  @discardableResult
  public mutating func insertPivots(
    tolerance: Double = 0.2, pointsPerPiece: Int = 3, maximumPivots: Int = .max, value: ([Element]) throws -> Double
  ) rethrows -> Int {
    precondition(pointsPerPiece > 0, "a piece is judged by at least one point, not \(pointsPerPiece)")
    let corners = try points.map(value)
    var (lowest, highest) = (corners.min() ?? 0, corners.max() ?? 0)
    var failures: [(piece: Int, place: Double, excess: Double)] = []
    for piece in shares.indices {
      let line = StraightLine(from: points[piece], to: points[piece + 1])
      let inner = try (1...pointsPerPiece).map { number in
        let place = Double(number) / Double(pointsPerPiece + 1)
        let value = try value(line.point(at: place))
        (lowest, highest) = (min(lowest, value), max(highest, value))
        return (piece, place, value - (1 - place) * corners[piece] - place * corners[piece + 1])
      }
      failures += [inner.max { $0.2 < $1.2 }!]
    }
    let room = max(0, maximumPivots - pivotCount)
    let chosen = failures.filter { $0.excess > tolerance * (highest - lowest) }.sorted { $0.excess > $1.excess }
      .prefix(room).sorted { $0.piece > $1.piece }
    for (piece, place, _) in chosen {
      points.insert(StraightLine(from: points[piece], to: points[piece + 1]).point(at: place), at: piece + 1)
      shares.replaceSubrange(piece...piece, with: [place * shares[piece], (1 - place) * shares[piece]])
    }
    rest()
    return chosen.count
  }

  /// Makes the gradient perpendicular to the band and adds the springs' pull.
  private func nudge(_ gradient: inout [Element], at index: Int, _ values: [Double]) {
    let tangent = tangent(at: index, values)
    gradient.add(-gradient.dot(tangent), times: tangent)
    guard case .elastic(let stiffness) = springs else { return }
    let pull = distance(points[index + 1], points[index]) - distance(points[index], points[index - 1])
    gradient.add(Element(-stiffness * pull), times: tangent)
  }

  /// The band's direction at a pivot, of length 1; 0 where neighbours coincide.
  func tangent(at index: Int, _ values: [Double]) -> [Element] {
    let (before, own, after) = (values[index - 1], values[index], values[index + 1])
    var ahead = points[index + 1]
    ahead.add(-1, times: points[index])
    var behind = points[index]
    behind.add(-1, times: points[index - 1])
    let isMonotone = (before < own && own < after) || (before > own && own > after)
    let (large, small) = (max(abs(after - own), abs(before - own)), min(abs(after - own), abs(before - own)))
    let (forward, backward): (Double, Double)
    switch (after > before, isMonotone) {
    case (true, true): (forward, backward) = (1, 0)
    case (false, true): (forward, backward) = (0, 1)
    case (true, false): (forward, backward) = (large, small)
    case (false, false): (forward, backward) = large > 0 ? (small, large) : (1, 1)
    }
    ahead.scale(by: Element(forward))
    ahead.add(Element(backward), times: behind)
    let length = ahead.norm
    if length > 0 { ahead.scale(by: 1 / length) }
    return ahead
  }

  private mutating func rest() {
    velocities = points.map { [Element](repeating: 0, count: $0.count) }
  }
}

private func distance<S: Scalar>(_ x: [S], _ y: [S]) -> Double {
  var difference = x
  difference.add(-1, times: y)
  return Double(difference.norm)
}
