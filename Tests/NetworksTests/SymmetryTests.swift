import Networks
import Tensors
import Testing

@Suite("Permutations of hidden units")
struct SymmetryTests {
  struct Sample: Sendable, CustomStringConvertible {
    let design: NetworkDesign
    let input: Shape
    let groups: [Int]
    var description: String { "\(design.architecture.rawValue), \(design.normalization.rawValue)" }
  }

  private static func sample(
    _ architecture: Architecture, _ input: Shape, _ groups: [Int], hidden: [Int] = [64, 64], width: Int? = nil,
    depth: Int? = nil, change: (inout NetworkDesign) -> Void = { _ in }
  ) -> Sample {
    var design = NetworkDesign(architecture, hidden: hidden, width: width, depth: depth, activation: .tanh)
    change(&design)
    return Sample(design: design, input: input, groups: groups)
  }

  static let samples = [
    sample(.perceptron, [5], [7, 4, 6], hidden: [7, 4, 6]),
    sample(.perceptron, [3, 3], [5, 4], hidden: [5, 4]) { $0.normalization = .batch },
    sample(.perceptron, [5], [8, 4], hidden: [8, 4]) { $0.normalization = .layer },
    sample(.perceptron, [5], [6, 5], hidden: [6, 5]) { $0.weightNormalization = .weight },
    sample(.perceptron, [5], [6, 5], hidden: [6, 5]) { $0.parameterization = .neuralTangent },
    sample(.deepLinear, [5], [3, 4], hidden: [3, 4]),
    sample(.leNet5, [14, 14], [3, 8, 60, 42], width: 3),
    sample(.conv, [8, 8, 2], [5, 5, 20, 20], width: 5, depth: 2),
    sample(.vggSmall, [8, 8], [3, 3, 6, 6], width: 3, depth: 4) { $0.normalization = .batch },
    sample(.vggSmall, [8, 8], [4, 4, 8, 8], width: 4, depth: 4) { $0.normalization = .switchable },
    // The stem and the first stage are tied; the projections tie each later stage; one group more within each block.
    sample(.resNet, [8, 8], [3, 3, 6, 6, 12, 12], width: 3, depth: 8) { $0.shortcut = .projection },
    // Zeros behind the channels hold all stages in place.
    sample(.resNet, [8, 8], [3, 6, 12], width: 3, depth: 8),
  ]

  private func objective<S: Scalar>(_ sample: Sample, as type: S.Type = S.self) throws -> NetworkObjective<S> {
    let network = try sample.design.network(for: sample.input, outputs: 3)
    var generator = Key(seed: 3).child("features").generator()
    let features: [S] = generator.normals(24 * sample.input.count)
    return NetworkObjective(
      network, loss: .crossEntropy,
      examples: Examples(
        features: Tensor(features, shape: Shape([24] + sample.input.dimensions)),
        labels: (0..<24).map { $0 * 5 % 3 }, classes: 3), moments: .ofBatches(24))
  }

  private func point<S: Scalar>(_ network: Network, _ name: String) -> [S] {
    var generator = Key(seed: 8).child(name).generator()
    return generator.normals(network.parameterCount).map { S(0.5) * $0 }
  }

  @Test(
    "an architecture's groups are its hidden layers, and permuting them leaves its outputs alone", arguments: samples)
  func invariance(sample: Sample) throws {
    let objective: NetworkObjective<Double> = try objective(sample)
    let symmetry = objective.network.unitSymmetry
    #expect(symmetry.groups.map(\.units) == sample.groups)
    let own: [Double] = point(objective.network, "own")
    let permutation = symmetry.random(key: Key(seed: 5))
    #expect(permutation != symmetry.identity)
    let moved = symmetry.permuted(own, by: permutation)
    #expect(own.sorted() == moved.sorted() && own != moved)
    let differences = zip(objective.outputs(at: own).elements, objective.outputs(at: moved).elements).map {
      abs($0 - $1)
    }
    #expect((differences.max() ?? .nan) < 1e-11)
    #expect(symmetry.permuted(moved, by: symmetry.inverse(of: permutation)) == own)
  }

  @Test("layers that know their units by number hold them in place")
  func heldInPlace() throws {
    #expect(try NetworkDesign(.elman, width: 4).network(for: [5, 2], outputs: 3).unitSymmetry.groups.isEmpty)
    var design = NetworkDesign(.perceptron, hidden: [8, 6])
    design.weightNormalization = .spectral
    #expect(try design.network(for: [5], outputs: 3).unitSymmetry.groups.isEmpty)
    design.weightNormalization = .none
    design.normalization = .group
    design.groups = 2
    #expect(try design.network(for: [5], outputs: 3).unitSymmetry.groups.isEmpty)
  }

  @Test("weight matching undoes an exact permutation exactly", arguments: samples)
  func undoneByWeights(sample: Sample) throws {
    let network = try sample.design.network(for: sample.input, outputs: 3)
    let symmetry = network.unitSymmetry
    for seed in 0..<3 {
      let own: [Float] = point(network, "weights\(seed)")
      let moved = symmetry.permuted(own, by: symmetry.random(key: Key(seed: UInt64(seed))))
      let matching = symmetry.weightMatching(own, moved, key: Key(seed: 1))
      #expect(symmetry.permuted(moved, by: matching.permutations) == own)
      #expect(matching.isConverged)
    }
  }

