public import Tensors

/// The largest element of each window. Among equals the first, row by row, gets the derivative; the second is 0.
public struct MaximumPool: Primitive {
  /// The window.
  public let window: SlidingWindow
  /// [n, oh, ow, c].
  public func shape(of inputs: [Shape]) -> Shape { PoolingExtents(window, inputs[0]).output }
  /// The cotangent at the maxima.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [x[0].placingAtMaxima(cotangent, window)]
  }
  /// The tangent at the maxima.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0].map { x[0].selectingMaxima(of: $0, window) }
  }
  /// Compares; NaN wins.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, inputs[0])
    return { inputs, y in
      extents.forEachMaximum(of: inputs[0]) { target, place in y[target] = inputs[0][place] }
    }
  }
}

/// Of each window of a second tensor the element at the place of the first tensor's maximum: linear in the second.
public struct SelectMaxima: Primitive {
  /// The window.
  public let window: SlidingWindow
  /// [n, oh, ow, c].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "maxima of \(inputs[0]) looked up in \(inputs[1])")
    return PoolingExtents(window, inputs[0]).output
  }
  /// The cotangent at the maxima; the places don't move.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [nil, x[0].placingAtMaxima(cotangent, window)]
  }
  /// The tangent at the maxima.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[1].map { x[0].selectingMaxima(of: $0, window) }
  }
  /// Compares again: cheaper than keeping places.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, inputs[0])
    return { inputs, y in
      extents.forEachMaximum(of: inputs[0]) { target, place in y[target] = inputs[1][place] }
    }
  }
}

/// One number for each window, put at the place of the first tensor's maximum, zero elsewhere: linear in the numbers.
public struct PlaceAtMaxima: Primitive {
  /// The window.
  public let window: SlidingWindow
  /// [n, h, w, c].
  public func shape(of inputs: [Shape]) -> Shape {
    let output = PoolingExtents(window, inputs[0]).output
    precondition(inputs[1] == output, "maxima of \(inputs[0]) are \(output) numbers, not \(inputs[1])")
    return inputs[0]
  }
  /// The cotangent at the maxima; the places don't move.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [nil, x[0].selectingMaxima(of: cotangent, window)]
  }
  /// The tangent at the maxima.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[1].map { x[0].placingAtMaxima($0, window) }
  }
  /// Compares again and adds, for windows may overlap.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, inputs[0])
    let count = output.count
    return { inputs, y in
      y.update(repeating: 0, count: count)
      extents.forEachMaximum(of: inputs[0]) { target, place in y[place] += inputs[1][target] }
    }
  }
}

extension PoolingExtents {
  /// Calls `body` with the offset of each result and the offset of its maximum in `x`.
  @inline(__always)
  func forEachMaximum<S: Scalar>(of x: UnsafePointer<S>, _ body: (_ target: Int, _ place: Int) -> Void) {
    let (channels, width) = (channels, width)
    forEachWindow { target, source, rows, columns in
      for channel in 0..<channels {
        var place = source + channel
        var largest = x[place]
        for row in 0..<rows {
          for column in 0..<columns {
            let candidate = source + (row * width + column) * channels + channel
            let value = x[candidate]
            if value > largest || (value != value && largest == largest) {
              largest = value
              place = candidate
            }
          }
        }
        body(target + channel, place)
      }
    }
  }
}
