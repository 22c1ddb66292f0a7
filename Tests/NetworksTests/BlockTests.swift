import Differentiation
import Networks
import Tensors
import Testing

@Suite("Blocks of curvature matrices")
struct BlockTests {
  /// Rows and columns of a matrix.
  private func part(_ matrix: [Double], order: Int, _ places: [Range<Int>]) -> [Double] {
    let chosen = places.flatMap { Array($0) }
    return chosen.flatMap { row in chosen.map { matrix[row * order + $0] } }
  }

  @Test(
    "of any parameters are the whole matrix's rows and columns, penalty included", arguments: OperatorCase.losses,
    [nil, 4])
  func blocks(loss: Loss, chunkSize: Int?) {
    let own = OperatorCase(loss: loss, count: 9, widths: [3, 4, 3, 2])
    let order = own.point.count
    let objective = own.objective(
      chunkSize: chunkSize, penalty: L2Penalty(0.3, of: own.network.layout) { !$0.name.hasSuffix("bias") })
    let tensors = own.network.layout.blocks.map(\.range)
    // Each tensor, two layers apart, two layers together, and stretches that cut tensors.
    let choices =
      tensors.map { [$0] } + [[tensors[0], tensors[5]], [tensors[2].lowerBound..<order], [2..<7, 15..<21]]
    let (hessian, gaussNewton) = (dense(objective.hessian(at: own.point)), dense(objective.gaussNewton(at: own.point)))
    let empirical = dense(objective.empiricalFisher(at: own.point))
    for places in choices {
      let pairs: [(any LinearOperator<Double>, [Double])] = [
        (objective.hessian(at: own.point, of: places), hessian),
        (objective.gaussNewton(at: own.point, of: places), gaussNewton),
        (objective.empiricalFisher(at: own.point, of: places), empirical),
      ]
      for (block, whole) in pairs {
        #expect(block.dimension == places.reduce(0) { $0 + $1.count })
        let expected = part(whole, order: order, places)
        #expect(largest(dense(block), expected) < 1e-13 * (1 + expected.norm), "\(places)")
      }
      guard loss.hasLikelihood else { continue }
      let fisher = part(dense(objective.fisher(at: own.point)), order: order, places)
      #expect(largest(dense(objective.fisher(at: own.point, of: places)), fisher) < 1e-13)
    }
  }

  @Test("of convolutions and normalized layers agree with the whole operator's restriction")
  func architectures() throws {
    var design = NetworkDesign(.resNet, width: 2, depth: 8, activation: .tanh)
    design.normalization = .group
    design.groups = 2
    let network = try design.network(for: [6, 5, 2], outputs: 3)
    let objective = NetworkObjective<Double>(
      network, loss: .crossEntropy,
      examples: Examples(
        features: Tensor(wave(5 * 60, 0.7, 0.2), shape: [5, 60]), labels: [0, 2, 1, 1, 0], classes: 3))
    let point = wave(objective.dimension, 1.7, 0.3, amplitude: 0.4)
    let whole = objective.hessian(at: point)
    for name in ["stem/convolution1/weight", "stage2/block1/normalization1/scale", "head/dense1/weight"] {
      let places = [try #require(network.layout[name]).range]
      let direction = probe(places[0].count, seed: 4)
      var embedded = [Double](repeating: 0, count: objective.dimension)
      embedded.replaceSubrange(places[0], with: direction)
      let expected = Array(product(whole, embedded)[places[0]])
      #expect(relativeDistance(product(objective.hessian(at: point, of: places), direction), expected) < 1e-12)
    }
  }
}
