import Tensors

/// The numbers that a convolution's loops run over, and its images as matrices of patches.
///
/// A patch is what one output position sees of one group of channels: kh kw c/groups numbers, zero outside the image.
struct ConvolutionExtents {
  let window: SlidingWindow
  let images: Int
  let groups: Int
  let height: Int
  let width: Int
  let channels: Int
  let outputHeight: Int
  let outputWidth: Int
  let outputs: Int

  init(_ geometry: ConvolutionGeometry, input: Shape, output: Shape) {
    window = geometry.window
    groups = geometry.groups
    (images, height, width, channels) = (input[0], input[1], input[2], input[3])
    (outputHeight, outputWidth, outputs) = (output[1], output[2], output[3])
  }

  var groupChannels: Int { channels / groups }
  var groupOutputs: Int { outputs / groups }
  /// Patches of an image.
  var rows: Int { outputHeight * outputWidth }
  /// Elements of a patch.
  var patchLength: Int { window.kernel.height * window.kernel.width * groupChannels }
  /// Elements of all patches of an image in one group.
  var patchCount: Int { rows * patchLength }
  /// Elements of an image.
  var inputCount: Int { height * width * channels }
  /// Elements of an image's result.
  var outputCount: Int { rows * outputs }

  @inline(__always)
  func forEachImageAndGroup(_ body: (_ image: Int, _ group: Int) -> Void) {
    for image in 0..<images {
      for group in 0..<groups { body(image, group) }
    }
  }

  /// Runs of patches and images that belong together: `body` gets each row of a patch, where its part inside the image
  /// starts within the row, how many positions of the kernel that part has, and where it starts in the image.
  @inline(__always)
  private func forEachRow(_ body: (_ row: Int, _ first: Int, _ count: Int, _ source: Int) -> Void) {
    var row = 0
    for i in 0..<outputHeight {
      for j in 0..<outputWidth {
        let left = j * window.stride.width - window.padding.left
        let first = min(max(0, -left), window.kernel.width)
        let end = max(first, min(window.kernel.width, width - left))
        for a in 0..<window.kernel.height {
          let y = i * window.stride.height - window.padding.top + a
          let inside = y >= 0 && y < height
          body(row, first, inside ? end - first : 0, (y * width + left + first) * channels)
          row += 1
        }
      }
    }
  }

  /// Copies an image's patches of one group, one a row.
  @inline(__always)
  func gather<S: Scalar>(_ image: UnsafePointer<S>, group: Int, _ patches: UnsafeMutablePointer<S>) {
    let (depth, kernel) = (groupChannels, window.kernel.width)
    forEachRow { row, first, count, source in
      let target = patches + row * kernel * depth
      target.update(repeating: 0, count: (count == 0 ? kernel : first) * depth)
      if count == 0 { return }
      let start = target + first * depth
      let origin = image + source + group * depth
      if depth == channels {
        start.update(from: origin, count: count * depth)
      } else {
        for b in 0..<count { (start + b * depth).update(from: origin + b * channels, count: depth) }
      }
      (start + count * depth).update(repeating: 0, count: (kernel - first - count) * depth)
    }
  }

  /// Adds patches of one group back to where they came from: the transpose of gathering.
  @inline(__always)
  func scatter<S: Scalar>(_ patches: UnsafePointer<S>, group: Int, _ image: UnsafeMutablePointer<S>) {
    let (depth, kernel) = (groupChannels, window.kernel.width)
    forEachRow { row, first, count, source in
      let start = patches + (row * kernel + first) * depth
      let target = image + source + group * depth
      for b in 0..<count {
        for c in 0..<depth { target[b * channels + c] += start[b * depth + c] }
      }
    }
  }
}
