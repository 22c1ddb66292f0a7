import Differentiation
import Tensors
import Testing

/// The sum that defines a convolution, written as seven loops: `body` gets matching elements of x, w and y.
func forEachTerm(
  _ input: Shape, outputs: Int, _ geometry: ConvolutionGeometry, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
) {
  let output = geometry.outputShape(input: input, outputChannels: outputs)
  let weights = geometry.weightsShape(inputChannels: input[3], outputChannels: outputs)
  let (stride, padding) = (geometry.window.stride, geometry.window.padding)
  for n in 0..<output[0] {
    for i in 0..<output[1] {
      for j in 0..<output[2] {
        for o in 0..<outputs {
          for a in 0..<weights[0] {
            for b in 0..<weights[1] {
              let (row, column) = (i * stride.height + a - padding.top, j * stride.width + b - padding.left)
              guard (0..<input[1]).contains(row), (0..<input[2]).contains(column) else { continue }
              for c in 0..<weights[2] {
                let channel = o / (outputs / geometry.groups) * weights[2] + c
                body(
                  ((n * input[1] + row) * input[2] + column) * input[3] + channel,
                  ((a * weights[1] + b) * weights[2] + c) * outputs + o,
                  ((n * output[1] + i) * output[2] + j) * outputs + o)
              }
            }
          }
        }
      }
    }
  }
}

struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  let input: Shape
  let outputs: Int
  let geometry: ConvolutionGeometry
  var testDescription: String { "\(input) to \(outputs), \(geometry)" }
}

/// Geometries that nets use and that they don't.
let convolutionCases: [ConvolutionCase] = [
  (.init([2, 7, 6, 3]), 5, ConvolutionGeometry(kernel: 3, padding: 1)),
  (.init([3, 8, 5, 16]), 16, ConvolutionGeometry(kernel: 3, padding: 1)),
  (.init([2, 9, 8, 16]), 32, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1)),
  (.init([2, 9, 8, 16]), 32, ConvolutionGeometry(kernel: 1, stride: 2)),
  (.init([2, 4, 5, 7]), 9, ConvolutionGeometry(kernel: 1)),
  (.init([2, 11, 12, 1]), 6, ConvolutionGeometry(kernel: 5, padding: 2)),
  (
    .init([1, 9, 7, 4]), 6,
    ConvolutionGeometry(
      kernel: PlaneExtents(height: 2, width: 5), stride: PlaneExtents(height: 3, width: 2),
      padding: PlanePadding(top: 0, bottom: 1, left: 2, right: 3))
  ),
  (.init([2, 6, 5, 8]), 12, ConvolutionGeometry(kernel: 3, padding: 1, groups: 4)),
  (.init([2, 6, 5, 6]), 6, ConvolutionGeometry(kernel: 3, stride: 2, padding: 1, groups: 6)),
  (.init([2, 6, 5, 3]), 6, ConvolutionGeometry(kernel: 3, padding: 1, groups: 3)),
  (.init([1, 2, 2, 2]), 3, ConvolutionGeometry(kernel: 4, padding: 3)),
  // Wide enough for Winograd's algorithm.
  (.init([3, 9, 7, 32]), 48, ConvolutionGeometry(kernel: 3, padding: 1)),
  (.init([2, 5, 6, 48]), 32, ConvolutionGeometry(kernel: 3)),
  (
    .init([2, 5, 6, 32]), 32,
    ConvolutionGeometry(kernel: 3, padding: PlanePadding(top: 0, bottom: 2, left: 1, right: 0))
  ),
].map { ConvolutionCase(input: $0, outputs: $1, geometry: $2) }

@Suite("Convolutions")
struct ConvolutionTests {
  /// The three maps of one geometry at random arguments.
  static func results<S: Scalar>(_ sample: ConvolutionCase, _ x: [Double], _ w: [Double], _ g: [Double], _: S.Type)
    -> [[Double]]
  {
    let output = sample.geometry.outputShape(input: sample.input, outputChannels: sample.outputs)
    let weights = sample.geometry.weightsShape(inputChannels: sample.input[3], outputChannels: sample.outputs)
    let plane = PlaneExtents(height: sample.input[1], width: sample.input[2])
    return evaluate([sample.input, weights, output], [x, w, g].map { $0.map { S($0) } }) {
      [
        $0[0].convolution($0[1], sample.geometry),
        $0[2].convolutionTransposed($0[1], sample.geometry, plane: plane),
        $0[0].convolutionByWeights($0[2], sample.geometry),
      ]
    }.map { $0.map { Double($0) } }
  }

