import Differentiation
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Sums, repetitions and normalizations along axes, in every arrangement and in sizes around their blocks.
struct AxesCase: CustomTestStringConvertible, Sendable {
  let shape: Shape
  let axes: [Int]
  var testDescription: String { "\(shape) over \(axes)" }

  /// The statistic that each element belongs to.
  var statistics: [Int] {
    let kept = (0..<shape.rank).filter { !axes.contains($0) }
    return (0..<shape.count).map { index in
      kept.reduce(0) { $0 * shape[$1] + index / shape.strides[$1] % shape[$1] }
    }
  }
}

let regularAxes: [AxesCase] = [
  (.init([130, 3]), [0]), (.init([67, 16]), [0]), (.init([3, 65, 33]), [0, 1]), (.init([5, 1100]), [1]),
  (.init([2, 7, 5, 3]), [1, 2]), (.init([2, 9, 3, 4]), [1, 3]),
  (.init([4, 3]), [0, 1]), (.init([1, 5, 1, 6]), [0, 1]),
].map { AxesCase(shape: $0, axes: $1) }

/// Kept and reduced axes alternate too often for normalization; sums take them all the same.
let irregularAxes: [AxesCase] = [(.init([2, 3, 70, 20]), [0, 2]), (.init([2, 3, 4, 5, 2]), [0, 2, 4])].map {
  AxesCase(shape: $0, axes: $1)
}

@Suite("Statistics along axes")
struct StatisticsTests {
  @Test("a sum adds what it should, and a broadcast repeats it", arguments: regularAxes + irregularAxes)
  func sums(_ sample: AxesCase) {
    let x = random([sample.shape], Key(seed: 3))[0]
    let kept = (0..<sample.shape.rank).filter { !sample.axes.contains($0) }
    let results = evaluate([sample.shape], [x]) {
      let sum = $0[0].sum(over: sample.axes)
      return [sum, sum.broadcast(to: sample.shape, along: kept), sum.broadcast(to: sample.shape, along: kept) + $0[0]]
    }
    var expected = [Double](repeating: 0, count: kept.map { sample.shape[$0] }.reduce(1, *))
    for (statistic, value) in zip(sample.statistics, x) { expected[statistic] += value }
    let repeated = sample.statistics.map { expected[$0] }
    #expect(largestDifference(results, [expected, repeated, zip(repeated, x).map(+)]) < 1e-11)
  }

  @Test(
    "a sum at the end of a chain adds what a sum of the written-out tensor adds", arguments: regularAxes + irregularAxes
  )
  func sumsOfChains(_ sample: AxesCase) {
    let x = random([sample.shape], Key(seed: 3))[0]
    let results = evaluate([sample.shape], [x]) {
      let y = ($0[0] - 1).square()
      return [y.sum(over: sample.axes), y.tanh().sum(over: sample.axes), (0.5 * y).exp()]
    }
    let squares = x.map { ($0 - 1) * ($0 - 1) }
    var expected = results.map { $0.map { _ in 0.0 } }
    for (index, (statistic, value)) in zip(sample.statistics, squares).enumerated() {
      expected[0][statistic] += value
      expected[1][statistic] += tanh(value)
      expected[2][index] = exp(0.5 * value)
    }
    #expect(largestDifference(results, expected) < 1e-11)
  }

  @Test("a tensor without elements has sum zero")
  func empty() {
    #expect(
      evaluate([[0, 3], [3, 0]], [[], []] as [[Double]]) { [$0[0].sum(over: [0]), $0[1].sum(over: [1])] }
        == [[0, 0, 0], [0, 0, 0]])
  }

  /// Standardization as it is defined, from elementary operations.
  static func plain(_ x: Symbol, _ axes: [Int], _ epsilon: Double) -> Symbol {
    let kept = (0..<x.shape.rank).filter { !axes.contains($0) }
    let deviation = x - x.mean(over: axes).broadcast(to: x.shape, along: kept)
    let variance = deviation.square().mean(over: axes)
    return deviation / (variance + epsilon).squareRoot().broadcast(to: x.shape, along: kept)
  }

  @Test(
    "standardization has the values, gradients and curvature of its definition",
    arguments: regularAxes)
  func definition(_ sample: AxesCase) {
    let arguments = random([sample.shape, sample.shape, sample.shape], Key(seed: 4))
    func results(_ standardize: @escaping (Symbol) -> Symbol) -> [[Double]] {
      evaluate(Array(repeating: sample.shape, count: 3), arguments) { inputs in
        let y = standardize(inputs[0])
        let scalar = (inputs[1] * y.tanh()).sum()
        return [
          y, y.graph.gradient(of: scalar, withRespectTo: [inputs[0]])[0],
          y.graph.hessianVectorProduct(of: scalar, withRespectTo: inputs[0], along: inputs[2]),
        ]
      }
    }
    let fused = results { $0.standardized(over: sample.axes, epsilon: 0.01) }
    let plain = results { Self.plain($0, sample.axes, 0.01) }
    #expect(largestDifference(fused, plain) < 1e-11)
  }

  @Test("groups of channels are standardized by themselves")
  func groups() {
    let x = random([[2, 3, 4, 6]], Key(seed: 4))
    let results = evaluate([[2, 3, 4, 6]], x) { inputs in
      let parts = [0..<3, 3..<6].map { Self.plain(inputs[0].cropped($0, axis: 3), [1, 2, 3], 0.01) }
      return [inputs[0].groupStandardized(groups: 2, epsilon: 0.01), Symbol.concatenated(parts, axis: 3)]
    }
    #expect(largestDifference([results[0]], [results[1]]) < 1e-12)
  }

  @Test("a mean far from zero costs Float no digits of the variance")
  func largeMean() {
    for axes in [[0, 1, 2], [1, 2, 3], [1, 2]] {
      let shape: Shape = [16, 15, 17, 5]
      let x = random([shape], Key(seed: 6))[0].map { Double(Float(1e4 + $0)) }
      let double = evaluate([shape], [x]) { [Self.plain($0[0], axes, 1e-5)] }
      let float = evaluate([shape], [x.map(Float.init)]) { [$0[0].standardized(over: axes, epsilon: 1e-5)] }
      // A mean of 1e4 is known to 1e-3 at best.
      #expect(largestDifference(double, [float[0].map(Double.init)]) < 5e-3)
    }
  }

  @Test("a long sum in Float keeps its digits")
  func longSum() {
    let x = [Float](repeating: 0.1, count: 200_000 * 3)
    let sums = evaluate([[200_000, 3]], [x]) { [$0[0].sum(over: [0])] }[0]
    for sum in sums { #expect(abs(sum / 20_000 - 1) < 2e-5) }
  }

  @Test("statistics of a single number are refused in a sentence")
  func singleNumber() {
    #expect(
      Symbol.standardizationProblem([1, 1, 1, 8], over: [0, 1, 2])
        == "1 number for each mean of shape [1, 1, 1, 8] over axes [0, 1, 2]: at least 2 are needed")
    #expect(Symbol.standardizationProblem([1, 1, 2, 8], over: [0, 1, 2]) == nil)
    #expect(Symbol.standardizationProblem([1, 8], over: [0, 2])?.contains("no axes") == true)
  }
}
