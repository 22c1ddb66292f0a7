public import Tensors

/// The loops of pooling: windows clipped to the image, in a fixed order.
struct PoolingExtents {
  let window: SlidingWindow
  let images: Int
  let height: Int
  let width: Int
  let channels: Int
  let positions: PlaneExtents

  /// Checks the window against images [n, h, w, c].
  init(_ window: SlidingWindow, _ input: Shape) {
    precondition(input.rank == 4, "pooling takes images [n, h, w, c], not the shape \(input)")
    if let problem = window.problem(over: input.plane) { preconditionFailure(problem) }
    let padding = window.padding
    precondition(
      max(padding.top, padding.bottom) < window.kernel.height && max(padding.left, padding.right) < window.kernel.width,
      "a padding of (\(padding)) leaves windows of \(window.kernel) without an element of the image")
    self.window = window
    (images, height, width, channels) = (input[0], input[1], input[2], input[3])
    positions = window.positions(over: input.plane)
  }

  var output: Shape { [images, positions.height, positions.width, channels] }
  /// The number of elements of a window, the padding's included.
  var kernelCount: Int { window.kernel.height * window.kernel.width }
  /// Whether every element of the image lies in one window.
  var isPartition: Bool {
    window.stride == window.kernel && window.padding == 0 && height == positions.height * window.kernel.height
      && width == positions.width * window.kernel.width
  }

  /// Calls `body` with the offset of each window's result and of the window's first element inside the image, and with
  /// the rows and columns of its part inside.
  @inline(__always)
  func forEachWindow(_ body: (_ target: Int, _ source: Int, _ rows: Int, _ columns: Int) -> Void) {
    var target = 0
    for image in 0..<images {
      for i in 0..<positions.height {
        let top = i * window.stride.height - window.padding.top
        let (firstRow, endRow) = (max(0, top), min(height, top + window.kernel.height))
        for j in 0..<positions.width {
          let left = j * window.stride.width - window.padding.left
          let (firstColumn, endColumn) = (max(0, left), min(width, left + window.kernel.width))
          body(
            target, ((image * height + firstRow) * width + firstColumn) * channels, endRow - firstRow,
            endColumn - firstColumn)
          target += channels
        }
      }
    }
  }
}

/// The mean of each window; zeros of the padding count.
public struct AveragePool: Primitive {
  /// The window.
  public let window: SlidingWindow
  /// [n, oh, ow, c].
  public func shape(of inputs: [Shape]) -> Shape { PoolingExtents(window, inputs[0]).output }
  /// Spreads the cotangent over the windows.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [cotangent.averagePooledTransposed(window, plane: x[0].shape.plane)]
  }
  /// Pools the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0]?.averagePooled(window) }
  /// Adds.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, inputs[0])
    let factor = 1 / S(extents.kernelCount)
    let (channels, width) = (extents.channels, extents.width)
    return { inputs, y in
      extents.forEachWindow { target, source, rows, columns in
        let (x, y) = (inputs[0] + source, y + target)
        y.update(repeating: 0, count: channels)
        for row in 0..<rows {
          for column in 0..<columns {
            let place = x + (row * width + column) * channels
            for channel in 0..<channels { y[channel] += place[channel] }
          }
        }
        for channel in 0..<channels { y[channel] *= factor }
      }
    }
  }
}

/// The transpose of the mean of each window: every element of a window gets its share of the window's number.
public struct AveragePoolTransposed: Primitive {
  /// The window.
  public let window: SlidingWindow
  /// Height and width of the images, which the windows' number does not determine.
  public let plane: PlaneExtents
  /// [n, h, w, c].
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].rank == 4, "pooling takes images [n, h, w, c], not the shape \(inputs[0])")
    let images: Shape = [inputs[0][0], plane.height, plane.width, inputs[0][3]]
    let forward = PoolingExtents(window, images).output
    precondition(inputs[0] == forward, "pooling to \(inputs[0]) from \(images), which gives \(forward)")
    return images
  }
  /// Pools the cotangent.
  public func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [cotangent.averagePooled(window)] }
  /// Spreads the tangent.
  public func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? {
    tangents[0]?.averagePooledTransposed(window, plane: plane)
  }
  /// Adds.
  @specialized(where S == Float) @specialized(where S == Double)
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let extents = PoolingExtents(window, output)
    let factor = 1 / S(extents.kernelCount)
    let (channels, width, count) = (extents.channels, extents.width, output.count)
    return { inputs, y in
      y.update(repeating: 0, count: count)
      extents.forEachWindow { target, source, rows, columns in
        let (g, y) = (inputs[0] + target, y + source)
        for row in 0..<rows {
          for column in 0..<columns {
            let place = y + (row * width + column) * channels
            for channel in 0..<channels { place[channel] += factor * g[channel] }
          }
        }
      }
    }
  }
}
