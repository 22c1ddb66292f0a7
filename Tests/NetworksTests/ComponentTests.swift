import Components
import Differentiation
import Networks
import Tensors
import Testing

/// A sample of each layer, with the shape of examples it takes and one it refuses.
private let samples: [(layer: any Layer, input: Shape, refused: Shape?)] = [
  (Dense(inputs: 6, outputs: 5), [2, 3], [7]),
  (Dense(inputs: 4, outputs: 3, hasBias: false), [4], [2, 3]),
  (Convolution(inputs: 2, outputs: 3, window: PlaneExtents(height: 3, width: 2), stride: 2), [5, 4, 2], [5, 4, 3]),
  (Convolution(inputs: 4, outputs: 6, padding: 0, groups: 2), [4, 3, 4], [2, 5, 4]),
  (Pooling(.maximum, window: 2), [5, 4, 3], [1, 4, 3]),
  (Pooling(.average, window: PlaneExtents(height: 2, width: 3), stride: 1), [4, 5, 2], [4, 5]),
  (GlobalPooling(), [3, 5, 2], [6]),
  (Flatten(), [3, 2, 4], nil),
  (Activation.gelu, [7], nil),
  (Normalization(channels: 5, over: .batch), [5], [4]),
  (Normalization(channels: 3, over: .batch), [4, 2, 3], [4, 2, 5]),
  (Normalization(channels: 5, over: .group(1)), [5], [4]),
  (Normalization(channels: 6, over: .group(3)), [3, 2, 6], [3, 2, 4]),
  (Normalization(channels: 4, over: .group(4)), [3, 2, 4], [4]),
  (Normalization(channels: 2, over: .instance), [3, 4, 2], [2]),
  (SwitchableNormalization(channels: 2), [3, 4, 2], [2]),
  (WeightNormalized(Convolution(inputs: 2, outputs: 3)), [3, 4, 2], [3, 4, 3]),
  (WeightNormalized(Dense(inputs: 4, outputs: 3)), [4], [5]),
  (SpectrallyNormalized(Dense(inputs: 5, outputs: 3), steps: 3), [5], [4]),
  (SpectrallyNormalized(Convolution(inputs: 2, outputs: 3), steps: 2), [3, 4, 2], [3, 4, 3]),
  (Dropout(rate: 0.3), [6], nil),
  (ScalarBias(), [2, 3], nil),
  (ScalarScale(), [2, 3], nil),
  (Recurrent(inputs: 3, units: 4), [5, 3], [5, 2]),
  (
    Residual(
      Sequential([Convolution(inputs: 2, outputs: 4, stride: 2), Activation.tanh]),
      shortcut: Sequential([PaddedShortcut(inputs: 2, outputs: 4, stride: 2)]), activation: .softplus), [5, 4, 2],
    [5, 4, 3]
  ),
  (PaddedShortcut(inputs: 2, outputs: 5, stride: 2), [5, 4, 2], [5, 4, 3]),
  (Sequential([Dense(inputs: 4, outputs: 3), Activation.tanh, Dense(inputs: 3, outputs: 2)]), [4], [3]),
]

/// Shapes of examples that architectures are tried on.
private func smallDesign(_ architecture: Architecture) -> (design: NetworkDesign, shape: Shape) {
  let width: [Architecture: Int] = [.leNet300: 9, .leNet5: 3, .conv: 4, .vggSmall: 3, .resNet: 3, .elman: 5]
  let design = NetworkDesign(
    architecture, hidden: [6, 3], width: width[architecture], depth: architecture == .resNet ? 8 : nil)
  return (design, architecture.takesImages ? [13, 12] : [5, 2])
}

@Suite("Components of networks")
struct ComponentTests {
  @Test("every layer has exact derivatives, says its shape and refuses what it can't take", arguments: samples.indices)
  func layers(index: Int) {
    let sample = samples[index]
    #expect(problems(of: sample.layer, input: sample.input, refusing: sample.refused) == [], "\(sample.layer)")
  }

  @Test("every layer of the list has a sample, and every sample is in the list")
  func everyLayer() {
    let sampled = Set(samples.map { type(of: $0.layer).component.name })
    #expect(sampled == Set(NetworkComponents.layers.map(\.name)))
  }

  @Test("names are unique within a kind, and what comes from a paper names it")
  func descriptions() {
    for kind in Component.Kind.allCases {
      let own = NetworkComponents.all.filter { $0.kind == kind }
      #expect(Set(own.map(\.name)).count == own.count)
    }
    #expect(NetworkComponents.all.allSatisfy { !$0.summary.isEmpty })
    let withoutSource = NetworkComponents.initializers.filter { $0.references.isEmpty }.map(\.name)
    #expect(withoutSource == ["zero", "constant"])
    let keys = NetworkComponents.all.flatMap(\.references)
    for (key, same) in Dictionary(grouping: keys, by: \.key) { #expect(Set(same).count == 1, "\(key)") }
  }

  @Test("every law gives the variance it claims, by its key alone", arguments: Initializer.allCases)
  func initializers(_ initializer: Initializer) {
    let law = Initialization(initializer, gain: 1.3)
    let draw: (Parameter, Key) -> [Double] = { law.values(of: $0, isOutput: false, branches: 0, key: $1) }
    #expect(
      problems(ofLaw: draw, variance: law.variance, isRandom: initializer != .zero && initializer != .constant) == [])
  }

  @Test("every architecture gives finite gradients at its start", arguments: Architecture.allCases)
  func architectures(_ architecture: Architecture) throws {
    let (design, shape) = smallDesign(architecture)
    #expect(problems(of: try design.network(for: shape, outputs: 4)) == [])
  }

  @Test("every loss has exact derivatives", arguments: Loss.allCases)
  func losses(_ loss: Loss) {
    for width in [1, 4] where width > 1 || loss == .logistic || loss == .hinge {
      let function = SmoothFunction(count: 5 * width + 5) { z in
        let labels = z.block(5 * width, shape: [5]).sign().relu()
        return loss(z.block(0, shape: [5, width]), labels: labels, smoothing: 0.2).sum()
      }
      let point = wave(5 * width, 2.3, 0.4, amplitude: 1.7) + [1, 0.5, -1, -0.7, 1]
      #expect(function.problems(at: point) == [], "\(width) outputs")
    }
  }
}
