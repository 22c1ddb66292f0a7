internal import Statistics

/// The first step at which a value is at most a level; NaN if none is.
public func firstStep(below level: Double, steps: [Int], values: [Double]) -> Double {
  zip(steps, values).first { $0.1 <= level }.map { Double($0.0) } ?? .nan
}

/// ||a - b|| / ||b||, Euclidean for vectors and Frobenius for matrices.
public func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "a distance between \(a.count) and \(b.count) numbers")
  let squares = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (squares / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
}

/// A kernel [n, n] between examples as one between their outputs, [n o, n o]: different outputs have nothing in common.
public func withOutputs(_ kernel: [Double], rows n: Int, outputs o: Int) -> [Double] {
  precondition(kernel.count == n * n, "a kernel of \(kernel.count) numbers between \(n) examples")
  var all = [Double](repeating: 0, count: n * o * n * o)
  for i in 0..<n {
    for j in 0..<n {
      for k in 0..<o { all[(i * o + k) * n * o + j * o + k] = kernel[i * n + j] }
    }
  }
  return all
}

/// A number measured at a width with a seed.
public struct WidthPoint: Hashable, Sendable {
  /// The width.
  public let width: Double
  /// The seed.
  public let seed: Int
  /// The number.
  public let value: Double

  /// A point.
  public init(width: Double, seed: Int, value: Double) {
    self.width = width
    self.seed = seed
    self.value = value
  }
}

/// The power p in value ~ width^p for each seed, in the order of seeds, from its least-squares line in logarithms.
///
/// A number that is not positive, or fewer than two widths, gives NaN.
public func slopes(_ points: [WidthPoint]) -> [Double] {
  Set(points.map(\.seed)).sorted().map { seed in
    let own = points.filter { $0.seed == seed }
    return LeastSquaresLine(logX: own.map(\.width), logY: own.map(\.value)).slope
  }
}

/// The change of a number with each doubling of the width for each seed, in the order of seeds, from its least-squares line
/// on the logarithm of the width.
public func doublingSlopes(_ points: [WidthPoint]) -> [Double] {
  Set(points.map(\.seed)).sorted().map { seed in
    let own = points.filter { $0.seed == seed }
    return LeastSquaresLine(x: own.map { binaryLogarithm($0.width) }, y: own.map(\.value)).slope
  }
}

/// The place of the smallest number, the first of several; NaN never is, and `nil` where all are NaN.
public func smallestPlace(_ values: [Double]) -> Int? {
  values.indices.filter { !values[$0].isNaN }.min { values[$0] < values[$1] }
}

/// How a curve over ascending widths falls, rises and falls again.
public struct SecondDescent: Hashable, Sendable {
  /// The place of the valley before the peak.
  public let valley: Int
  /// The place of the peak.
  public let peak: Int

  /// The valley and the later peak between which the curve rises most, the peak before the last place; `nil` for a curve of
  /// fewer than three points, with a NaN, or that rises nowhere.
  public init?(_ curve: [Double]) {
    guard curve.count >= 3, !curve.contains(where: \.isNaN) else { return nil }
    var best: (valley: Int, peak: Int, rise: Double)?
    for peak in 1..<curve.count - 1 {
      guard let valley = smallestPlace(Array(curve[..<peak])) else { continue }
      let rise = curve[peak] - curve[valley]
      if rise > best?.rise ?? 0 { best = (valley, peak, rise) }
    }
    guard let best else { return nil }
    valley = best.valley
    peak = best.peak
  }

  /// For each of several curves over the same widths its rise to the peak and its fall from there to the last width, with
  /// valley and peak found from the mean of the other curves. So the choice of a peak does not favour the numbers that
  /// were lucky there. NaN where the others show no peak.
  public static func crossValidated(_ curves: [[Double]]) -> [(rise: Double, fall: Double)] {
    curves.indices.map { left in
      let others = curves.indices.filter { $0 != left }.map { curves[$0] }
      guard let length = others.first?.count, curves.allSatisfy({ $0.count == length }) else { return (.nan, .nan) }
      let means = (0..<length).map { place in mean(others.map { $0[place] }) }
      guard let shape = SecondDescent(means) else { return (.nan, .nan) }
      let own = curves[left]
      return (own[shape.peak] - own[shape.valley], own[shape.peak] - own[length - 1])
    }
  }
}

/// Values by width (ascending) and then seed, from runs in any order; `nil` when a seed lacks a width.
public func table(_ points: [WidthPoint]) -> (widths: [Double], seeds: [Int], rows: [[Double]])? {
  let widths = Set(points.map(\.width)).sorted()
  let seeds = Set(points.map(\.seed)).sorted()
  var rows: [[Double]] = []
  for seed in seeds {
    let row = widths.compactMap { width in points.first { $0.seed == seed && $0.width == width }?.value }
    guard row.count == widths.count else { return nil }
    rows.append(row)
  }
  return (widths, seeds, rows)
}
