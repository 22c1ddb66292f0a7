import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Elementary functions")
struct ElementaryFunctionsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let array: @Sendable (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    let reference: @Sendable (Double) -> Double
    let range: ClosedRange<Float>
    let bound: Double
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "exp", array: Float.exp, reference: { exp($0) }, range: -104...89, bound: 2),
    Case(name: "log", array: Float.log, reference: { log($0) }, range: 0...10, bound: 2),
    Case(name: "log of large numbers", array: Float.log, reference: { log($0) }, range: 0...3e38, bound: 2),
    Case(name: "log of subnormals", array: Float.log, reference: { log($0) }, range: 0...2e-38, bound: 2),
    Case(name: "tanh", array: Float.tanh, reference: { tanh($0) }, range: -10...10, bound: 3),
    Case(name: "sigmoid", array: Float.sigmoid, reference: { 1 / (1 + exp(-$0)) }, range: -80...80, bound: 3),
    Case(name: "softplus", array: Float.softplus, reference: { log1p(exp($0)) }, range: -80...80, bound: 3),
    Case(name: "erf", array: Float.erf, reference: { erf($0) }, range: -4...4, bound: 1.5),
  ]

  @Test("Float32 results lie within their stated number of ulps", arguments: cases)
  func errorBound(_ testCase: Case) {
    let count = 200_003
    let step = (Double(testCase.range.upperBound) - Double(testCase.range.lowerBound)) / Double(count - 1)
    let x = (0..<count).map { Float(Double(testCase.range.lowerBound) + Double($0) * step) }
    var y = [Float](repeating: 0, count: count)
    testCase.array(count, x, &y)
    var worst = 0.0
    var place: Float = 0
    for (input, output) in zip(x, y) {
      let exact = testCase.reference(Double(input))
      if exact.isInfinite || abs(exact) > Double(Float.greatestFiniteMagnitude) { continue }
      let error = abs(Double(output) - exact) / max(Double(Float(exact).ulp), Double(Float.leastNonzeroMagnitude))
      if error > worst || error.isNaN {
        worst = error
        place = input
      }
    }
    #expect(worst <= testCase.bound, "\(testCase.name): \(worst) ulp at \(place)")
  }

  @Test("limits and NaN come out as the C library's")
  func limits() {
    let x: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, Float(bitPattern: 71362), 200, -200, 3]
    func all(_ f: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void) -> [Float] {
      var y = [Float](repeating: -7, count: x.count)
      f(x.count, x, &y)
      return y
    }
    let exps = all(Float.exp)
    #expect(
      exps[0].isNaN && exps[1] == .infinity && exps[2] == 0 && exps[3] == 1 && exps[6] == .infinity && exps[7] == 0)
    let logs = all(Float.log)
    #expect(logs[0].isNaN && logs[1] == .infinity && logs[2].isNaN && logs[3] == -.infinity && logs[7].isNaN)
    let tanhs = all(Float.tanh)
    #expect(tanhs[0].isNaN && tanhs[1] == 1 && tanhs[2] == -1 && tanhs[3] == 0 && tanhs[5] == Float(bitPattern: 71362))
    let softpluses = all(Float.softplus)
    #expect(softpluses[0].isNaN && softpluses[1] == .infinity && softpluses[2] == 0 && softpluses[6] == 200)
    let sigmoids = all(Float.sigmoid)
    #expect(sigmoids[0].isNaN && sigmoids[1] == 1 && sigmoids[2] == 0 && sigmoids[3] == 0.5)
  }
}
