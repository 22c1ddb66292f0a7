/// Height and width of something in the plane of an image: a whole number stands for a square.
public struct PlaneExtents: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int

  /// Height and width.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// A square.
  public init(_ side: Int) { self.init(height: side, width: side) }

  /// A square.
  public init(integerLiteral side: Int) { self.init(side) }

  /// For example "3x5".
  public var description: String { "\(height)x\(width)" }
}

/// Rows and columns of zeros put around an image: a whole number stands for as many on every side.
public struct PlanePadding: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Rows above.
  public let top: Int
  /// Rows below.
  public let bottom: Int
  /// Columns before.
  public let left: Int
  /// Columns behind.
  public let right: Int

  /// Each side by itself.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// The same on every side.
  public init(_ all: Int) { self.init(top: all, bottom: all, left: all, right: all) }

  /// The same on every side.
  public init(integerLiteral all: Int) { self.init(all) }

  /// What keeps height and width under a window of stride 1: kernel - 1 in all, the odd one below and behind.
  public static func same(for kernel: PlaneExtents) -> PlanePadding {
    let (rows, columns) = (kernel.height - 1, kernel.width - 1)
    return PlanePadding(top: rows / 2, bottom: rows - rows / 2, left: columns / 2, right: columns - columns / 2)
  }

  /// For example "1, 1, 0, 2".
  public var description: String { "\(top), \(bottom), \(left), \(right)" }
}

/// A window that slides over images [n, h, w, c]: what convolution and pooling have in common.
public struct SlidingWindow: Hashable, Sendable {
  /// The window's extents.
  public let kernel: PlaneExtents
  /// The distance between neighbouring windows.
  public let stride: PlaneExtents
  /// The zeros around the image.
  public let padding: PlanePadding

  /// A window; ``problem(over:)`` says whether it makes sense for an image.
  public init(kernel: PlaneExtents, stride: PlaneExtents = 1, padding: PlanePadding = 0) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// How many windows fit: floor((extent + padding - kernel) / stride) + 1 in each direction.
  public func positions(over image: PlaneExtents) -> PlaneExtents {
    PlaneExtents(
      height: (image.height + padding.top + padding.bottom - kernel.height) / stride.height + 1,
      width: (image.width + padding.left + padding.right - kernel.width) / stride.width + 1)
  }

  /// What is wrong with this window over an image of these extents, as one sentence; `nil` if nothing is.
  public func problem(over image: PlaneExtents) -> String? {
    if kernel.height < 1 || kernel.width < 1 { return "a window of \(kernel) is empty" }
    if stride.height < 1 || stride.width < 1 { return "a stride of \(stride) does not move the window" }
    if min(padding.top, padding.bottom, padding.left, padding.right) < 0 {
      return "the padding (\(padding)) is negative"
    }
    let padded = PlaneExtents(
      height: image.height + padding.top + padding.bottom, width: image.width + padding.left + padding.right)
    if kernel.height > padded.height || kernel.width > padded.width {
      return padded == image
        ? "a window of \(kernel) is larger than its input of \(image)"
        : "a window of \(kernel) is larger than its input of \(image) with its padding, \(padded)"
    }
    return nil
  }
}
