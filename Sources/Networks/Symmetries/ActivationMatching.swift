import Differentiation
import Tensors

extension NetworkObjective {
  /// The permutation of the second point's units that makes them act like the first's on the examples: for each group the
  /// largest sum of correlations between paired units, by an exact assignment (Li et al. 2015, Ainsworth et al. 2023).
  ///
  /// A unit's activity is its weights' product with what they see, before bias and nonlinearity, over all examples and
  /// positions of an image; that of a unit which several layers add to counts once for each. A unit without variance
  /// correlates with none. A group whose weights are computed from others (weight normalization) stays in place.
  /// Cost: one pass over the examples for each point, and for each layer a product [n, units]' [n, units] in Float64.
  public func activationMatching(of symmetry: UnitSymmetry, _ first: [S], _ second: [S]) -> UnitMatching {
    let sites = productSites(of: symmetry)
    let moments = crossMoments(of: sites.map(\.block), first, second)
    let permutations = symmetry.groups.indices.map { group -> [Int] in
      let units = symmetry.groups[group].units
      var costs = [Double](repeating: 0, count: units * units)
      for (site, moment) in zip(sites, moments) where site.group == group { moment.subtractCorrelations(from: &costs) }
      return costs.allSatisfy(\.isFinite) ? leastCostAssignment(costs, count: units) : Array(0..<units)
    }
    return UnitMatching(permutations: permutations, sweeps: 1, isConverged: true)
  }

  /// The weights whose products compute the units of each group.
  private func productSites(of symmetry: UnitSymmetry) -> [(group: Int, block: Int)] {
    let chunk = TracedChunk(function, count: 2)
    let weights = network.weights(chunk.parameters)
    return symmetry.groups.enumerated().flatMap { index, group in
      group.places.filter { place in
        place.isOutput && chunk.pass.products.contains { $0.weight == weights[place.block] }
      }.map { (index, $0.block) }
    }
  }

  private func crossMoments(of blocks: [Int], _ first: [S], _ second: [S]) -> [CrossMoments] {
    if blocks.isEmpty { return [] }
    let plans = [first, second].map {
      chunkedPlan(.products(of: blocks), at: $0, over: examples, memoryBudget: 0)
    }
    let chunk = TracedChunk(function, count: 2)
    let products = chunk.products(of: blocks, in: network)
    var moments = products.map { CrossMoments(units: $0.shape[$0.shape.rank - 1]) }
    let largest = plans[0].chunks.map(\.count).max() ?? 0
    let results = plans.map { _ in products.map { Memory<S>(count: $0.shape.count / 2 * largest) } }
    for number in plans[0].chunks.indices {
      for (plan, memories) in zip(plans, results) {
        let workspace = plan.prepared(number)
        for (output, memory) in memories.enumerated() { workspace.bind(output: output, to: memory.pointer) }
        workspace.run()
      }
      for index in moments.indices {
        let count = products[index].shape.count / 2 * plans[0].chunks[number].count
        moments[index].add(results[0][index].pointer, results[1][index].pointer, count: count)
      }
    }
    return moments
  }
}

extension TracedChunk {
  /// The products with the weights of some blocks, [count, ..., units].
  func products(of blocks: [Int], in network: Network) -> [Symbol] {
    let weights = network.weights(parameters)
    return blocks.map { block in
      guard let product = pass.products.first(where: { $0.weight == weights[block] }) else {
        preconditionFailure("the block \(network.layout.blocks[block].name) is no weight of a product")
      }
      return product.output
    }
  }
}

/// Sums over rows of two matrices [rows, units], in Float64.
private struct CrossMoments {
  let units: Int
  private var rows = 0
  private var sums: [[Double]]
  private var squares: [[Double]]
  private var products: [Double]

  init(units: Int) {
    self.units = units
    sums = [[Double]](repeating: [Double](repeating: 0, count: units), count: 2)
    squares = sums
    products = [Double](repeating: 0, count: units * units)
  }

  mutating func add<S: Scalar>(_ first: UnsafePointer<S>, _ second: UnsafePointer<S>, count: Int) {
    let own = [first, second].map { start in (0..<count).map { Double(start[$0]) } }
    for (side, values) in own.enumerated() {
      for index in 0..<count {
        sums[side][index % units] += values[index]
        squares[side][index % units] += values[index] * values[index]
      }
    }
    Double.matrixProduct(
      transposeA: true, transposeB: false, rows: units, columns: units, inner: count / units, alpha: 1, own[0],
      strideA: units, own[1], strideB: units, beta: 1, &products, strideC: units)
    rows += count / units
  }

  /// Subtracts the correlations of all pairs, [units of the first, units of the second].
  func subtractCorrelations(from costs: inout [Double]) {
    let count = Double(rows)
    let deviations = (0..<2).map { side in
      (0..<units).map { unit -> Double in
        let mean = sums[side][unit] / count
        let variance = squares[side][unit] / count - mean * mean
        // Rounding leaves a constant unit with a variance of this order.
        return variance > 1e-12 * squares[side][unit] / count ? variance.squareRoot() : .infinity
      }
    }
    for i in 0..<units {
      for j in 0..<units {
        let covariance = products[i * units + j] / count - sums[0][i] / count * (sums[1][j] / count)
        costs[i * units + j] -= covariance / (deviations[0][i] * deviations[1][j])
      }
    }
  }
}
