import Differentiation
import Tensors
import Testing

/// A function to be checked: what it computes from inputs of which shapes, and where its arguments may lie.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [Shape]
  /// Inputs that are differentiated; the others (indices) stay fixed.
  let differentiable: [Int]
  let range: ClosedRange<Double>
  let integers: Int?
  let function: @Sendable ([Symbol]) -> Symbol

  init(
    _ name: String, _ shapes: [Shape], range: ClosedRange<Double> = -2...2, differentiable: [Int]? = nil,
    integers: Int? = nil, _ function: @escaping @Sendable ([Symbol]) -> Symbol
  ) {
    self.name = name
    self.shapes = shapes
    self.differentiable = differentiable ?? Array(shapes.indices)
    self.range = range
    self.integers = integers
    self.function = function
  }

  var testDescription: String { name }

  /// Arguments drawn in the range, kept off 0, where piecewise linear functions have kinks.
  func arguments(_ key: Key) -> [[Double]] {
    var generator = key.generator()
    return shapes.enumerated().map { index, shape in
      (0..<shape.count).map { _ in
        if let integers, !differentiable.contains(index) { return Double(generator.integer(below: integers)) }
        let x = range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
        return abs(x) < 0.05 ? x + (x < 0 ? -0.1 : 0.1) : x
      }
    }
  }
}

/// Every primitive, and compositions that exercise sharing, fusion and placement. A new primitive gets its line here.
let catalogue: [Sample] = basicSamples + sparseSamples + imageSamples

private let basicSamples: [Sample] = [
  Sample("scale", [[3, 5]]) { -1.7 * $0[0] },
  Sample("offset", [[3, 5]]) { $0[0] + 0.3 },
  Sample("square", [[3, 5]]) { $0[0].square() },
  Sample("power 2.5", [[7]], range: 0.3...2) { $0[0].power(2.5) },
  Sample("power 3", [[7]]) { $0[0].power(3) },
  Sample("reciprocal", [[7]], range: 0.4...2) { $0[0].reciprocal() },
  Sample("square root", [[7]], range: 0.4...2) { $0[0].squareRoot() },
  Sample("absolute value", [[7]]) { $0[0].absoluteValue() },
  Sample("sign", [[7]]) { $0[0].sign() },
  Sample("complement of square", [[7]]) { $0[0].complementOfSquare() },
  Sample("step", [[7]]) { $0[0].step() },
  Sample("exp", [[7]]) { $0[0].exp() },
  Sample("log", [[7]], range: 0.3...2) { $0[0].log() },
  Sample("sin", [[7]]) { $0[0].sin() },
  Sample("cos", [[7]]) { $0[0].cos() },
  Sample("erf", [[7]]) { $0[0].erf() },
  Sample("relu", [[7, 3]]) { $0[0].relu() },
  Sample("tanh", [[7, 3]]) { $0[0].tanh() },
  Sample("sigmoid", [[7, 3]]) { $0[0].sigmoid() },
  Sample("softplus", [[7, 3]]) { $0[0].softplus() },
  Sample("gelu", [[7, 3]]) { $0[0].gelu() },
  Sample("add", [[2, 3], [2, 3]]) { $0[0] + $0[1] },
  Sample("add to itself", [[2, 3]]) { $0[0] + $0[0] },
  Sample("subtract", [[2, 3], [2, 3]]) { $0[0] - $0[1] },
  Sample("multiply", [[2, 3], [2, 3]]) { $0[0] * $0[1] },
  Sample("multiply by itself", [[2, 3]]) { $0[0] * $0[0] },
  Sample("divide", [[2, 3], [2, 3]], range: 0.5...2) { $0[0] / $0[1] },
  Sample("greater", [[2, 3], [2, 3]]) { $0[0].isGreater(than: $0[1]) },
  Sample("maximum", [[2, 3], [2, 3]]) { $0[0].maximum($0[1]) },
  Sample("scalar times tensor", [[], [2, 3]]) { $0[0] * $0[1] },
  Sample("number over tensor", [[4]], range: 0.5...2) { 3 / $0[0] },
  Sample("reshape", [[2, 6]]) { $0[0].reshaped(to: [3, 4]) },
  Sample("slice", [[9]]) { $0[0].slice(2, count: 4) },
  Sample("assemble with gaps", [[3], [2]]) { Symbol.assemble([(6, $0[1]), (1, $0[0])], count: 9) },
  Sample("transpose", [[2, 3, 4]]) { $0[0].transposed([2, 0, 1]) },
  Sample("sum of all", [[3, 4, 2]]) { $0[0].sum() },
  Sample("sum over the first axis", [[3, 4, 2]]) { $0[0].sum(over: [0]) },
  Sample("sum over the last axes", [[3, 4, 2]]) { $0[0].sum(over: [1, 2]) },
  Sample("sum over a middle axis", [[3, 4, 2]]) { $0[0].sum(over: [1]) },
  Sample("sum over outer axes", [[3, 4, 2]]) { $0[0].sum(over: [0, 2]) },
  Sample("mean", [[3, 4]]) { $0[0].mean(over: [0]) },
  Sample("broadcast rows", [[4]]) { $0[0].broadcastRows(to: [3, 4]) },
  Sample("broadcast columns", [[3]]) { $0[0].broadcast(to: [3, 4], along: [0]) },
  Sample("broadcast the middle", [[4]]) { $0[0].broadcast(to: [3, 4, 2], along: [1]) },
  Sample("broadcast around the middle", [[3, 2]]) { $0[0].broadcast(to: [3, 4, 2], along: [0, 2]) },
  Sample("broadcast a scalar", [[]]) { $0[0].broadcast(to: [3, 4], along: []) },
  Sample("maximum of rows", [[4, 5]]) { $0[0].maximumOfRows() },
  Sample("matrix product", [[3, 4], [4, 5]]) { $0[0].matrixProduct($0[1]) },
  Sample("matrix product, first transposed", [[4, 3], [4, 5]]) { $0[0].matrixProduct($0[1], transpose: true) },
  Sample("matrix product, second transposed", [[3, 4], [5, 4]]) { $0[0].matrixProduct($0[1], transposeOther: true) },
  Sample("matrix product, both transposed", [[4, 3], [5, 4]]) {
    $0[0].matrixProduct($0[1], transpose: true, transposeOther: true)
  },
  Sample("matrix product of explicit transposes", [[4, 3], [5, 4]]) {
    $0[0].transposed().matrixProduct($0[1].transposed())
  },
  Sample("matrix times itself", [[3, 3]]) { $0[0].matrixProduct($0[0]) },
  Sample("sum of matrix products", [[3, 4], [4, 5], [3, 2], [2, 5]]) {
    $0[0].matrixProduct($0[1]) + $0[2].matrixProduct($0[3]) + $0[0].square().matrixProduct($0[1])
  },
  Sample("gather rows", [[4, 3], [6]], differentiable: [0], integers: 4) { $0[0].gatheringRows($0[1]) },
  Sample("scatter rows", [[6, 3], [6]], differentiable: [0], integers: 4) { $0[0].scatteringRows(to: $0[1], of: 5) },
  Sample("one-hot times tensor", [[5, 4], [5]], differentiable: [0], integers: 4) { $0[0] * $0[1].oneHot(4) },
  Sample("log softmax", [[4, 5]]) { $0[0].logSoftmax() },
  Sample("cross entropy", [[5, 4], [5]], differentiable: [0], integers: 4) {
    -($0[1].oneHot(4) * $0[0].logSoftmax()).sum(over: [1])
  },
  Sample("mean squared error", [[5, 4], [5, 4]]) { ($0[0] - $0[1]).square().mean() },
  Sample("shared subexpressions", [[4, 3], [3]]) {
    let a = ($0[0] + $0[1].broadcastRows(to: [4, 3])).tanh()
    return a * a.square() + a.matrixProduct(a, transpose: true).sum() * a
  },
  Sample("two layers on one flat vector", [[5 * 3 + 3 + 3 * 2 + 2], [7, 5]]) {
    let hidden =
      ($0[1].matrixProduct($0[0].block(0, shape: [5, 3])) + $0[0].block(15, shape: [3]).broadcastRows(to: [7, 3]))
    return hidden.tanh().matrixProduct($0[0].block(18, shape: [3, 2]))
      + $0[0].block(24, shape: [2]).broadcastRows(to: [7, 2])
  },
  Sample("a long chain over several blocks", [[1500], [1500]]) {
    (($0[0] * $0[1]).tanh() + 0.5 * $0[0].square() - $0[1].sigmoid()) * ($0[0] - $0[1])
  },
]

