public import Tensors

/// The geometry of a convolution: its window and its groups.
///
/// Inputs are [n, h, w, c], weights [kh, kw, c / groups, o], results [n, oh, ow, o]. Group g computes the output channels
/// g o/groups ..< (g + 1) o/groups from the input channels g c/groups ..< (g + 1) c/groups; with as many groups as input
/// channels the convolution is depthwise.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Kernel, stride and padding.
  public let window: SlidingWindow
  /// Into how many independent groups the channels are divided.
  public let groups: Int

  /// A geometry; ``problem(input:outputChannels:)`` says whether it fits an input.
  public init(kernel: PlaneExtents, stride: PlaneExtents = 1, padding: PlanePadding = 0, groups: Int = 1) {
    window = SlidingWindow(kernel: kernel, stride: stride, padding: padding)
    self.groups = groups
  }

  /// What is wrong with a convolution of an input [n, h, w, c] to `outputChannels`, as one sentence; `nil` if nothing is.
  ///
  /// Architectures ask before they build: the constructors of ``Symbol`` end the program where this has an answer.
  public func problem(input: Shape, outputChannels: Int) -> String? {
    guard input.rank == 4 else { return "a convolution takes images [n, h, w, c], not the shape \(input)" }
    if let problem = window.problem(over: input.plane) { return problem }
    if groups < 1 { return "a convolution has at least 1 group, not \(groups)" }
    if input[3] < 1 || outputChannels < 1 {
      return "a convolution of \(input[3]) channels to \(outputChannels) has nothing to compute"
    }
    if input[3] % groups != 0 { return "\(input[3]) input channels are not divisible by \(groups) groups" }
    if outputChannels % groups != 0 { return "\(outputChannels) output channels are not divisible by \(groups) groups" }
    return nil
  }

  /// [kh, kw, inputChannels / groups, outputChannels].
  public func weightsShape(inputChannels: Int, outputChannels: Int) -> Shape {
    [window.kernel.height, window.kernel.width, inputChannels / groups, outputChannels]
  }

  /// [n, oh, ow, outputChannels], for an input [n, h, w, c] that fits.
  public func outputShape(input: Shape, outputChannels: Int) -> Shape {
    if let problem = problem(input: input, outputChannels: outputChannels) { preconditionFailure(problem) }
    let positions = window.positions(over: input.plane)
    return [input[0], positions.height, positions.width, outputChannels]
  }
}

extension Shape {
  /// Height and width of images [n, h, w, c].
  var plane: PlaneExtents { PlaneExtents(height: self[1], width: self[2]) }
}
