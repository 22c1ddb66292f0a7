public import Components
public import Differentiation
public import Tensors

/// The largest or the mean element of each window, channel by channel.
public struct Pooling: Layer {
  /// What a window gives.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    /// Its largest element; among equals the first gets the derivative.
    case maximum
    /// Its mean.
    case average
  }

  /// What a window gives.
  public let statistic: Kind
  /// Window, stride and padding.
  public let window: SlidingWindow

  /// Creates the layer; the stride is the window if left out.
  public init(
    _ statistic: Kind, window: PlaneExtents = 2, stride: PlaneExtents? = nil, padding: PlanePadding = 0
  ) {
    self.statistic = statistic
    self.window = SlidingWindow(kernel: window, stride: stride ?? window, padding: padding)
  }

  /// `pooling`.
  public static var component: Component {
    Component(
      .layer, "pooling", "the maximum or the mean of each window of an image, channel by channel",
      settings: [
        .init("statistic", "what a window gives", allowed: "one of maximum, average", default: "maximum"),
        .init("window", "height and width of the window", allowed: "at least 1", default: "2"),
        .init("stride", "distance of neighbouring windows", allowed: "at least 1", default: "the window"),
        .init("padding", "rows and columns around the image", allowed: "less than the window", default: "0"),
      ])
  }

  /// [height, width, channels].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.rank == 3 else {
      throw ShapeMismatch("pooling takes images [height, width, channels], not examples of shape \(input)")
    }
    let plane = PlaneExtents(height: input[0], width: input[1])
    if let problem = window.problem(over: plane) { throw ShapeMismatch(problem) }
    let positions = window.positions(over: plane)
    return [positions.height, positions.width, input[2]]
  }

  /// Pools.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    switch statistic {
    case .maximum: x.maximumPooled(window: window.kernel, stride: window.stride, padding: window.padding)
    case .average: x.averagePooled(window: window.kernel, stride: window.stride, padding: window.padding)
    }
  }
}

/// The mean of each channel over the whole image: [height, width, channels] becomes [channels].
public struct GlobalPooling: Layer {
  /// Creates the layer.
  public init() {}

  /// `global-pooling`.
  public static var component: Component {
    Component(.layer, "global-pooling", "the mean of each channel over the whole image")
  }

  /// [channels].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.rank == 3, input[0] > 0, input[1] > 0 else {
      throw ShapeMismatch("global pooling takes images [height, width, channels], not examples of shape \(input)")
    }
    return [input[2]]
  }

  /// The mean over height and width.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    x.mean(over: [1, 2])
  }
}

/// Every `stride`-th pixel, and zeros for new channels behind the old ones: the shortcut without parameters (He et al. 2016,
/// option A).
public struct PaddedShortcut: Layer {
  /// Channels of the images.
  public let inputs: Int
  /// Channels of the result.
  public let outputs: Int
  /// The distance of the pixels that are kept.
  public let stride: PlaneExtents

  /// Creates the layer.
  public init(inputs: Int, outputs: Int, stride: PlaneExtents) {
    precondition(inputs <= outputs, "a shortcut from \(inputs) channels can't be padded to \(outputs)")
    self.inputs = inputs
    self.outputs = outputs
    self.stride = stride
  }

  /// `padded-shortcut`.
  public static var component: Component {
    Component(
      .layer, "padded-shortcut", "every stride-th pixel, with zeros for new channels",
      settings: [
        .init("outputs", "channels of the result", allowed: "at least those of the images", default: "the body's"),
        .init("stride", "distance of the pixels that are kept", allowed: "at least 1", default: "the body's"),
      ], references: [.he2016])
  }

  private var window: SlidingWindow { SlidingWindow(kernel: 1, stride: stride) }

  /// [height, width, outputs].
  public func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.rank == 3, input[2] == inputs else {
      throw ShapeMismatch("a shortcut takes images [height, width, \(inputs)], not examples of shape \(input)")
    }
    let plane = PlaneExtents(height: input[0], width: input[1])
    if let problem = window.problem(over: plane) { throw ShapeMismatch(problem) }
    let positions = window.positions(over: plane)
    return [positions.height, positions.width, outputs]
  }

  /// Subsamples and pads.
  public func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let kept = stride == 1 ? x : x.averagePooled(window: 1, stride: stride)
    return kept.padded(before: [0, 0, 0, 0], after: [0, 0, 0, outputs - inputs])
  }
}
