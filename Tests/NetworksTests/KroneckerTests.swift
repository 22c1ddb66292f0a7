import Differentiation
import Foundation
import Networks
import Tensors
import Testing

@Suite("Kronecker factors")
struct KroneckerTests {
  private let own = OperatorCase(loss: .crossEntropy, count: 6, widths: [3, 4, 3])

  private func objective(_ parameterization: Parameterization, count: Int = 6, chunkSize: Int? = nil) throws
    -> NetworkObjective<Double>
  {
    let network = try Network(
      inputShape: [3],
      layers: [Dense(inputs: 3, outputs: 4), Activation.tanh, Dense(inputs: 4, outputs: 3, hasBias: false)],
      parameterization: parameterization)
    let features = Tensor(Array(own.features.elements[..<(3 * count)]), shape: [count, 3])
    return NetworkObjective(
      network, loss: .crossEntropy,
      examples: Examples(features: features, labels: Array(own.labels[..<count]), classes: 3), chunkSize: chunkSize)
  }

  @Test(
    "for one example the product of the factors is the layer's block of the sampled Fisher matrix",
    arguments: [Parameterization.standard, .neuralTangent])
  func singleExample(parameterization: Parameterization) throws {
    let objective = try objective(parameterization, count: 1)
    let point = Array(own.point[..<objective.dimension])
    let fisher = dense(objective.sampledFisher(at: point, key: Key(seed: 4)))
    let blocks = objective.kroneckerBlocks
    #expect(blocks.map(\.homogeneousInputs) == [4, 4] && blocks.map(\.outputs) == [4, 3])
    for (block, factors) in zip(blocks, objective.kroneckerFactors(at: point, examples: nil, key: Key(seed: 4))) {
      let places = Array(block.weight) + Array(block.bias ?? 0..<0)
      let (inputs, outputs) = (block.homogeneousInputs, block.outputs)
      for i in 0..<inputs * outputs {
        for j in 0..<inputs * outputs {
          let expected = fisher[places[i] * objective.dimension + places[j]]
          let product =
            factors.inputs[i / outputs * inputs + j / outputs] * factors.outputs[i % outputs * outputs + j % outputs]
          #expect(abs(product - expected) < 1e-14)
        }
      }
    }
  }

  @Test("factors are means over examples, whatever the chunks, of the whole set or of a batch")
  func means() throws {
    let chosen = [4, 1, 5]
    for chunkSize in [nil, 1, 4] {
      let objective = try objective(.standard, chunkSize: chunkSize)
      let point = Array(own.point[..<objective.dimension])
      let whole = objective.kroneckerFactors(at: point, examples: nil, key: Key(seed: 2))
      let reference = try self.objective(.standard).kroneckerFactors(at: point, examples: nil, key: Key(seed: 2))
      for (a, b) in zip(whole, reference) {
        #expect(largest(a.inputs, b.inputs) < 1e-14 && largest(a.outputs, b.outputs) < 1e-14)
      }
      let batch = objective.kroneckerFactors(at: point, examples: chosen[...], key: Key(seed: 2))
      var inputs = [Double](repeating: 0, count: 16)
      for example in chosen {
        let row = own.features.elements[3 * example..<3 * example + 3] + [1]
        inputs.add(1.0 / 3, times: secondMoment(Array(row), columns: 4, over: 1))
      }
      #expect(largest(batch[0].inputs, inputs) < 1e-14)
      #expect(largest(whole[0].inputs, inputs) > 1e-3)
    }
  }

