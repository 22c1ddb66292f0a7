public import Tensors

// Three bilinear maps, each the derivative of the others: y = x * w, its transpose by x and its transpose by w. In
// <g, x * w> = <by input(g, w), x> = <by weights(x, g), w> every pair of arguments gives the third.

/// y = x * w: images x [n, h, w, c] and weights [kh, kw, c / groups, o] give [n, oh, ow, o].
///
/// y[n, i, j, o] = the sum over a, b, c of x[n, i stride + a - top, j stride + b - left, c] w[a, b, c, o], x zero outside:
/// a cross-correlation, as everywhere in the field.
public struct Convolution: Primitive {
  /// Window and groups.
  public let geometry: ConvolutionGeometry
  /// [n, oh, ow, o].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs.count == 2 && inputs[0].rank == 4 && inputs[1].rank == 4, "a convolution of shapes \(inputs)")
    let output = geometry.outputShape(input: inputs[0], outputChannels: inputs[1][3])
    let weights = geometry.weightsShape(inputChannels: inputs[0][3], outputChannels: inputs[1][3])
    precondition(inputs[1] == weights, "a convolution of \(inputs[0]) takes weights \(weights), not \(inputs[1])")
    return output
  }
  /// Both transposes.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ g: Symbol) -> [Symbol?] {
    [g.convolutionByInput(x[1], geometry, input: x[0].shape), x[0].convolutionByWeights(g, geometry)]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    productRule(x, tangents) { $0.convolution($1, geometry) }
  }
  /// What oneDNN asks for in Float, the patches of an image otherwise.
  public func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int {
    let extents = ConvolutionExtents(geometry, input: inputs[0], output: output)
    return DirectConvolution(.forward, extents, type)?.scratchCount ?? extents.patchCount
  }
  /// oneDNN in Float; otherwise patches times weights, image by image.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = ConvolutionExtents(geometry, input: inputs[0], output: output)
    if let direct = DirectConvolution(.forward, extents, type) {
      return { inputs, y in direct.run(input: inputs[0], weights: inputs[1], output: y, scratch: inputs[2]) }
    }
    return { inputs, y in
      let patches = UnsafeMutablePointer(mutating: inputs[2])
      extents.forEachImageAndGroup { image, group in
        extents.gather(inputs[0] + image * extents.inputCount, group: group, patches)
        S.matrixProduct(
          transposeA: false, transposeB: false, rows: extents.rows, columns: extents.groupOutputs,
          inner: extents.patchLength, alpha: 1, patches, strideA: extents.patchLength,
          inputs[1] + group * extents.groupOutputs, strideB: extents.outputs, beta: 0,
          y + image * extents.outputCount + group * extents.groupOutputs, strideC: extents.outputs)
      }
    }
  }
}

/// The transpose of a convolution by its input: from a cotangent [n, oh, ow, o] and weights to images [n, h, w, c].
public struct ConvolutionByInput: Primitive {
  /// Window and groups of the convolution.
  public let geometry: ConvolutionGeometry
  /// Height and width of its input, which the cotangent's don't determine.
  public let plane: PlaneExtents
  /// [n, h, w, c].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs.count == 2 && inputs[0].rank == 4 && inputs[1].rank == 4, "a transposed convolution of shapes \(inputs)")
    let input: Shape = [inputs[0][0], plane.height, plane.width, inputs[1][2] * geometry.groups]
    let forward = Convolution(geometry: geometry).shape(of: [input, inputs[1]])
    precondition(inputs[0] == forward, "a convolution to \(inputs[0]) from \(input), which gives \(forward)")
    return input
  }
  /// The convolution of the cotangent, and the transpose by weights.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ u: Symbol) -> [Symbol?] {
    [u.convolution(x[1], geometry), u.convolutionByWeights(x[0], geometry)]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    productRule(x, tangents) { $0.convolutionByInput($1, geometry, input: y.shape) }
  }
  /// What oneDNN asks for in Float, the patches of an image otherwise.
  public func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int {
    let extents = ConvolutionExtents(geometry, input: output, output: inputs[0])
    return DirectConvolution(.byInput, extents, type)?.scratchCount ?? extents.patchCount
  }
  /// oneDNN in Float; otherwise cotangent times transposed weights gives patches, which are added into the image.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = ConvolutionExtents(geometry, input: output, output: inputs[0])
    if let direct = DirectConvolution(.byInput, extents, type) {
      return { inputs, y in direct.run(input: y, weights: inputs[1], output: inputs[0], scratch: inputs[2]) }
    }
    let count = output.count
    return { inputs, y in
      let patches = UnsafeMutablePointer(mutating: inputs[2])
      y.update(repeating: 0, count: count)
      extents.forEachImageAndGroup { image, group in
        S.matrixProduct(
          transposeA: false, transposeB: true, rows: extents.rows, columns: extents.patchLength,
          inner: extents.groupOutputs, alpha: 1,
          inputs[0] + image * extents.outputCount + group * extents.groupOutputs, strideA: extents.outputs,
          inputs[1] + group * extents.groupOutputs, strideB: extents.outputs, beta: 0, patches,
          strideC: extents.patchLength)
        extents.scatter(patches, group: group, y + image * extents.inputCount)
      }
    }
  }
}

