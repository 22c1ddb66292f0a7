import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// The reference: the C library's long double functions where long double is longer, else its Double functions, which
// add a rounding of their own.
#if arch(x86_64) && canImport(Glibc)
  private typealias Reference = Float80
  private let slack = 0.0
#else
  private typealias Reference = Double
  private let slack = 1.0
#endif

@Suite("Elementary functions")
struct ElementaryFunctionsTests {
  /// An array function, what it stands for, and where.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let float: @Sendable (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    let double: @Sendable (Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    fileprivate let reference: @Sendable (Reference) -> Reference
    /// Bounds in ulp.
    let bounds: (float: Double, double: Double)
    /// Where results are neither all 0 nor infinite, in Float and in Double.
    let ranges: (float: ClosedRange<Double>, double: ClosedRange<Double>)
    var testDescription: String { name }
  }

  private static func power(_ exponent: Double) -> Case {
    Case(
      name: "power \(exponent)", float: { Float.power($0, $1, Float(exponent), $2) },
      double: { Double.power($0, $1, exponent, $2) }, reference: { pow($0, Reference(exponent)) },
      bounds: (2, 2), ranges: (1e-12...1e12, 1e-100...1e100))
  }

  static let cases = [
    Case(
      name: "exp", float: Float.exp, double: Double.exp, reference: { exp($0) }, bounds: (2, 2),
      ranges: (-104...89, -746...710)),
    Case(
      name: "log", float: Float.log, double: Double.log, reference: { log($0) }, bounds: (2, 2),
      ranges: (0...3e38, 0...1.7e308)),
    Case(
      name: "tanh", float: Float.tanh, double: Double.tanh, reference: { tanh($0) }, bounds: (3, 3),
      ranges: (-10...10, -23...23)),
    Case(
      name: "sigmoid", float: Float.sigmoid, double: Double.sigmoid, reference: { 1 / (1 + exp(-$0)) }, bounds: (3, 3),
      ranges: (-104...89, -746...710)),
    Case(
      name: "softplus", float: Float.softplus, double: Double.softplus,
      reference: { ($0 > 0 ? $0 : 0) + log1p(exp(-abs($0))) }, bounds: (3, 3), ranges: (-104...89, -746...710)),
    Case(
      name: "erf", float: Float.erf, double: Double.erf, reference: { erf($0) }, bounds: (3, 3),
      ranges: (-5...5, -7...7)),
    Case(
      name: "sin", float: Float.sin, double: Double.sin, reference: { sin($0) }, bounds: (1, 2),
      ranges: (-2e6...2e6, -2e6...2e6)),
    Case(
      name: "cos", float: Float.cos, double: Double.cos, reference: { cos($0) }, bounds: (1, 2),
      ranges: (-2e6...2e6, -2e6...2e6)),
    Case(
      name: "squareRoot", float: Float.squareRoot, double: Double.squareRoot, reference: { sqrt($0) },
      bounds: (0.501, 0.501), ranges: (0...3e38, 0...1.7e308)),
    power(0.5), power(-0.5), power(2.5), power(-1.5), power(3),
  ]

  /// Numbers over the whole range: evenly spaced ones, and ones of every magnitude down to the subnormal, of both signs.
  private func samples<S: Scalar>(_ range: ClosedRange<Double>, leastExponent: Int) -> [S] {
    let count = 100_003
    var values = (0..<count).map { index in
      S(
        range.lowerBound / Double(count - 1) * Double(count - 1 - index)
          + range.upperBound / Double(count - 1) * Double(index))
    }
    var generator = Key(seed: 5).generator()
    for exponent in leastExponent...10 {
      for _ in 0..<60 {
        let value = (1 + generator.uniform()) * pow(2, Double(exponent))
        values += [S(value), S(-value)]
      }
    }
    // Near multiples of pi/2, where sines and cosines vanish.
    values += (0..<2000).map { S(Double($0 * 211) * Double.pi / 2) }
    return values.filter { Double($0) >= range.lowerBound && Double($0) <= range.upperBound }
  }

  private func worst<S: Scalar>(
    _ testCase: Case, _ x: [S], _ array: (Int, UnsafePointer<S>, UnsafeMutablePointer<S>) -> Void
  ) -> (error: Double, place: S) {
    var y = [S](repeating: 0, count: x.count)
    array(x.count, x, &y)
    var worst = (error: 0.0, place: S(0))
    for (input, output) in zip(x, y) {
      let exact = testCase.reference(Reference(input))
      let rounded = S(exact)
      if rounded.isInfinite {
        if output != rounded && !(output == S.greatestFiniteMagnitude) { return (.infinity, input) }
        continue
      }
      let error = Double(abs(Reference(output) - exact) / Reference(rounded.ulp))
      if error > worst.error || error.isNaN { worst = (error.isNaN ? .infinity : error, input) }
    }
    return worst
  }

  @Test("results lie within their stated number of ulps over the whole range", arguments: cases)
  func errorBound(_ testCase: Case) {
    let float = worst(testCase, samples(testCase.ranges.float, leastExponent: -149) as [Float], testCase.float)
    #expect(float.error <= testCase.bounds.float, "Float: \(float.error) ulp at \(float.place)")
    let double = worst(testCase, samples(testCase.ranges.double, leastExponent: -1074) as [Double], testCase.double)
    #expect(double.error <= testCase.bounds.double + slack, "Double: \(double.error) ulp at \(double.place)")
  }

  /// f at one place, in an array whose length is no multiple of any number of lanes.
  private func value<S: Scalar>(
    _ f: (Int, UnsafePointer<S>, UnsafeMutablePointer<S>) -> Void, _ place: S
  ) -> S {
    let values = [S](repeating: place, count: 19)
    var results = [S](repeating: -7, count: 19)
    f(19, values, &results)
    for result in results.dropFirst() { #expect(result == results[0] || (result.isNaN && results[0].isNaN)) }
    return results[0]
  }

  private func limits<S: Scalar>(_ type: S.Type) {
    let tiny = S.leastNonzeroMagnitude
    #expect(value(S.exp, .infinity) == .infinity && value(S.exp, -.infinity) == 0 && value(S.exp, 0) == 1)
    #expect(value(S.exp, 1000) == .infinity && value(S.exp, -1000) == 0)
    #expect(value(S.log, .infinity) == .infinity && value(S.log, 0) == -.infinity && value(S.log, -0.0) == -.infinity)
    #expect(value(S.log, -1).isNaN && value(S.log, -.infinity).isNaN && value(S.log, 1) == 0)
    #expect(value(S.tanh, .infinity) == 1 && value(S.tanh, -.infinity) == -1 && value(S.tanh, tiny) == tiny)
    #expect(value(S.sigmoid, .infinity) == 1 && value(S.sigmoid, -.infinity) == 0 && value(S.sigmoid, 0) == 0.5)
    #expect(value(S.softplus, .infinity) == .infinity && value(S.softplus, -.infinity) == 0)
    #expect(value(S.softplus, 2000) == 2000)
    #expect(value(S.erf, .infinity) == 1 && value(S.erf, -.infinity) == -1)
    #expect(value(S.sin, .infinity).isNaN && value(S.cos, -.infinity).isNaN && value(S.cos, 0) == 1)
    #expect(value(S.squareRoot, .infinity) == .infinity && value(S.squareRoot, -1).isNaN)
    func power(_ x: S, _ exponent: S) -> S { value({ S.power($0, $1, exponent, $2) }, x) }
    #expect(power(-2, 3) == -8 && power(-2, 2.5).isNaN && power(0, 1.5) == 0 && power(0, -1.5) == .infinity)
    #expect(power(.infinity, 1.5) == .infinity && power(.infinity, -1.5) == 0 && power(0, -0.5) == .infinity)
    for odd in [S.tanh, S.erf, S.sin, S.squareRoot] {
      #expect(value(odd, -0.0).sign == .minus && value(odd, -0.0) == 0 && value(odd, 0).sign == .plus)
    }
    for function in [S.exp, S.log, S.tanh, S.sigmoid, S.softplus, S.erf, S.sin, S.cos, S.squareRoot] {
      #expect(value(function, .nan).isNaN)
    }
    #expect(power(.nan, 1.5).isNaN && power(.nan, 0.5).isNaN)
  }

  @Test("limits, zeros' signs and NaN come out as the C library's")
  func limits() {
    limits(Float.self)
    limits(Double.self)
  }
}
