import Differentiation
public import Tensors

/// The neural tangent kernel J J' of a network on its examples at one point, as an operator on vectors [n o], example
/// by example and output by output (Jacot, Gabriel & Hongler 2018).
public final class TangentKernelOperator<S: Scalar>: LinearOperator {
  private let jacobian: NetworkJacobian<S>
  private var direction: [S]

  init(_ jacobian: NetworkJacobian<S>) {
    self.jacobian = jacobian
    direction = [S](repeating: 0, count: jacobian.columnCount)
  }

  /// Examples times outputs.
  public var dimension: Int { jacobian.rowCount }

  /// J (J' `vector`): one backward and one forward pass over all examples.
  public func apply(to vector: [S], into product: inout [S]) {
    jacobian.applyTransposed(to: vector, into: &direction)
    jacobian.apply(to: direction, into: &product)
  }
}

extension NetworkObjective {
  /// The empirical neural tangent kernel at `point`: Theta[(i, k), (j, l)] = <d z_k(x_i) / d theta, d z_l(y_j) / d
  /// theta>, for the objective's n examples x and the m examples y of `other` (by default the same): [n o, m o].
  ///
  /// It is added up layer by layer: a dense layer's part is <a_i, b_j> <g_ik, h_jl>, a and b being its inputs and g and h
  /// the derivatives of the outputs by its results, so that no row of the Jacobian is formed. Of other parameters the
  /// rows are, and of all parameters where ``NetworkJacobian/rows(of:)`` makes an exception.
  ///
  /// Cost: a forward and o backward passes over the examples (anew for each block of rows, where the budget does not hold
  /// what they give); for a dense layer with a inputs and b outputs n m (a + o^2 b) multiplications, for others n m o^2
  /// times their parameters; half of that without `other`. Memory: the result and the budget.
  public func neuralTangentKernel(at point: [S], with other: Examples<S>? = nil) -> Tensor<S> {
    kernel(at: point, with: other, folded: false)
  }

  /// The kernels of single outputs: [o, n, m], matrix k being Theta[(i, k), (j, k)].
  ///
  /// Cost: as of ``neuralTangentKernel(at:with:)``, which it is read from block by block; memory: the result and the budget.
  public func outputNeuralTangentKernels(at point: [S], with other: Examples<S>? = nil) -> Tensor<S> {
    let (n, m, outputs) = (examples.count, other?.count ?? examples.count, network.outputShape.count)
    var kernels = Tensor<S>(repeating: 0, shape: [outputs, n, m])
    kernels.elements.withUnsafeMutableBufferPointer { kernels in
      forEachKernelBlock(at: point, with: other, folded: false) { rows, columns, block in
        let (start, width) = (kernels.baseAddress! + columns.lowerBound, columns.count * outputs)
        for (i, row) in rows.enumerated() {
          for output in 0..<outputs {
            copy(
              columns.count, from: block + (i * outputs + output) * width + output, stride: outputs,
              to: start + (output * n + row) * m)
          }
        }
      }
    }
    if other == nil {
      kernels.elements.withUnsafeMutableBufferPointer { kernels in
        for output in 0..<outputs { mirror(kernels.baseAddress! + output * n * n, order: n) }
      }
    }
    return kernels
  }

  /// The empirical neural tangent kernel traced over outputs: the sum over k of Theta[(i, k), (j, k)], [n, m].
  ///
  /// Divide by the number of outputs for the mean that others print. Cost: that of ``neuralTangentKernel(at:with:)`` with
  /// o in place of its square.
  public func tracedNeuralTangentKernel(at point: [S], with other: Examples<S>? = nil) -> Tensor<S> {
    kernel(at: point, with: other, folded: true)
  }

  /// The empirical neural tangent kernel on the objective's examples as an operator; activations are kept between
  /// products.
  public func neuralTangentKernelOperator(at point: [S]) -> TangentKernelOperator<S> {
    TangentKernelOperator(jacobian(at: point))
  }