/// The transpose of a convolution by its weights: from images [n, h, w, c] and a cotangent [n, oh, ow, o] to weights.
public struct ConvolutionByWeights: Primitive {
  /// Window and groups of the convolution.
  public let geometry: ConvolutionGeometry
  /// [kh, kw, c / groups, o].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(
      inputs.count == 2 && inputs[0].rank == 4 && inputs[1].rank == 4,
      "the weights of a convolution between shapes \(inputs)")
    let forward = geometry.outputShape(input: inputs[0], outputChannels: inputs[1][3])
    precondition(inputs[1] == forward, "a convolution to \(inputs[1]) from \(inputs[0]), which gives \(forward)")
    return geometry.weightsShape(inputChannels: inputs[0][3], outputChannels: inputs[1][3])
  }
  /// The transpose by input, and the convolution with the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ u: Symbol) -> [Symbol?] {
    [x[1].convolutionByInput(u, geometry, input: x[0].shape), x[0].convolution(u, geometry)]
  }
  /// The product rule.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    productRule(x, tangents) { $0.convolutionByWeights($1, geometry) }
  }
  /// What oneDNN asks for in Float, the patches of an image otherwise.
  public func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int {
    let extents = ConvolutionExtents(geometry, input: inputs[0], output: inputs[1])
    return DirectConvolution(.byWeights, extents, type)?.scratchCount ?? extents.patchCount
  }
  /// oneDNN in Float; otherwise transposed patches times cotangent, summed over images.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = ConvolutionExtents(geometry, input: inputs[0], output: inputs[1])
    if let direct = DirectConvolution(.byWeights, extents, type) {
      return { inputs, y in direct.run(input: inputs[0], weights: y, output: inputs[1], scratch: inputs[2]) }
    }
    let count = output.count
    return { inputs, y in
      let patches = UnsafeMutablePointer(mutating: inputs[2])
      y.update(repeating: 0, count: count)
      extents.forEachImageAndGroup { image, group in
        extents.gather(inputs[0] + image * extents.inputCount, group: group, patches)
        S.matrixProduct(
          transposeA: true, transposeB: false, rows: extents.patchLength, columns: extents.groupOutputs,
          inner: extents.rows, alpha: 1, patches, strideA: extents.patchLength,
          inputs[1] + image * extents.outputCount + group * extents.groupOutputs, strideB: extents.outputs, beta: 1,
          y + group * extents.groupOutputs, strideC: extents.outputs)
      }
    }
  }
}

/// The derivative of a bilinear map along tangents of its arguments.
private func productRule(_ x: [Symbol], _ tangents: [Symbol?], _ map: (Symbol, Symbol) -> Symbol) -> Symbol? {
  let terms = [tangents[0].map { map($0, x[1]) }, tangents[1].map { map(x[0], $0) }].compactMap { $0 }
  return terms.isEmpty ? nil : Symbol.sum(of: terms)
}
