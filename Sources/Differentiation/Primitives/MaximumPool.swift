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
      extents.forEachWindow { target, source, rows, columns in
        extents.maxima(inputs[0] + source, rows, columns, y + target)
      }
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
  /// A row of maxima, and a row that says which are still looked for.
  public func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int { 2 * output[3] }
  /// Compares again: cheaper than keeping places.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, inputs[0])
    let channels = extents.channels
    return { inputs, y in
      let maxima = UnsafeMutablePointer(mutating: inputs[2])
      let open = maxima + channels
      extents.forEachWindow { target, source, rows, columns in
        extents.maxima(inputs[0] + source, rows, columns, maxima)
        open.update(repeating: 1, count: channels)
        let y = y + target
        extents.forEachElement(rows, columns) { place in
          let (x, t) = (inputs[0] + source + place, inputs[1] + source + place)
          for channel in 0..<channels {
            let found = isSame(x[channel], maxima[channel])
            y[channel] = found && open[channel] != 0 ? t[channel] : y[channel]
            open[channel] = found ? 0 : open[channel]
          }
        }
      }
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
  /// A row of maxima, and a row of what has not found its place yet.
  public func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int { 2 * output[3] }
  /// Compares again and adds, for windows may overlap.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, inputs[0])
    let (channels, count, isPartition) = (extents.channels, output.count, extents.isPartition)
    return { inputs, y in
      let maxima = UnsafeMutablePointer(mutating: inputs[2])
      let left = maxima + channels
      if !isPartition { y.update(repeating: 0, count: count) }
      extents.forEachWindow { target, source, rows, columns in
        extents.maxima(inputs[0] + source, rows, columns, maxima)
        left.update(from: inputs[1] + target, count: channels)
        extents.forEachElement(rows, columns) { place in
          let (x, y) = (inputs[0] + source + place, y + source + place)
          if isPartition { y.update(repeating: 0, count: channels) }
          for channel in 0..<channels {
            let found = isSame(x[channel], maxima[channel])
            y[channel] += found ? left[channel] : 0
            left[channel] = found ? 0 : left[channel]
          }
        }
      }
    }
  }
}

/// Equality that holds between NaNs, too.
@inline(__always)
private func isSame<S: Scalar>(_ a: S, _ b: S) -> Bool { a == b || (a != a && b != b) }

extension PoolingExtents {
  /// Calls `body` with the offset of each element of a window from the first, row by row.
  @inline(__always)
  fileprivate func forEachElement(_ rows: Int, _ columns: Int, _ body: (_ place: Int) -> Void) {
    for row in 0..<rows {
      for column in 0..<columns { body((row * width + column) * channels) }
    }
  }

  /// The largest element of a window for each channel: loops run over channels, which lie side by side.
  @inline(__always)
  fileprivate func maxima<S: Scalar>(
    _ x: UnsafePointer<S>, _ rows: Int, _ columns: Int, _ y: UnsafeMutablePointer<S>
  ) {
    y.update(from: x, count: channels)
    forEachElement(rows, columns) { place in
      let x = x + place
      for channel in 0..<channels {
        y[channel] = x[channel] > y[channel] || x[channel] != x[channel] ? x[channel] : y[channel]
      }
    }
  }
}
