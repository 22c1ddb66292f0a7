public import Tensors

/// What each position of a convolution sees of images [n, h, w, c]: [n, groups, positions, kh kw c / groups], zero outside.
///
/// Patches times weights are the convolution.
public struct Patches: Primitive {
  /// Window and groups of the convolution.
  public let geometry: ConvolutionGeometry
  /// [n, groups, positions, kh kw c / groups].
  public func shape(of inputs: [Shape]) -> Shape { geometry.patchesShape(input: inputs[0]) }
  /// Adds the cotangent back to where the patches come from.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.patchesTransposed(geometry, input: x[0].shape)]
  }
  /// The tangent's patches.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.patches(geometry) }
  /// Copies runs.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = geometry.patchExtents(input: inputs[0])
    return { inputs, y in
      extents.forEachImageAndGroup { image, group in
        extents.gather(
          inputs[0] + image * extents.inputCount, group: group,
          y + (image * extents.groups + group) * extents.patchCount)
      }
    }
  }
}

/// Patches added back to where they come from in images: the transpose of ``Patches``.
public struct PatchesTransposed: Primitive {
  /// Window and groups of the convolution.
  public let geometry: ConvolutionGeometry
  /// The images' shape, which the patches don't determine.
  public let input: Shape
  /// [n, h, w, c].
  public func shape(of inputs: [Shape]) -> Shape {
    let patches = geometry.patchesShape(input: input)
    precondition(inputs[0] == patches, "patches of shape \(inputs[0]) from images \(input), which have \(patches)")
    return input
  }
  /// The cotangent's patches.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [cotangent.patches(geometry)] }
  /// Adds the tangent's patches.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.patchesTransposed(geometry, input: input)
  }
  /// Adds runs.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = geometry.patchExtents(input: input)
    let count = output.count
    return { inputs, y in
      y.update(repeating: 0, count: count)
      extents.forEachImageAndGroup { image, group in
        extents.scatter(
          inputs[0] + (image * extents.groups + group) * extents.patchCount, group: group,
          y + image * extents.inputCount)
      }
    }
  }
}

extension ConvolutionGeometry {
  fileprivate func patchExtents(input: Shape) -> ConvolutionExtents {
    ConvolutionExtents(self, input: input, output: outputShape(input: input, outputChannels: groups))
  }

  fileprivate func patchesShape(input: Shape) -> Shape {
    let extents = patchExtents(input: input)
    return [extents.images, groups, extents.rows, extents.patchLength]
  }
}

extension Symbol {
  /// What each position of a convolution sees of these images [n, h, w, c]: [n, groups, positions, kh kw c / groups].
  public func patches(_ geometry: ConvolutionGeometry) -> Symbol {
    let primitive = Patches(geometry: geometry)
    if constantValue == 0 { return graph.constant(0, shape: primitive.shape(of: [shape])) }
    return graph.apply(primitive, to: [self])
  }

  /// These patches [n, groups, positions, kh kw c / groups] added back to where they come from in images of shape `input`.
  public func patchesTransposed(_ geometry: ConvolutionGeometry, input: Shape) -> Symbol {
    if constantValue == 0 { return graph.constant(0, shape: input) }
    return graph.apply(PatchesTransposed(geometry: geometry, input: input), to: [self])
  }
}