  /// J J' with an example's part of J read as a row for each output, or folded into a single long one.
  private func kernel(at point: [S], with other: Examples<S>?, folded: Bool) -> Tensor<S> {
    let r = folded ? 1 : network.outputShape.count
    let width = (other?.count ?? examples.count) * r
    var kernel = Tensor<S>(repeating: 0, shape: [examples.count * r, width])
    kernel.elements.withUnsafeMutableBufferPointer { kernel in
      forEachKernelBlock(at: point, with: other, folded: folded) { rows, columns, block in
        let corner = kernel.baseAddress! + rows.lowerBound * r * width + columns.lowerBound * r
        for row in 0..<rows.count * r {
          (corner + row * width).update(from: block + row * columns.count * r, count: columns.count * r)
        }
      }
      if other == nil { mirror(kernel.baseAddress!, order: width) }
    }
    return kernel
  }

  /// Calls `body` with blocks of J J', each in memory that is used again; without `other` with those on the diagonal and
  /// above.
  private func forEachKernelBlock(
    at point: [S], with other: Examples<S>?, folded: Bool,
    _ body: (_ rows: Range<Int>, _ columns: Range<Int>, _ block: UnsafePointer<S>) -> Void
  ) {
    let left = KernelSide(JacobianRows(self, .outputs, of: examples, at: point), folded: folded, budget: memoryBudget)
    let right = other.map {
      KernelSide(JacobianRows(self, .outputs, of: $0, at: point), folded: folded, budget: memoryBudget)
    }
    let outputs = network.outputShape.count
    let r = folded ? 1 : outputs
    let (most, others) = (left.largestPart, (right ?? left).largestPart)
    let scratch = Memory<S>(count: most * others * (1 + r * r))
    let block = Memory<S>(count: most * others * r * r)
    for (number, rows) in left.parts.enumerated() {
      let a = left.blocks(number)
      for (place, columns) in (right ?? left).parts.enumerated() where right != nil || place >= number {
        let b = right == nil && place == number ? a : (right ?? left).blocks(place)
        clear(block.pointer, count: rows.count * columns.count * r * r)
        for (x, y) in zip(a, b) {
          x.addProduct(
            with: y, rows.count, columns.count, rowsPerExample: outputs, folded: folded, to: block.pointer,
            stride: columns.count * r, scratch: scratch.pointer)
        }
        body(rows, columns, block.pointer)
      }
    }
  }
}

/// One side of a kernel: blocks of its Jacobian's rows, kept where all of them fit into a quarter of the budget.
private final class KernelSide<S: Scalar> {
  let parts: [Range<Int>]
  private let rows: JacobianRows<S>
  private let isKept: Bool
  private var kept: [Int: [RowBlock<S>]] = [:]

  /// Rows of a block, beyond which it gains nothing.
  private static var preferredRows: Int { 1024 }

  init(_ rows: JacobianRows<S>, folded: Bool, budget: Int) {
    self.rows = rows
    let r = folded ? 1 : rows.rowsPerExample
    // A block and the scratch for it take 2 (r size)^2 numbers and a little more.
    let fitting = Int((Double(budget) / Double(16 * MemoryLayout<S>.stride)).squareRoot()) / r
    let size = max(1, min(rows.chunkSize / 2, Self.preferredRows / r, fitting))
    parts = JacobianRows<S>.parts(of: 0..<rows.exampleCount, size: size)
    isKept = rows.storedBytesPerExample <= budget / 4 / rows.exampleCount
  }

  var largestPart: Int { parts.map(\.count).max() ?? 0 }

  func blocks(_ number: Int) -> [RowBlock<S>] {
    if let known = kept[number] { return known }
    let made = rows.blocks(of: parts[number])
    if isKept { kept[number] = made }
    return made
  }
}

/// Copies every `stride`th of some numbers.
@specialized(where S == Float) @specialized(where S == Double)
private func copy<S: Scalar>(
  _ count: Int, from source: UnsafePointer<S>, stride: Int, to target: UnsafeMutablePointer<S>
) {
  for index in 0..<count { target[index] = source[index * stride] }
}

/// Copies what stands above the diagonal below it, square by square.
@specialized(where S == Float) @specialized(where S == Double)
private func mirror<S: Scalar>(_ matrix: UnsafeMutablePointer<S>, order: Int) {
  let side = 32
  for top in stride(from: 0, to: order, by: side) {
    for left in stride(from: 0, through: top, by: side) {
      for row in top..<min(top + side, order) {
        for column in left..<min(left + side, row) { matrix[row * order + column] = matrix[column * order + row] }
      }
    }
  }
}
