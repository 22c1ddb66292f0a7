import Differentiation
import Tensors

/// The running average of the factors of all blocks.
struct KroneckerAverage<Element: Scalar>: Codable, Sendable {
  var blocks: [KroneckerBlock] = []
  /// The first factors, one block after the other.
  var inputs: [Element] = []
  /// The second factors.
  var outputs: [Element] = []
  /// How many estimates there have been.
  var estimates = 0

  /// Takes in an estimate; the past weighs 1 - 1/k at the k-th one, and `most` at most.
  mutating func add(_ factors: [KroneckerFactors<Element>], most: Double) {
    precondition(factors.count == blocks.count, "\(factors.count) pairs of factors for \(blocks.count) blocks")
    for (factor, block) in zip(factors, blocks) {
      let (rows, columns) = (block.homogeneousInputs, block.outputs)
      precondition(
        factor.inputs.count == rows * rows && factor.outputs.count == columns * columns,
        "factors of \(factor.inputs.count) and \(factor.outputs.count) elements for \(rows) inputs, \(columns) outputs")
    }
    estimates += 1
    let past = Element(min(1 - 1 / Double(estimates), most))
    mix(&inputs, past, factors.flatMap(\.inputs))
    mix(&outputs, past, factors.flatMap(\.outputs))
  }

  private func mix(_ average: inout [Element], _ past: Element, _ new: [Element]) {
    guard estimates > 1 else {
      average = new
      return
    }
    scale(&average, by: past)
    average.add(1 - past, times: new)
  }

  /// Each block's eigenvectors.
  func bases() -> [KroneckerEigenbasis<Element>] {
    let sizes = blocks.map { ($0.homogeneousInputs * $0.homogeneousInputs, $0.outputs * $0.outputs) }
    precondition(
      sizes.map(\.0).reduce(0, +) == inputs.count && sizes.map(\.1).reduce(0, +) == outputs.count,
      "factors of \(inputs.count) and \(outputs.count) elements for the blocks \(blocks)")
    var (input, output) = (0, 0)
    return zip(blocks, sizes).map { block, size in
      defer { (input, output) = (input + size.0, output + size.1) }
      return KroneckerEigenbasis(
        block, inputs: inputs[input..<input + size.0], outputs: outputs[output..<output + size.1])
    }
  }
}