  @Test(
    "a convolution's factors are the second moments of what its window sees, summed over places, and of its cotangents",
    arguments: [Parameterization.standard, .neuralTangent])
  func convolution(parameterization: Parameterization) throws {
    // 5 x 4 images of 2 channels; a window of 3 x 2 with strides 2 and 1 and padding on three sides sees 3 x 4 places.
    let padding = PlanePadding(top: 1, bottom: 1, left: 0, right: 1)
    let window = SlidingWindow(
      kernel: PlaneExtents(height: 3, width: 2), stride: PlaneExtents(height: 2, width: 1), padding: padding)
    let network = try Network(
      inputShape: [5, 4, 2],
      layers: [
        Networks.Convolution(inputs: 2, outputs: 3, window: window.kernel, stride: window.stride, padding: padding),
        Activation.tanh, Flatten(), Dense(inputs: 36, outputs: 3),
      ], parameterization: parameterization)
    var generator = Key(seed: 8).generator()
    let count = 2
    let images: [Double] = generator.normals(count * 40)
    let point: [Double] = generator.normals(network.parameterCount)
    let objective = NetworkObjective<Double>(
      network, loss: .crossEntropy,
      examples: Examples(features: Tensor(images, shape: [count, 40]), labels: [2, 0], classes: 3))
    let block = objective.kroneckerBlocks[0]
    #expect(objective.kroneckerBlocks.count == 2 && block.homogeneousInputs == 13 && block.outputs == 3)

    let multiplier = parameterization.multiplier(network.roles[0], fanIn: 12)
    var inputs = [Double](repeating: 0, count: 13 * 13)
    var rows: [[[Double]]] = []
    for example in 0..<count {
      var places: [[Double]] = []
      for y in 0..<3 {
        for x in 0..<4 {
          var row: [Double] = []
          for (i, j, channel) in product(3, 2, 2) {
            let (top, left) = (2 * y + i - 1, x + j)
            let isInside = (0..<5).contains(top) && (0..<4).contains(left)
            row.append(isInside ? multiplier * images[example * 40 + (top * 4 + left) * 2 + channel] : 0)
          }
          row.append(1)
          places.append(row)
          for a in 0..<13 { for b in 0..<13 { inputs[a * 13 + b] += row[a] * row[b] / Double(count) } }
        }
      }
      rows.append(places)
    }
    let key = Key(seed: 5)
    let factors = objective.kroneckerFactors(at: point, examples: nil, key: key)[0]
    #expect(largest(factors.inputs, inputs) < 1e-13)

    // The cotangent at a place: the drawn label's score through the dense layer and tanh, written out.
    var outputs = [Double](repeating: 0, count: 9)
    let scores = Loss.crossEntropy.scores(
      outputs: objective.outputs(at: point), draws: 1, key: key)
    let head = Tensor(Array(point[network.layout.blocks[2].range]), shape: [36, 3])
    let headMultiplier = parameterization.multiplier(network.roles[2], fanIn: 36)
    let (kernel, bias) = (point[network.layout.blocks[0].range], point[network.layout.blocks[1].range])
    let weights = Array(kernel) + Array(bias)
    for example in 0..<count {
      for (place, row) in rows[example].enumerated() {
        let cotangent = (0..<3).map { unit -> Double in
          let sum = row.indices.reduce(0.0) { $0 + row[$1] * weights[$1 * 3 + unit] }
          let slope = 1 - tanh(sum) * tanh(sum)
          return slope
            * (0..<3).reduce(0.0) {
              $0 + headMultiplier * head[place * 3 + unit, $1] * scores[0].elements[example * 3 + $1]
            }
        }
        for a in 0..<3 {
          for b in 0..<3 { outputs[a * 3 + b] += cotangent[a] * cotangent[b] / Double(12 * count) }
        }
      }
    }
    #expect(largest(factors.outputs, outputs) < 1e-13)
  }

  @Test(
    "for a convolution that sees its whole input at once the product of the factors is its block of the Fisher matrix")
  func wholeWindow() throws {
    let network = try Network(
      inputShape: [2, 3, 2],
      layers: [
        Networks.Convolution(inputs: 2, outputs: 4, window: PlaneExtents(height: 2, width: 3), padding: 0),
        Activation.tanh,
        Flatten(), Dense(inputs: 4, outputs: 3),
      ])
    var generator = Key(seed: 3).generator()
    let objective = NetworkObjective<Double>(
      network, loss: .crossEntropy,
      examples: Examples(features: Tensor(generator.normals(12) as [Double], shape: [1, 12]), labels: [1], classes: 3))
    let point: [Double] = generator.normals(network.parameterCount)
    let fisher = dense(objective.sampledFisher(at: point, key: Key(seed: 4)))
    let block = objective.kroneckerBlocks[0]
    let factors = objective.kroneckerFactors(at: point, examples: nil, key: Key(seed: 4))[0]
    let places = Array(block.weight) + Array(block.bias ?? 0..<0)
    for (i, row) in places.enumerated() {
      for (j, column) in places.enumerated() {
        let product = factors.inputs[i / 4 * 13 + j / 4] * factors.outputs[i % 4 * 4 + j % 4]
        #expect(abs(product - fisher[row * objective.dimension + column]) < 1e-13)
      }
    }
  }

  @Test("grouped convolutions have none")
  func groups() throws {
    let network = try Network(
      inputShape: [3, 3, 4],
      layers: [Networks.Convolution(inputs: 4, outputs: 4, groups: 2), Flatten(), Dense(inputs: 36, outputs: 3)])
    let objective = NetworkObjective<Double>(
      network, loss: .crossEntropy,
      examples: Examples(features: Tensor<Double>(repeating: 1, shape: [1, 36]), labels: [1], classes: 3))
    #expect(objective.kroneckerBlocks.map(\.inputs) == [36])
  }
}

private func product(_ a: Int, _ b: Int, _ c: Int) -> [(Int, Int, Int)] {
  (0..<a).flatMap { i in (0..<b).flatMap { j in (0..<c).map { (i, j, $0) } } }
}