  @Test("a convolution and its transposes are the sums that define them", arguments: convolutionCases)
  func definition(_ sample: ConvolutionCase) {
    let output = sample.geometry.outputShape(input: sample.input, outputChannels: sample.outputs)
    let weights = sample.geometry.weightsShape(inputChannels: sample.input[3], outputChannels: sample.outputs)
    let arguments = random([sample.input, weights, output], Key(seed: 5)).map { $0.map { Double(Float($0)) } }
    let (x, w, g) = (arguments[0], arguments[1], arguments[2])
    var expected = [output, sample.input, weights].map { [Double](repeating: 0, count: $0.count) }
    forEachTerm(sample.input, outputs: sample.outputs, sample.geometry) { i, j, k in
      expected[0][k] += x[i] * w[j]
      expected[1][i] += g[k] * w[j]
      expected[2][j] += g[k] * x[i]
    }
    #expect(largestDifference(Self.results(sample, x, w, g, Double.self), expected) < 1e-12)
    let scale = 1 + (expected.flatMap { $0 }.map(abs).max() ?? 0)
    #expect(largestDifference(Self.results(sample, x, w, g, Float.self), expected) < 2e-6 * scale)
  }

  @Test(
    "a convolution in one group is the product of what its window sees with the weights",
    arguments: convolutionCases.filter { $0.geometry.groups == 1 })
  func windows(_ sample: ConvolutionCase) {
    let weights = sample.geometry.weightsShape(inputChannels: sample.input[3], outputChannels: sample.outputs)
    let results = evaluate([sample.input, weights], random([sample.input, weights], Key(seed: 5))) {
      let seen = $0[0].windows(sample.geometry.window)
      let columns = weights.count / sample.outputs
      let rows = seen.reshaped(to: [seen.shape.count / columns, columns])
      return [
        $0[0].convolution($0[1], sample.geometry), rows.matrixProduct($0[1].reshaped(to: [columns, sample.outputs])),
      ]
    }
    #expect(largestDifference([results[1]], [results[0]]) < 1e-12)
  }

  @Test("evaluations side by side give what each gives alone")
  func sideBySide() async {
    let sample = ConvolutionCase(
      input: [8, 9, 8, 16], outputs: 32, geometry: ConvolutionGeometry(kernel: 3, padding: 1))
    let arguments = random([[8, 9, 8, 16], [3, 3, 16, 32], [8, 9, 8, 32]], Key(seed: 5))
    let alone = Self.results(sample, arguments[0], arguments[1], arguments[2], Float.self)
    await withTaskGroup(of: [[Double]].self) { group in
      for _ in 0..<8 {
        group.addTask { Self.results(sample, arguments[0], arguments[1], arguments[2], Float.self) }
      }
      for await results in group { #expect(results == alone) }
    }
  }

  @Test("what does not fit is said in a sentence")
  func problems() {
    let sentence = { (geometry: ConvolutionGeometry, input: Shape, outputs: Int) in
      geometry.problem(input: input, outputChannels: outputs) ?? "none"
    }
    #expect(
      sentence(ConvolutionGeometry(kernel: 3), [1, 2, 5, 1], 1) == "a window of 3x3 is larger than its input of 2x5")
    #expect(
      sentence(ConvolutionGeometry(kernel: 5, padding: 1), [1, 2, 5, 1], 1)
        == "a window of 5x5 is larger than its input of 2x5 with its padding, 4x7")
    #expect(
      sentence(ConvolutionGeometry(kernel: 1, groups: 2), [1, 2, 5, 3], 2)
        == "3 input channels are not divisible by 2 groups")
    #expect(
      sentence(ConvolutionGeometry(kernel: 1, groups: 2), [1, 2, 5, 4], 3)
        == "3 output channels are not divisible by 2 groups")
    #expect(sentence(ConvolutionGeometry(kernel: 1, groups: 0), [1, 2, 5, 4], 3).contains("at least 1 group"))
    #expect(sentence(ConvolutionGeometry(kernel: 0), [1, 2, 5, 4], 3).contains("empty"))
    #expect(sentence(ConvolutionGeometry(kernel: 1, stride: 0), [1, 2, 5, 4], 3).contains("does not move"))
    #expect(sentence(ConvolutionGeometry(kernel: 1, padding: -1), [1, 2, 5, 4], 3).contains("negative"))
    #expect(sentence(ConvolutionGeometry(kernel: 1), [2, 5], 3).contains("[n, h, w, c]"))
    #expect(sentence(ConvolutionGeometry(kernel: 3, padding: 1), [1, 2, 5, 1], 1) == "none")
  }

  @Test("\"same\" padding keeps height and width for even kernels, too")
  func samePadding() {
    for height in 1..<6 {
      for width in 1..<6 {
        let kernel = PlaneExtents(height: height, width: width)
        let geometry = ConvolutionGeometry(kernel: kernel, padding: .same(for: kernel))
        #expect(geometry.outputShape(input: [1, 7, 4, 1], outputChannels: 2) == [1, 7, 4, 2])
      }
    }
  }
}

