public import Tensors

// Operations on images [n, h, w, c].

extension Symbol {
  /// The convolution of images [n, h, w, c] with weights [kh, kw, c / groups, o]: [n, oh, ow, o].
  public func convolution(_ weights: Symbol, _ geometry: ConvolutionGeometry) -> Symbol {
    bilinear(Convolution(geometry: geometry), weights)
  }

  /// The transpose of a convolution by its input: this [n, oh, ow, o] with weights [kh, kw, c / groups, o] gives `plane` as
  /// height and width of [n, h, w, c]. Also known as transposed or fractionally strided convolution.
  public func convolutionTransposed(_ weights: Symbol, _ geometry: ConvolutionGeometry, plane: PlaneExtents) -> Symbol {
    bilinear(ConvolutionByInput(geometry: geometry, plane: plane), weights)
  }

  /// What a window sees at each of its places in images [n, h, w, c]: [n, oh, ow, kh kw c], row after row of the window.
  ///
  /// A convolution in one group is the product of these rows with the weights as a matrix [kh kw c, o].
  public func windows(_ window: SlidingWindow) -> Symbol {
    let (padding, stride) = (window.padding, window.stride)
    let places = window.positions(over: shape.plane)
    let image = padded(before: [0, padding.top, padding.left, 0], after: [0, padding.bottom, padding.right, 0])
    let parts = (0..<window.kernel.height).flatMap { row in
      (0..<window.kernel.width).map { column in
        let seen = image.cropped(row..<row + (places.height - 1) * stride.height + 1, axis: 1)
          .cropped(column..<column + (places.width - 1) * stride.width + 1, axis: 2)
        // A mean over one pixel is the pixel: this leaves out those between the window's places.
        return stride == 1 ? seen : seen.averagePooled(window: 1, stride: stride)
      }
    }
    return Symbol.concatenated(parts, axis: 3)
  }

  func convolutionByInput(_ weights: Symbol, _ geometry: ConvolutionGeometry, input: Shape) -> Symbol {
    convolutionTransposed(weights, geometry, plane: input.plane)
  }

  /// The transpose of a convolution by its weights: this input [n, h, w, c] and a cotangent [n, oh, ow, o] give weights.
  public func convolutionByWeights(_ cotangent: Symbol, _ geometry: ConvolutionGeometry) -> Symbol {
    bilinear(ConvolutionByWeights(geometry: geometry), cotangent)
  }

  private func bilinear(_ primitive: some Primitive, _ other: Symbol) -> Symbol {
    if constantValue == 0 || other.constantValue == 0 {
      return graph.constant(0, shape: primitive.shape(of: [shape, other.shape]))
    }
    return graph.apply(primitive, to: [self, other])
  }

  /// The largest element of each window, channel by channel: [n, oh, ow, c]. Padding never wins.
  ///
  /// Each padding must be smaller than the window. Among equals the first (row by row) gets the derivative; the second
  /// derivative is 0. `stride` is the window if left out.
  public func maximumPooled(window: PlaneExtents, stride: PlaneExtents? = nil, padding: PlanePadding = 0) -> Symbol {
    let window = SlidingWindow(kernel: window, stride: stride ?? window, padding: padding)
    return graph.apply(MaximumPool(window: window), to: [self])
  }

  /// The mean of each window, channel by channel: [n, oh, ow, c]. Zeros of the padding count, as PyTorch has it by default.
  ///
  /// `stride` is the window if left out. The mean over whole images is `mean(over: [1, 2])`.
  public func averagePooled(window: PlaneExtents, stride: PlaneExtents? = nil, padding: PlanePadding = 0) -> Symbol {
    averagePooled(SlidingWindow(kernel: window, stride: stride ?? window, padding: padding))
  }

  package func averagePooled(_ window: SlidingWindow) -> Symbol {
    let primitive = AveragePool(window: window)
    if constantValue == 0 { return graph.constant(0, shape: primitive.shape(of: [shape])) }
    return graph.apply(primitive, to: [self])
  }

  package func averagePooledTransposed(_ window: SlidingWindow, plane: PlaneExtents) -> Symbol {
    let primitive = AveragePoolTransposed(window: window, plane: plane)
    if constantValue == 0 { return graph.constant(0, shape: primitive.shape(of: [shape])) }
    return graph.apply(primitive, to: [self])
  }

  /// Of each window of `tangent` the element at the place of this tensor's maximum.
  package func selectingMaxima(of tangent: Symbol, _ window: SlidingWindow) -> Symbol {
    let primitive = SelectMaxima(window: window)
    if tangent.constantValue == 0 { return graph.constant(0, shape: primitive.shape(of: [shape, shape])) }
    return graph.apply(primitive, to: [self, tangent])
  }

  /// Each element of `cotangent` put at the place of this tensor's maximum in its window.
  package func placingAtMaxima(_ cotangent: Symbol, _ window: SlidingWindow) -> Symbol {
    if cotangent.constantValue == 0 { return graph.constant(0, shape: shape) }
    return graph.apply(PlaceAtMaxima(window: window), to: [self, cotangent])
  }

  /// A mask [n, ...] of 0 with probability `rate` and else 1 / (1 - rate), so that its mean is 1; it has no derivative.
  ///
  /// `words` [n, 2] holds two random whole numbers below 2^24 for each example (exact in Float). An example's mask depends
  /// on its own words, `layer` and the element's index alone, by Philox: not on the batch or how it is divided. A step
  /// draws new words and runs the same plan.
  ///
  /// - Parameters:
  ///   - layer: tells apart masks made from the same words.
  ///   - shape: the mask's, words.shape[0] first.
  ///   - rate: in 0 ..< 1.
  public static func dropoutMask(words: Symbol, layer: Int, shape: Shape, rate: Double) -> Symbol {
    if rate == 0 { return words.graph.constant(1, shape: shape) }
    return words.graph.apply(DropoutMask(layer: layer, target: shape, rate: rate), to: [words])
  }
}
