public import Tensors

/// Gradient descent on the mean squared error of a network that is replaced by its first-order expansion about its start
/// (Lee et al. 2019), followed in the space of its outputs.
///
/// With the tangent kernel Theta at the start between the N outputs on training examples, and Theta' between those on
/// other examples and them, every step with the rate eta changes
///
///     f  <- f  - (2 eta / N) Theta  (f - y)
///     f' <- f' - (2 eta / N) Theta' (f - y)
///
/// (2/N)(f - y) being the gradient of the mean over examples and outputs of (f - y)^2. After t steps
/// f = y + (1 - 2 eta Theta / N)^t (f_0 - y). Memory: both kernels in Float64.
public struct LinearizedTraining: Sendable {
  /// f, example by example and output by output.
  public private(set) var outputs: [Double]
  /// f'.
  public private(set) var otherOutputs: [Double]
  /// Steps made.
  public private(set) var step = 0

  private let kernel: [Double]
  private let otherKernel: [Double]
  private let targets: [Double]

  /// The state before the first step.
  ///
  /// - Parameters:
  ///   - kernel: Theta, [N, N]
  ///   - otherKernel: Theta', [M, N]
  ///   - outputs: f_0, N numbers
  ///   - otherOutputs: f'_0, M numbers
  ///   - targets: y, N numbers
  @specialized(where S == Float) @specialized(where S == Double)
  public init<S: Scalar>(
    kernel: Tensor<S>, otherKernel: Tensor<S>, outputs: Tensor<S>, otherOutputs: Tensor<S>, targets: [Double]
  ) {
    let (count, others) = (outputs.shape.count, otherOutputs.shape.count)
    precondition(
      kernel.shape == [count, count] && otherKernel.shape == [others, count] && targets.count == count,
      "kernels of shapes \(kernel.shape) and \(otherKernel.shape) for \(count) and \(others) outputs and \(targets.count) "
        + "targets")
    self.kernel = kernel.elements.map { Double($0) }
    self.otherKernel = otherKernel.elements.map { Double($0) }
    self.outputs = outputs.elements.map { Double($0) }
    self.otherOutputs = otherOutputs.elements.map { Double($0) }
    self.targets = targets
  }

  /// The mean of (f - y)^2.
  public var loss: Double {
    zip(outputs, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(outputs.count)
  }

  /// One step. Cost: N (N + M) multiplications.
  public mutating func advance(rate: Double) {
    var residual = outputs
    residual.add(-1, times: targets)
    let factor = -2 * rate / Double(outputs.count)
    let count = outputs.count
    if count > 0 {
      Double.matrixVectorProduct(
        transposeA: false, rows: count, columns: count, alpha: factor, kernel, strideA: count, residual, beta: 1,
        &outputs)
      if !otherOutputs.isEmpty {
        Double.matrixVectorProduct(
          transposeA: false, rows: otherOutputs.count, columns: count, alpha: factor, otherKernel, strideA: count,
          residual, beta: 1, &otherOutputs)
      }
    }
    step += 1
  }
}