/// A matrix of 3 x 5 with 7 nonzeros whose values stand in another order, among 9.
private let pattern = SparsityPattern(
  rows: 3, columns: 5, valueCount: 9,
  [(0, 1, 4), (0, 4, 0), (1, 0, 8), (1, 1, 2), (1, 2, 3), (2, 4, 1), (2, 0, 6)])

private let sparseSamples: [Sample] = [
  Sample("sparse product", [[9], [4, 3]]) { $0[0].sparseProduct($0[1], pattern) },
  Sample("sparse product, transposed", [[9], [4, 5]]) { $0[0].sparseProduct($0[1], pattern, transposed: true) },
  Sample("sparse product, one example", [[9], [1, 3]]) { $0[0].sparseProduct($0[1], pattern) },
  Sample("sparse product, 70 examples", [[9], [70, 3]]) { $0[0].sparseProduct($0[1], pattern) },
  Sample("sampled product", [[4, 3], [4, 5]]) { $0[0].sampledProduct($0[1], pattern) },
  Sample("sampled product, 21 examples", [[21, 3], [21, 5]]) { $0[0].sampledProduct($0[1], pattern) },
  Sample("selection", [[6]]) { $0[0].selected([5, 0, 2]) },
  Sample("selection in order", [[40]]) { $0[0].selected([0, 3, 4, 18, 20, 39]) },
  Sample("placement in order", [[5]]) { $0[0].placed(at: [1, 2, 17, 30, 39], of: 40) },
  Sample("placement", [[3]]) { $0[0].placed(at: [4, 0, 2], of: 6) },
  Sample("two sparse layers", [[9], [9], [4, 5]]) {
    let hidden = $0[0].sparseProduct($0[2], pattern, transposed: true).tanh()
    return $0[1].sparseProduct(hidden, pattern)
  },
  Sample("transpose of a matrix", [[11, 19]]) { $0[0].transposed() },
]
