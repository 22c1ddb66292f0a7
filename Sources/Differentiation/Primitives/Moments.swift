public import Tensors

/// The means over some axes, then the variances (biased), as one vector: what normalizations are made of.
public struct Moments: Primitive {
  /// The axes that means are taken over, ascending.
  public let axes: [Int]
  /// A vector of two numbers for each statistic.
  public func shape(of inputs: [Shape]) -> Shape { [2 * layout(inputs[0]).keptCount] }
  private func layout(_ shape: Shape) -> StatisticsLayout {
    guard let layout = StatisticsLayout(shape, reducing: axes), axes.allSatisfy({ $0 < shape.rank }) else {
      preconditionFailure("moments over axes \(axes) of shape \(shape)")
    }
    return layout
  }

  /// Means and variances, each in the shape of the kept axes.
  func parts(_ moments: Symbol, of shape: Shape) -> (mean: Symbol, variance: Symbol) {
    let kept = Sum(axes: axes).shape(of: [shape])
    return (moments.block(0, shape: kept), moments.block(kept.count, shape: kept))
  }
  /// x - mean(x).
  private func deviations(_ x: Symbol, _ moments: Symbol) -> Symbol {
    x - x.repeating(parts(moments, of: x.shape).mean, over: axes)
  }

  /// Of N elements behind each statistic, dm/dx = 1/N and dv/dx = 2 (x - m) / N.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    let (byMean, byVariance) = parts(cotangent, of: x[0].shape)
    let share = 1 / Double(layout(x[0].shape).reducedCount)
    return [
      x[0].repeating(share * byMean, over: axes)
        + x[0].repeating(2 * share * byVariance, over: axes) * deviations(x[0], y)
    ]
  }
  /// The same slopes.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    guard let tangent = tangents[0] else { return nil }
    let count = layout(x[0].shape).keptCount
    let mean = tangent.mean(over: axes).reshaped(to: [count])
    let variance = (2 * (deviations(x[0], y) * tangent).mean(over: axes)).reshaped(to: [count])
    return Symbol.assemble([(0, mean), (count, variance)], count: 2 * count)
  }
  /// One pass over main memory.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let layout = layout(inputs[0])
    return { inputs, y in layout.moments(inputs[0], y) }
  }
}

extension Symbol {
  /// The mean and the biased variance over some axes, which disappear: each is 1/N times a sum over N elements.
  ///
  /// One pass over memory, and accurate however large the mean. Kept and averaged axes may alternate as in
  /// [kept, averaged, kept, averaged], not more often.
  public func moments(over axes: [Int]) -> (mean: Symbol, variance: Symbol) {
    let moments = Moments(axes: axes.sorted())
    return moments.parts(graph.apply(moments, to: [self]), of: shape)
  }

  /// (x - mean) / sqrt(variance + epsilon), mean and biased variance taken over `axes`.
  ///
  /// For images [n, h, w, c]: batch normalization over [0, 1, 2] (Ioffe and Szegedy 2015), layer normalization over
  /// [1, 2, 3] (Ba et al. 2016), instance normalization over [1, 2] (Ulyanov et al. 2016). The statistics are part of the
  /// function and of its derivatives. ``standardizationProblem(_:over:)`` says where there is nothing to standardize.
  public func standardized(over axes: [Int], epsilon: Double) -> Symbol {
    if let problem = Symbol.standardizationProblem(shape, over: axes) { preconditionFailure(problem) }
    let (mean, variance) = moments(over: axes)
    let reciprocal = (variance + epsilon).squareRoot().reciprocal()
    return (self - repeating(mean, over: axes)) * repeating(reciprocal, over: axes)
  }

  /// As ``standardized(over:epsilon:)``, for each example and each of `groups` groups of neighbouring channels (the last
  /// axis) by itself (Wu and He 2018).
  public func groupStandardized(groups: Int, epsilon: Double) -> Symbol {
    let channels = shape.dimensions.last ?? 0
    precondition(
      shape.rank >= 2 && groups > 0 && channels % groups == 0,
      "the channels of shape \(shape) are not divisible into \(groups) groups")
    let rows = shape.dimensions[1..<(shape.rank - 1)].reduce(1, *)
    return reshaped(to: [shape[0], rows, groups, channels / groups]).standardized(over: [1, 3], epsilon: epsilon)
      .reshaped(to: shape)
  }

  /// Why statistics over `axes` make no sense for a shape, as one sentence; `nil` if they do.
  ///
  /// Batch normalization of a single number for each channel, for example, gives 0 whatever the input.
  public static func standardizationProblem(_ shape: Shape, over axes: [Int]) -> String? {
    guard Set(axes).count == axes.count, axes.allSatisfy({ (0..<shape.rank).contains($0) }) else {
      return "the shape \(shape) has no axes \(axes) to standardize over"
    }
    let count = axes.map { shape[$0] }.reduce(1, *)
    return count > 1 ? nil : "\(count) number for each mean of shape \(shape) over axes \(axes): at least 2 are needed"
  }

  /// A statistic over `axes` of this tensor, repeated along them.
  fileprivate func repeating(_ statistic: Symbol, over axes: [Int]) -> Symbol {
    statistic.broadcast(to: shape, along: (0..<shape.rank).filter { !axes.contains($0) })
  }
}
