public import Tensors

/// The straight line p(t) = (1 - t) a + t b.
public struct StraightLine<Element: Scalar>: Path {
  /// The number of parameters of a point.
  public let dimension: Int
  /// a, b.
  public let controlPoints: [Element]

  /// Creates the line between two points.
  public init(from start: [Element], to end: [Element]) {
    precondition(start.count == end.count, "a line between points of \(start.count) and \(end.count) parameters")
    dimension = start.count
    controlPoints = start + end
  }

  /// None: it can only be set to none.
  public var bends: [Element] {
    get { [] }
    set { precondition(newValue.isEmpty, "a straight line has no bends, and \(newValue.count) numbers were given") }
  }
  /// (1 - t, t).
  public func weights(at t: Double) -> [Double] { [1 - t, t] }
  /// (-1, 1).
  public func velocityWeights(at t: Double) -> [Double] { [-1, 1] }
  /// 0 and 1.
  public var corners: [Double] { [0, 1] }
}

/// The Bezier curve of degree d = bends + 1, p(t) = sum over i of C(d, i) t^i (1 - t)^(d - i) c_i; with one bend the
/// quadratic curve of Garipov et al. 2018.
///
/// It does not pass through its bends: with one bend b between a and c, p(1/2) = (a + 2 b + c) / 4.
public struct BezierCurve<Element: Scalar>: Path {
  /// The number of parameters of a point.
  public let dimension: Int
  /// The start, the bends, the end.
  public private(set) var controlPoints: [Element]

  /// Creates a curve with `bendCount` bends spread evenly over the straight line, which it then is.
  public init(from start: [Element], to end: [Element], bendCount: Int = 1) {
    self.init(from: start, to: end, bends: StraightLine(from: start, to: end).evenPoints(bendCount))
  }

  /// Creates a curve from its bends, one after the other.
  public init(from start: [Element], to end: [Element], bends: [Element]) {
    precondition(
      start.count == end.count && !start.isEmpty && bends.count.isMultiple(of: start.count),
      "a curve between points of \(start.count) and \(end.count) parameters with \(bends.count) numbers for bends")
    dimension = start.count
    controlPoints = start + bends + end
  }

  /// The degree: 1 for the straight line.
  public var degree: Int { bendCount + 1 }

  /// The bends, one after the other.
  public var bends: [Element] {
    get { Array(controlPoints[dimension..<controlPoints.count - dimension]) }
    set {
      precondition(
        newValue.count == controlPoints.count - 2 * dimension,
        "\(newValue.count) numbers for \(bendCount) bends of \(dimension) parameters")
      controlPoints.replaceSubrange(dimension..<controlPoints.count - dimension, with: newValue)
    }
  }

  /// Bernstein's polynomials of the degree, by de Casteljau's recursion.
  public func weights(at t: Double) -> [Double] { bernstein(degree, t) }

  /// Their derivatives, d (B_(i - 1) - B_i) of the degree below.
  public func velocityWeights(at t: Double) -> [Double] {
    let below = bernstein(degree - 1, t)
    let factor = Double(degree)
    return (0...degree).map { factor * (($0 > 0 ? below[$0 - 1] : 0) - ($0 < degree ? below[$0] : 0)) }
  }

  /// 0 and 1.
  public var corners: [Double] { [0, 1] }
}

/// C(d, i) t^i (1 - t)^(d - i) for i = 0 ... d.
private func bernstein(_ degree: Int, _ t: Double) -> [Double] {
  var values = [1.0]
  for _ in 0..<degree {
    let left = values.map { (1 - t) * $0 } + [0]
    let right = [0] + values.map { t * $0 }
    values = zip(left, right).map { $0 + $1 }
  }
  return values
}

extension StraightLine {
  /// `count` points one after the other, spread evenly between the ends.
  func evenPoints(_ count: Int) -> [Element] {
    precondition(count >= 0, "\(count) points on a line")
    return (0..<count).flatMap { point(at: Double($0 + 1) / Double(count + 1)) }
  }
}

/// Straight pieces between the start, any number of bends and the end, each traversed in the same share of t.
public struct PolygonalChain<Element: Scalar>: Path {
  /// The number of parameters of a point.
  public let dimension: Int
  /// The start, the bends, the end.
  public private(set) var controlPoints: [Element]

  /// Creates a chain with `bendCount` bends spread evenly over the straight line.
  public init(from start: [Element], to end: [Element], bendCount: Int) {
    self.init(from: start, to: end, bends: StraightLine(from: start, to: end).evenPoints(bendCount))
  }

  /// Creates a chain from its bends, one after the other.
  public init(from start: [Element], to end: [Element], bends: [Element]) {
    precondition(
      start.count == end.count && !start.isEmpty && bends.count.isMultiple(of: start.count),
      "a chain between points of \(start.count) and \(end.count) parameters with \(bends.count) numbers for bends")
    dimension = start.count
    controlPoints = start + bends + end
  }

  /// The bends, one after the other.
  public var bends: [Element] {
    get { Array(controlPoints[dimension..<controlPoints.count - dimension]) }
    set {
      precondition(
        newValue.count == controlPoints.count - 2 * dimension,
        "\(newValue.count) numbers for \(bendCount) bends of \(dimension) parameters")
      controlPoints.replaceSubrange(dimension..<controlPoints.count - dimension, with: newValue)
    }
  }

  /// Hat functions: two neighbours share the point, by its place on their piece.
  public func weights(at t: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: bendCount + 2)
    let (piece, share) = place(of: t)
    weights[piece] = 1 - share
    weights[piece + 1] = share
    return weights
  }

  /// -+ the number of pieces.
  public func velocityWeights(at t: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: bendCount + 2)
    let piece = place(of: t).piece
    weights[piece] = -Double(bendCount + 1)
    weights[piece + 1] = Double(bendCount + 1)
    return weights
  }

  /// 0, 1/(bends + 1), ..., 1.
  public var corners: [Double] { (0...bendCount + 1).map { Double($0) / Double(bendCount + 1) } }

  private func place(of t: Double) -> (piece: Int, share: Double) {
    let position = t * Double(bendCount + 1)
    let piece = min(max(Int(position), 0), bendCount)
    return (piece, position - Double(piece))
  }
}
