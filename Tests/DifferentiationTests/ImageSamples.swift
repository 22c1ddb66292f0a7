import Differentiation
import Tensors

/// A convolution and both transposes as samples: images, weights and cotangents are differentiated in turn.
private func convolutions(
  _ name: String, _ input: Shape, outputs: Int, _ geometry: ConvolutionGeometry
) -> [Sample] {
  let weights = geometry.weightsShape(inputChannels: input[3], outputChannels: outputs)
  let result = geometry.outputShape(input: input, outputChannels: outputs)
  let plane = PlaneExtents(height: input[1], width: input[2])
  return [
    Sample("convolution, \(name)", [input, weights]) { $0[0].convolution($0[1], geometry) },
    Sample("convolution by input, \(name)", [result, weights]) {
      $0[0].convolutionTransposed($0[1], geometry, plane: plane)
    },
    Sample("convolution by weights, \(name)", [input, result]) { $0[0].convolutionByWeights($0[1], geometry) },
  ]
}

private let uneven = PlanePadding(top: 0, bottom: 2, left: 1, right: 0)

/// Operations on images, and on the structure of tensors of any rank.
let imageSamples: [Sample] =
  convolutions("3x2", [2, 5, 4, 3], outputs: 4, ConvolutionGeometry(kernel: PlaneExtents(height: 3, width: 2)))
  + convolutions("1x1", [2, 3, 4, 3], outputs: 2, ConvolutionGeometry(kernel: 1))
  + convolutions("1x1 with stride 2", [2, 5, 4, 3], outputs: 2, ConvolutionGeometry(kernel: 1, stride: 2))
  + convolutions(
    "stride 2 by 1 with uneven padding", [2, 6, 5, 2], outputs: 3,
    ConvolutionGeometry(kernel: 3, stride: PlaneExtents(height: 2, width: 1), padding: uneven))
  + convolutions(
    "two groups", [1, 4, 5, 6], outputs: 4, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 2))
  + convolutions(
    "depthwise", [2, 4, 3, 3], outputs: 3, ConvolutionGeometry(kernel: 3, padding: 1, groups: 3))
  + convolutions(
    "depthwise, two outputs a channel", [1, 4, 3, 2], outputs: 4,
    ConvolutionGeometry(kernel: 2, padding: 1, groups: 2))
  + convolutions("as large as its input", [3, 3, 2, 2], outputs: 2, ConvolutionGeometry(kernel: 5, padding: 2))
  + [
    Sample("convolution of an image with itself", [[3, 3, 3, 3]]) {
      (0.1 * $0[0].convolution($0[0], ConvolutionGeometry(kernel: 3, padding: 1))).tanh()
    },
    Sample("patches", [[2, 5, 4, 4]]) {
      $0[0].patches(ConvolutionGeometry(kernel: PlaneExtents(height: 3, width: 2), padding: uneven, groups: 2))
    },
    Sample("patches transposed", [[2, 2, 6, 8]]) {
      $0[0].patchesTransposed(ConvolutionGeometry(kernel: 2, stride: 2, padding: 1, groups: 2), input: [2, 4, 3, 4])
    },
    Sample("average pool", [[2, 5, 4, 3]]) { $0[0].averagePooled(window: PlaneExtents(height: 2, width: 3)) },
    Sample("average pool, overlapping and padded", [[2, 5, 4, 3]]) {
      $0[0].averagePooled(window: 3, stride: 2, padding: PlanePadding(top: 1, bottom: 2, left: 0, right: 1))
    },
    Sample("global average pool", [[2, 5, 4, 3]]) { $0[0].mean(over: [1, 2]) },
    Sample("average pool transposed", [[2, 4, 3, 2]]) {
      $0[0].averagePooledTransposed(
        SlidingWindow(kernel: 3, stride: 2, padding: 1), plane: PlaneExtents(height: 7, width: 6))
    },
    Sample("elements at maxima", [[2, 5, 6, 2], [2, 5, 6, 2]], differentiable: [1]) {
      $0[0].selectingMaxima(of: $0[1], SlidingWindow(kernel: 3, stride: 2, padding: 1))
    },
    Sample("numbers put at maxima", [[2, 5, 6, 2], [2, 3, 3, 2]], differentiable: [1]) {
      $0[0].placingAtMaxima($0[1], SlidingWindow(kernel: 3, stride: 2, padding: 1))
    },
    Sample("maximum pool", [[2, 5, 4, 3]]) { $0[0].maximumPooled(window: 2) },
    Sample("maximum pool, overlapping and padded", [[2, 5, 4, 3]]) {
      $0[0].maximumPooled(window: 3, stride: PlaneExtents(height: 2, width: 1), padding: 1)
    },
    Sample("maximum pool of tanh times itself", [[1, 5, 7, 2]]) {
      let y = ($0[0].tanh() * $0[0]).maximumPooled(window: 3, stride: 2)
      return y * y
    },
    Sample("pad", [[2, 3, 2]]) { $0[0].padded(before: [0, 1, 2], after: [1, 0, 3]) },
    Sample("crop", [[3, 4, 5]]) { $0[0].cropped(from: [1, 0, 2], to: [2, 4, 2]) },
    Sample("crop one axis", [[3, 4, 5]]) { $0[0].cropped(1..<3, axis: 1) },
    Sample("concatenate", [[2, 3, 2], [2, 1, 2], [2, 2, 2]]) { Symbol.concatenated($0, axis: 1) },
    Sample("concatenate a tensor and its square", [[2, 3]]) { Symbol.concatenated([$0[0], $0[0].square()], axis: 1) },
    Sample("dropout mask times tensor", [[3, 5, 3], [3, 2]], differentiable: [0], integers: 1 << 24) {
      $0[0].square() * Symbol.dropoutMask(words: $0[1], layer: 1, shape: [3, 5, 3], rate: 0.4)
    },
    Sample("batch normalization", [[3, 2, 4, 5], [5], [5]]) {
      let (scale, shift) = ($0[1].broadcastRows(to: [3, 2, 4, 5]), $0[2].broadcastRows(to: [3, 2, 4, 5]))
      return scale * $0[0].standardized(over: [0, 1, 2], epsilon: 0.1) + shift
    },
    Sample("layer normalization", [[3, 2, 4]]) { $0[0].standardized(over: [1, 2], epsilon: 0.2) },
    Sample("instance normalization", [[2, 3, 4, 3]]) { $0[0].standardized(over: [1, 2], epsilon: 0.1) },
    Sample("group normalization", [[2, 3, 2, 6]]) { $0[0].groupStandardized(groups: 3, epsilon: 0.1).tanh() },
    Sample("moments", [[4, 3, 2]]) {
      let (mean, variance) = $0[0].moments(over: [1])
      return mean.square() * variance
    },
    Sample("sum of a product with a broadcast", [[2, 3, 4], [4], [2]]) {
      ($0[0].tanh() * $0[1].broadcastRows(to: [2, 3, 4]) * $0[2].broadcast(to: [2, 3, 4], along: [0])).sum(over: [1])
    },
    Sample("slice of an assembled vector", [[3], [2]]) {
      let whole = Symbol.assemble([(6, $0[1]), (1, $0[0].square())], count: 9)
      return whole.slice(2, count: 2) * whole.slice(5, count: 2) * whole.slice(6, count: 2)
    },
    Sample("sum over images and columns", [[2, 3, 4, 5]]) { $0[0].sum(over: [0, 2]) },
    Sample("sum over images and channels", [[2, 3, 4, 5]]) { $0[0].sum(over: [0, 3]) },
    Sample("broadcast to rows and columns", [[2, 5]]) { $0[0].broadcast(to: [2, 3, 4, 5], along: [0, 3]).square() },
    Sample("broadcast to images and columns", [[3, 5]]) { $0[0].broadcast(to: [2, 3, 4, 5], along: [1, 3]).square() },
    Sample("broadcast to rows and channels", [[2, 4]]) { $0[0].broadcast(to: [2, 3, 4, 5], along: [0, 2]).square() },
  ]
