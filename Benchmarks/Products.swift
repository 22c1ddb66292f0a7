import Tensors

extension Workload {
  /// The matrix products of a perceptron's training step, and nothing else: for each layer the forward product and the
  /// weights' gradient, and for all but the first the inputs' gradient.
  static func products(widths: [Int], batchSize: Int) -> Workload {
    Workload(
      name: "products", summary: "plain BLAS calls for the matrix products of a training step", parameterCount: 0,
      operations: 0
    ) {
      let activations = widths.map { noise(batchSize * $0) }
      let cotangents = widths.map { noise(batchSize * $0) }
      let weights = zip(widths, widths.dropFirst()).map { noise($0 * $1) }
      let gradients = zip(widths, widths.dropFirst()).map { noise($0 * $1) }
      return {
        for layer in weights.indices {
          Float.matrixProduct(
            transposeA: false, transposeB: false, rows: batchSize, columns: widths[layer + 1], inner: widths[layer],
            alpha: 1, activations[layer], strideA: widths[layer], weights[layer], strideB: widths[layer + 1], beta: 0,
            activations[layer + 1], strideC: widths[layer + 1])
        }
        for layer in weights.indices.reversed() {
          Float.matrixProduct(
            transposeA: true, transposeB: false, rows: widths[layer], columns: widths[layer + 1], inner: batchSize,
            alpha: 1, activations[layer], strideA: widths[layer], cotangents[layer + 1], strideB: widths[layer + 1],
            beta: 0, gradients[layer], strideC: widths[layer + 1])
          if layer > 0 {
            Float.matrixProduct(
              transposeA: false, transposeB: true, rows: batchSize, columns: widths[layer], inner: widths[layer + 1],
              alpha: 1, cotangents[layer + 1], strideA: widths[layer + 1], weights[layer], strideB: widths[layer + 1],
              beta: 0, cotangents[layer], strideC: widths[layer])
          }
        }
      }
    }
  }

  /// The product of two square Float32 matrices, by which a machine's peak is measured.
  static func square(_ order: Int) -> Workload {
    Workload(
      name: "sgemm", summary: "product of two \(order) x \(order) matrices in Float32", parameterCount: 0,
      operations: 2 * Double(order * order * order)
    ) {
      let (a, b, c) = (noise(order * order), noise(order * order), noise(order * order))
      return {
        Float.matrixProduct(
          transposeA: false, transposeB: false, rows: order, columns: order, inner: order, alpha: 1, a, strideA: order,
          b, strideB: order, beta: 0, c, strideC: order)
      }
    }
  }
}

/// Memory of normal numbers that stays until the process ends.
private func noise(_ count: Int) -> UnsafeMutablePointer<Float> {
  var generator = Key(seed: 1).generator()
  let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
  for index in 0..<count { (pointer + index).initialize(to: Float(generator.normal())) }
  return pointer
}
