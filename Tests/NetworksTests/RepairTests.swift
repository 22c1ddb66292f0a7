import Foundation
import Networks
import Tensors
import Testing

@Suite("Moments of units, repaired")
struct RepairTests {
  struct Sample: Sendable, CustomStringConvertible {
    let design: NetworkDesign
    let input: Shape
    var description: String { "\(design.architecture.rawValue) \(design.parameterization)" }
  }

  private static func sample(
    _ architecture: Architecture, _ input: Shape, hidden: [Int] = [7, 4, 6], width: Int? = nil, depth: Int? = nil,
    _ change: (inout NetworkDesign) -> Void = { _ in }
  ) -> Sample {
    var design = NetworkDesign(architecture, hidden: hidden, width: width, depth: depth, activation: .tanh)
    change(&design)
    return Sample(design: design, input: input)
  }

  static let samples = [
    sample(.perceptron, [5]), sample(.perceptron, [5]) { $0.parameterization = .neuralTangent },
    sample(.leNet5, [14, 14], width: 3), sample(.conv, [8, 8, 2], width: 5, depth: 2),
  ]

  private static let examples = 24

  private func objective(_ sample: Sample) throws -> NetworkObjective<Double> {
    var generator = Key(seed: 3).child("features").generator()
    let features: [Double] = generator.normals(Self.examples * sample.input.count)
    return NetworkObjective(
      try sample.design.network(for: sample.input, outputs: 3), loss: .crossEntropy,
      examples: Examples(
        features: Tensor(features, shape: Shape([Self.examples] + sample.input.dimensions)),
        labels: (0..<Self.examples).map { $0 * 5 % 3 }, classes: 3), moments: .ofBatches(Self.examples))
  }

  private func point(_ network: Network, _ name: String) -> [Double] {
    var generator = Key(seed: 8).child(name).generator()
    return generator.normals(network.parameterCount).map { 0.2 * $0 }
  }

  /// Mean and deviation of what enters each tanh, unit by unit, by what comes out of it.
  private func moments(_ objective: NetworkObjective<Double>, at point: [Double]) -> [[(Double, Double)]] {
    let hidden = HiddenActivations(of: objective.network, on: objective.examples).values(at: point).dropLast()
    let units = objective.network.layout.blocks.filter { $0.name.hasSuffix("bias") }.map(\.range.count)
    return zip(hidden, units).map { layer, units in
      (0..<units).map { unit in
        let values = stride(from: unit, to: layer.elements.count, by: units).map { atanh(layer.elements[$0]) }
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (mean, square.squareRoot())
      }
    }
  }

  @Test(
    "lie between those of the two ends, in every hidden layer, and outputs' own parameters stay", arguments: samples)
  func interpolated(sample: Sample) throws {
    let objective = try objective(sample)
    let network = objective.network
    let (first, second) = (point(network, "first"), point(network, "second"))
    let repair = try #require(ActivationRepair(on: objective, between: first, and: second))
    let (a, b) = (moments(objective, at: first), moments(objective, at: second))
    for t in [0.0, 0.3, 1] {
      let between = zip(first, second).map { (1 - t) * $0 + t * $1 }
      let repaired = repair.repaired(between, at: t)
      for (layer, units) in moments(objective, at: repaired).enumerated() {
        for (unit, (mean, deviation)) in units.enumerated() {
          #expect(abs(mean - ((1 - t) * a[layer][unit].0 + t * b[layer][unit].0)) < 1e-9)
          #expect(abs(deviation - ((1 - t) * a[layer][unit].1 + t * b[layer][unit].1)) < 1e-9)
        }
      }
      let change = zip(between, repaired).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect((change < 1e-9) == (t != 0.3))
      let output = network.layout.blocks.suffix(2).map(\.range)
      #expect(output.allSatisfy { between[$0] == repaired[$0] })
    }
  }

  @Test("half way between two unrelated inputs a unit has half of the variance, and gets it back")
  func collapsed() throws {
    let network = try NetworkDesign(.perceptron, hidden: [1], activation: .relu).network(for: [2], outputs: 2)
    let objective = NetworkObjective<Double>(
      network, loss: .crossEntropy,
      examples: Examples(
        features: Tensor([1, 1, 1, -1, -1, 1, -1, -1], shape: [4, 2]), labels: [0, 1, 0, 1], classes: 2))
    // Both weights, the bias, and what follows.
    let (first, second) = ([1.0, 0, 0.5, 2, 3, 4, 5], [0, 1.0, 0.1, 2, 3, 4, 5])
    let repair = try #require(ActivationRepair(on: objective, between: first, and: second))
    let root = 0.5.squareRoot()
    let repaired = repair.repaired([0.5, 0.5, 0.3, 2, 3, 4, 5], at: 0.5)
    #expect(zip(repaired, [root, root, 0.3, 2, 3, 4, 5]).allSatisfy { abs($0 - $1) < 1e-12 })
    // A unit that has lost all of it has nothing to scale, and is set to the mean.
    #expect(repair.repaired([0, 0, 9, 2, 3, 4, 5], at: 0.25) == [0, 0, 0.4, 2, 3, 4, 5])
  }

  @Test("are left to networks that compute them anew, and to those without biases or weights of their own")
  func refused() throws {
    func isRepaired(_ sample: Sample) throws -> Bool {
      let objective = try objective(sample)
      return ActivationRepair(
        on: objective, between: point(objective.network, "first"), and: point(objective.network, "second")) != nil
    }
    #expect(try isRepaired(Self.sample(.resNet, [8, 8], width: 3, depth: 8) { $0.normalization = .none }))
    #expect(try !isRepaired(Self.sample(.perceptron, [5]) { $0.normalization = .batch }))
    #expect(try !isRepaired(Self.sample(.perceptron, [5]) { $0.weightNormalization = .weight }))
    #expect(try !isRepaired(Self.sample(.deepLinear, [5])))
    #expect(try !isRepaired(Self.sample(.elman, [5, 2], width: 4)))
  }
}