  @Test("activation matching undoes an exact permutation exactly", arguments: samples)
  func undoneByActivations(sample: Sample) throws {
    let objective: NetworkObjective<Float> = try objective(sample)
    let symmetry = objective.network.unitSymmetry
    let own: [Float] = point(objective.network, "activations")
    let moved = symmetry.permuted(own, by: symmetry.random(key: Key(seed: 2)))
    let matching = objective.activationMatching(of: symmetry, own, moved)
    // Weights that are computed from others are no product's own; their groups stay where they are.
    let isUndone = symmetry.permuted(moved, by: matching.permutations) == own
    #expect(isUndone == (sample.design.weightNormalization == .none))
  }

  @Test("matching noisy copies finds the permutation, and the similarity never falls")
  func noisyCopies() throws {
    let network = try NetworkDesign(.perceptron, hidden: [31, 17]).network(for: [9], outputs: 4)
    let symmetry = network.unitSymmetry
    let own: [Double] = point(network, "own")
    var noisy = own
    noisy.add(0.2, times: point(network, "noise"))
    let permutation = symmetry.random(key: Key(seed: 6))
    let moved = symmetry.permuted(noisy, by: permutation)
    let matching = symmetry.weightMatching(own, moved, key: Key(seed: 0))
    #expect(matching.permutations == symmetry.inverse(of: permutation))
    let stranger: [Double] = point(network, "stranger")
    let best = symmetry.weightMatching(own, stranger, key: Key(seed: 0))
    #expect(own.dot(symmetry.permuted(stranger, by: best.permutations)) > own.dot(stranger))
    let again = symmetry.weightMatching(own, stranger, key: Key(seed: 9), from: best.permutations)
    #expect(again.permutations == best.permutations && again.sweeps == 1)
  }

  @Test(
    "the straight-through estimator finds a lower midpoint than weight matching")
  func straightThrough() throws {
    let sample = Self.samples[0]
    let objective: NetworkObjective<Double> = try objective(sample)
    let symmetry = objective.network.unitSymmetry
    let own: [Double] = point(objective.network, "own")
    func match(_ other: [Double]) -> UnitMatching {
      symmetry.straightThroughMatching(
        own, other, on: objective, steps: 60, learningRate: 0.5, key: Key(seed: 4)
      ) { step in ArraySlice((0..<8).map { (step * 7 + 5 * $0) % 24 }) }
    }
    let stranger: [Double] = point(objective.network, "stranger")
    func midway(_ matching: UnitMatching) -> Double {
      let other = symmetry.permuted(stranger, by: matching.permutations)
      return objective.value(at: zip(own, other).map { ($0 + $1) / 2 })
    }
    let plain = symmetry.weightMatching(own, stranger, key: Key(seed: 4).child("start"))
    let learned = match(stranger)
    #expect(midway(learned) < midway(plain))
  }

  @Test("parameters that are no numbers leave units where they are")
  func notFinite() throws {
    let network = try NetworkDesign(.perceptron, hidden: [4]).network(for: [3], outputs: 2)
    let own: [Float] = point(network, "own")
    var broken = own
    broken[2] = .nan
    #expect(network.unitSymmetry.weightMatching(own, broken, key: Key(seed: 0)).permutations == [[0, 1, 2, 3]])
  }
}

@Suite("Linear assignment")
struct AssignmentTests {
  private func permutations(_ count: Int) -> [[Int]] {
    count == 0
      ? [[]]
      : permutations(count - 1).flatMap { shorter in
        (0..<count).map { place in
          var longer = shorter
          longer.insert(count - 1, at: place)
          return longer
        }
      }
  }

  @Test("the assignment is the cheapest of all permutations", arguments: [0, 1, 2, 3, 5, 6])
  func bruteForce(count: Int) {
    for seed in 0..<20 {
      var generator = Key(seed: UInt64(seed)).child(count).generator()
      // Whole numbers give ties, negative ones are allowed.
      let costs = (0..<count * count).map { _ in
        seed < 10 ? generator.normal() : Double(generator.integer(below: 4) - 2)
      }
      func total(_ columns: [Int]) -> Double { columns.enumerated().reduce(0) { $0 + costs[$1.0 * count + $1.1] } }
      let found = leastCostAssignment(costs, count: count)
      #expect(found.sorted() == Array(0..<count))
      let least = permutations(count).map(total).min() ?? 0
      #expect(abs(total(found) - least) < 1e-12)
    }
  }

  @Test("a hidden cheap permutation among 200 is found")
  func planted() {
    var generator = Key(seed: 2).generator()
    let hidden = generator.permutation(200)
    var costs = (0..<40_000).map { _ in generator.uniform() }
    for (row, column) in hidden.enumerated() { costs[row * 200 + column] = -1 - generator.uniform() }
    #expect(leastCostAssignment(costs, count: 200) == hidden)
  }
}
