import Differentiation
import Foundation
import Tensors

/// One linear layer, z = x W + b, under squared error or softmax cross entropy: a convex finite sum whose Gauss-Newton
/// matrix is its Hessian and whose Kronecker factors are exact, since every derivative is here in closed form.
struct LinearLayer<Element: Scalar>: CompositeFiniteSumObjective, KroneckerFactoredObjective {
  enum Loss: Sendable { case squares, softmax }

  let loss: Loss
  let inputs: Int
  let outputs: Int
  let features: [[Double]]
  let targets: [[Double]]
  /// What is subtracted from every value.
  var offset = 0.0

  /// Random features; targets of a random layer with noise, or labels drawn from one.
  init(_ loss: Loss, examples: Int, inputs: Int, outputs: Int, key: Key) {
    self.loss = loss
    self.inputs = inputs
    self.outputs = outputs
    var generator = key.generator()
    let truth: [Double] = generator.normals(inputs * outputs)
    features = (0..<examples).map { _ in generator.normals(inputs) }
    var targets: [[Double]] = []
    for row in features {
      let z = (0..<outputs).map { k in (0..<inputs).reduce(0) { $0 + row[$1] * truth[$1 * outputs + k] } }
      switch loss {
      case .squares: targets.append(z.map { $0 + 0.3 * generator.normal() })
      case .softmax:
        let p = softmax(z)
        var rest = generator.uniform()
        let label = p.firstIndex { probability in
          rest -= probability
          return rest < 0
        }
        targets.append((0..<outputs).map { $0 == (label ?? outputs - 1) ? 1 : 0 })
      }
    }
    self.targets = targets
  }

  /// Some of the examples.
  init(_ whole: Self, examples: ArraySlice<Int>) {
    (loss, inputs, outputs) = (whole.loss, whole.inputs, whole.outputs)
    features = examples.map { whole.features[$0] }
    targets = examples.map { whole.targets[$0] }
  }

  var dimension: Int { (inputs + 1) * outputs }
  var exampleCount: Int { features.count }
  var kroneckerBlocks: [KroneckerBlock] {
    let count = inputs * outputs
    return [KroneckerBlock(weight: 0..<count, bias: count..<count + outputs, inputs: inputs, outputs: outputs)]
  }

  private func outputs(_ row: [Double], _ w: [Double]) -> [Double] {
    (0..<outputs).map { k in (0...inputs).reduce(0) { $0 + ($1 == inputs ? 1 : row[$1]) * w[$1 * outputs + k] } }
  }

  func value(at point: [Element]) -> Double {
    var unused = point
    return gradient(at: point, into: &unused)
  }

  func gradient(at point: [Element], into gradient: inout [Element]) -> Double {
    self.gradient(at: point, examples: ArraySlice(features.indices), into: &gradient)
  }

  func gradient(at point: [Element], examples: ArraySlice<Int>, into gradient: inout [Element]) -> Double {
    let w = point.map { Double($0) }
    var slope = [Double](repeating: 0, count: dimension)
    var value = 0.0
    for i in examples {
      let z = outputs(features[i], w)
      let prediction = loss == .squares ? z : softmax(z)
      for k in 0..<outputs {
        let error = prediction[k] - targets[i][k]
        switch loss {
        case .squares: value += error * error / 2
        case .softmax: if targets[i][k] == 1 { value -= log(prediction[k]) }
        }
        for j in 0...inputs { slope[j * outputs + k] += (j == inputs ? 1 : features[i][j]) * error }
      }
    }
    gradient = slope.map { Element($0 / Double(examples.count)) }
    return value / Double(examples.count) - offset
  }

  /// The loss's Hessian in one example's outputs.
  private func curvature(_ i: Int, _ w: [Double]) -> [Double] {
    let p = softmax(outputs(features[i], w))
    return (0..<outputs * outputs).map { place in
      let (k, l) = place.quotientAndRemainder(dividingBy: outputs)
      return loss == .squares ? (k == l ? 1 : 0) : (k == l ? p[k] : 0) - p[k] * p[l]
    }
  }

  func hessian(at point: [Element]) -> any LinearOperator<Element> {
    hessian(at: point, examples: ArraySlice(features.indices))
  }

  func hessian(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element> {
    let w = point.map { Double($0) }
    let n = dimension
    var matrix = [Double](repeating: 0, count: n * n)
    for i in examples {
      let a = features[i] + [1]
      let h = curvature(i, w)
      for row in 0..<n {
        for column in 0..<n {
          let (j, k) = row.quotientAndRemainder(dividingBy: outputs)
          let (m, l) = column.quotientAndRemainder(dividingBy: outputs)
          matrix[row * n + column] += a[j] * a[m] * h[k * outputs + l] / Double(examples.count)
        }
      }
    }
    return Matrix(matrix.map { Element($0) }, order: n)
  }

  func gaussNewton(at point: [Element]) -> any LinearOperator<Element> { hessian(at: point) }

  func gaussNewton(at point: [Element], examples: ArraySlice<Int>) -> any LinearOperator<Element> {
    hessian(at: point, examples: examples)
  }

  func kroneckerFactors(at point: [Element], examples: ArraySlice<Int>?, key: Key) -> [KroneckerFactors<Element>] {
    let w = point.map { Double($0) }
    let chosen = examples ?? ArraySlice(features.indices)
    let order = inputs + 1
    var left = [Double](repeating: 0, count: order * order)
    var right = [Double](repeating: 0, count: outputs * outputs)
    for i in chosen {
      let a = features[i] + [1]
      for j in 0..<order { for m in 0..<order { left[j * order + m] += a[j] * a[m] / Double(chosen.count) } }
      for (place, value) in curvature(i, w).enumerated() { right[place] += value / Double(chosen.count) }
    }
    return [KroneckerFactors(inputs: left.map { Element($0) }, outputs: right.map { Element($0) })]
  }
}

func softmax(_ z: [Double]) -> [Double] {
  let largest = z.max() ?? 0
  let powers = z.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
