import Differentiation
import Tensors

extension NetworkDesign {
  /// A convolution with its normalization and nonlinearity.
  func convolutionUnit(
    _ inputs: Int, _ outputs: Int, window: PlaneExtents = 3, padding: PlanePadding? = nil
  ) -> [any Layer] {
    let normalization = normalization(of: outputs)
    let convolution = Convolution(
      inputs: inputs, outputs: outputs, window: window, padding: padding, hasBias: normalization == nil)
    return [reparametrized(convolution)] + [normalization].compactMap { $0 } + [activation]
  }

  /// LeCun et al.'s network in the form that is common today: every map sees every map, plain average pooling, and a padding
  /// of 2 in the first layer, so that 28x28 becomes 5x5 before the dense layers.
  func leNet5(for input: Shape, outputs: Int) throws(ShapeMismatch) -> Sequential {
    let second = scaled(16, of: 6)
    let images: [any Layer] =
      convolutionUnit(input[2], ownWidth, window: 5, padding: 2) + [Pooling(.average)]
      + convolutionUnit(ownWidth, second, window: 5, padding: 0) + [Pooling(.average)]
    return try withDense(images, for: input, [scaled(120, of: 6), scaled(84, of: 6), outputs])
  }

  /// Frankle & Carbin's Conv-2, -4, -6.
  func conv(for input: Shape, outputs: Int) throws(ShapeMismatch) -> Sequential {
    let units = scaled(256, of: 64)
    return try withDense(pairs(for: input, poolsLast: true), for: input, [units, units, outputs])
  }

  /// Pairs of convolutions, the mean over the image, and a dense layer.
  func vggSmall(for input: Shape, outputs: Int) -> Sequential {
    let channels = ownWidth << (ownDepth / 2 - 1)
    return Sequential(
      pairs(for: input, poolsLast: false) + [GlobalPooling()] + denseLayers([channels, outputs], seesInputs: false))
  }

  /// Pairs of 3x3 convolutions, the channels doubling from pair to pair, with maximum pooling between.
  private func pairs(for input: Shape, poolsLast: Bool) -> [any Layer] {
    var layers: [any Layer] = []
    var channels = input[2]
    let count = ownDepth / 2
    for pair in 0..<count {
      let own = ownWidth << pair
      layers += convolutionUnit(channels, own) + convolutionUnit(own, own)
      if pair < count - 1 || poolsLast { layers.append(Pooling(.maximum)) }
      channels = own
    }
    return layers
  }

  /// Image layers with dense ones behind.
  private func withDense(
    _ images: [any Layer], for input: Shape, _ widths: [Int]
  ) throws(ShapeMismatch) -> Sequential {
    let shape = try Sequential(images).outputShape(for: input)
    return Sequential(images + [Flatten()] + denseLayers([shape.count] + widths, seesInputs: false))
  }
}