@Suite("Pooling")
struct PoolingTests {
  @Test("zeros of the padding count in an average, and never win a maximum")
  func padding() {
    let results = evaluate([[1, 2, 3, 1]], [[-1, -2, -3, -4, -5, -6.0]]) {
      [
        $0[0].averagePooled(window: 2, stride: 2, padding: PlanePadding(top: 1, bottom: 1, left: 0, right: 1)),
        $0[0].maximumPooled(window: 2, stride: 2, padding: PlanePadding(top: 1, bottom: 1, left: 0, right: 1)),
      ]
    }
    #expect(results[0] == [-0.75, -0.75, -2.25, -1.5])
    #expect(results[1] == [-1, -3, -4, -6])
  }

  @Test("the first of equal maxima gets the derivative")
  func ties() {
    let gradient = evaluate([[1, 2, 4, 1]], [[1, 1, 0, 2.0, 1, 1, 2, 2]]) {
      $0[0].graph.gradient(of: $0[0].maximumPooled(window: 2).sum(), withRespectTo: [$0[0]])
    }
    #expect(gradient == [[1, 0, 0, 1, 0, 0, 0, 0]])
  }

  @Test("a window's NaN is its maximum")
  func nan() {
    for place in 0..<4 {
      var x: [Float] = [1, 2, 3, 4]
      x[place] = .nan
      #expect(evaluate([[1, 2, 2, 1]], [x]) { [$0[0].maximumPooled(window: 2)] }[0][0].isNaN)
    }
  }
}

@Suite("Dropout masks")
struct DropoutMaskTests {
  static func mask(_ words: [Float], layer: Int = 0, extents: [Int], rate: Double) -> [Float] {
    evaluate([[words.count / 2, 2]], [words]) {
      [Symbol.dropoutMask(words: $0[0], layer: layer, shape: Shape([words.count / 2] + extents), rate: rate)]
    }[0]
  }

  @Test("an example's mask does not depend on the batch it is in")
  func batchComposition() {
    let words: [Float] = [5, 16_777_215, 0, 1, 77, 3]
    let together = Self.mask(words, extents: [3, 7], rate: 0.3)
    for example in 0..<3 {
      let alone = Self.mask(Array(words[(2 * example)..<(2 * example + 2)]), extents: [3, 7], rate: 0.3)
      #expect(Array(together[(21 * example)..<(21 * example + 21)]) == alone)
    }
    #expect(together != Self.mask(words, layer: 1, extents: [3, 7], rate: 0.3))
  }

  @Test("a share of `rate` is dropped and the rest scaled so that the mean is 1")
  func share() {
    let mask = Self.mask([12, 34], extents: [40_000], rate: 0.3)
    #expect(Set(mask) == [0, Float(1 / 0.7)])
    let dropped = Double(mask.filter { $0 == 0 }.count) / 40_000
    #expect(abs(dropped - 0.3) < 4 * (0.3 * 0.7 / 40_000).squareRoot())
  }

  @Test("words that are no whole numbers below 2^24 give NaN")
  func badWords() {
    for word: Float in [-1, 0.5, 0x1p24, .nan] { #expect(Self.mask([word, 1], extents: [2], rate: 0.5)[1].isNaN) }
  }
}
