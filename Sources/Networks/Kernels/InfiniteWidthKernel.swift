public import Tensors

/// The kernels of a perceptron as the widths of its hidden layers go to infinity, exactly.
///
/// In the NTK parameterization z = h W / sqrt(fanIn) + b, with W ~ N(0, sigma_w^2) and b ~ N(0, sigma_b^2), each output is
/// a Gaussian process over the inputs with the covariance K (Neal 1996, Lee et al. 2018), and the neural tangent kernel
/// tends to Theta (Jacot, Gabriel & Hongler 2018). For inputs x, y of d features, with expectations over (u, v) normal
/// with the covariances K^l,
///
///     K^1     = sigma_w^2 x.y / d + sigma_b^2             Theta^1     = x.y / d + 1
///     K^(l+1) = sigma_w^2 E[phi(u) phi(v)] + sigma_b^2    Theta^(l+1) = E[phi(u) phi(v)] + 1
///                                                                       + sigma_w^2 Theta^l E[phi'(u) phi'(v)]
///
/// The 1 is the biases' part, which a network without biases lacks. Different outputs have no kernel between them. Lee et
/// al. write z = sigma_w h W / sqrt(fanIn) + sigma_b b with unit normals instead, for which `weightRate` is sigma_w^2 and
/// `biasRate` sigma_b^2: gradient descent there is ours with rates times so much.
public struct InfiniteWidthKernel: Hashable, Sendable {
  /// phi.
  public var nonlinearity: KernelNonlinearity
  /// The number of hidden layers; 0 for a linear model, whose kernels are exact at any width.
  public var hiddenLayers: Int
  /// sigma_w.
  public var weightDeviation: Double
  /// sigma_b.
  public var biasDeviation: Double
  /// What the parts of weights in Theta are multiplied by, 1 in our form.
  public var weightRate: Double
  /// What the parts of biases in Theta are multiplied by: 1 in our form, 0 without biases.
  public var biasRate: Double

  /// The kernels of a perceptron in our NTK parameterization.
  public init(
    _ nonlinearity: KernelNonlinearity, hiddenLayers: Int, weightDeviation: Double = 1, biasDeviation: Double = 0,
    weightRate: Double = 1, biasRate: Double = 1
  ) {
    precondition(hiddenLayers >= 0, "a network of \(hiddenLayers) hidden layers")
    self.nonlinearity = nonlinearity
    self.hiddenLayers = hiddenLayers
    self.weightDeviation = weightDeviation
    self.biasDeviation = biasDeviation
    self.weightRate = weightRate
    self.biasRate = biasRate
  }

  /// The limit that a design tends to as its hidden layers are widened, or `nil` where it is none of those known here: a
  /// perceptron or deep linear network in the NTK parameterization, its activation the identity, ReLU or erf, its weights
  /// normal with a variance proportional to 1/fanIn, without normalization, dropout and reparametrized weights.
  public init?(of design: NetworkDesign) {
    guard design.parameterization == .neuralTangent, design.weightNormalization == .none, design.dropout == 0,
      design.normalization == .published || design.normalization == .none
    else { return nil }
    let law = design.initialization
    let variance: Double
    switch law.law {
    case .lecunNormal, .meanField: variance = law.gain * law.gain
    case .kaimingNormal: variance = 2 * law.gain * law.gain
    default: return nil
    }
    let isLinear = design.architecture == .deepLinear
    guard isLinear || design.architecture == .perceptron,
      let nonlinearity = isLinear ? .identity : KernelNonlinearity(design.activation)
    else { return nil }
    self.init(
      nonlinearity, hiddenLayers: design.hidden.count, weightDeviation: variance.squareRoot(),
      biasDeviation: isLinear ? 0 : law.biasDeviation, biasRate: isLinear ? 0 : 1)
  }

  /// K and Theta between the rows of `inputs` [n, d] and of `others` [m, d] (by default the same): both [n, m].
  ///
  /// Cost: n m d multiplications and n m expectations for each hidden layer.
  public func callAsFunction<S: Scalar>(
    _ inputs: Tensor<S>, _ others: Tensor<S>? = nil
  ) -> (process: Tensor<Double>, tangent: Tensor<Double>) {
    let left = Rows(inputs)
    let right = others.map(Rows.init) ?? left
    precondition(left.length == right.length, "inputs of \(left.length) and of \(right.length) features")
    let share = 1 / Double(left.length)
    let (weight, bias) = (weightDeviation * weightDeviation, biasDeviation * biasDeviation)
    var process = left.products(with: right)
    var tangent = process
    for place in process.indices {
      tangent[place] = weightRate * share * process[place] + biasRate
      process[place] = weight * share * process[place] + bias
    }
    var (first, second) = (left.squares, right.squares)
    for index in first.indices { first[index] = weight * share * first[index] + bias }
    for index in second.indices { second[index] = weight * share * second[index] + bias }
    for _ in 0..<hiddenLayers {
      for i in first.indices {
        for j in second.indices {
          let place = i * second.count + j
          let mean = nonlinearity.expectations(first: first[i], second: second[j], mixed: process[place])
          tangent[place] = weightRate * mean.product + biasRate + weight * tangent[place] * mean.slopes
          process[place] = weight * mean.product + bias
        }
      }
      for index in first.indices { first[index] = next(first[index]) }
      for index in second.indices { second[index] = next(second[index]) }
    }
    let shape: Shape = [left.count, right.count]
    return (Tensor(process, shape: shape), Tensor(tangent, shape: shape))
  }

  /// The next layer's variance.
  private func next(_ variance: Double) -> Double {
    let mean = nonlinearity.expectations(first: variance, second: variance, mixed: variance)
    return weightDeviation * weightDeviation * mean.product + biasDeviation * biasDeviation
  }
}

/// The rows of a matrix, in Float64.
private struct Rows {
  let elements: [Double]
  let count: Int
  let length: Int

  init<S: Scalar>(_ matrix: Tensor<S>) {
    precondition(matrix.shape.rank >= 2, "inputs of shape \(matrix.shape) are no rows")
    elements = matrix.elements.map { Double($0) }
    count = matrix.shape[0]
    length = matrix.shape.count / max(1, matrix.shape[0])
    precondition(length > 0, "inputs of shape \(matrix.shape) have no features")
  }

  /// The squared norm of each.
  var squares: [Double] {
    (0..<count).map { row in elements[row * length..<(row + 1) * length].reduce(0) { $0 + $1 * $1 } }
  }

  /// The inner products of all with all, [n, m].
  func products(with other: Rows) -> [Double] {
    var products = [Double](repeating: 0, count: count * other.count)
    guard !products.isEmpty else { return products }
    Double.matrixProduct(
      transposeA: false, transposeB: true, rows: count, columns: other.count, inner: length, alpha: 1, elements,
      strideA: length, other.elements, strideB: length, beta: 0, &products, strideC: other.count)
    return products
  }
}
