import Differentiation
public import Tensors

/// Points between two others whose hidden units are as active as between the two they should be (REPAIR; Jordan, Sedghi,
/// Saukh, Entezari & Neyshabur 2023, arXiv:2211.08403).
///
/// Where weights are averaged, what units give is averaged over features that agree in part, and its variance falls from
/// layer to layer. With m(p) and s(p) the mean and the deviation over the examples (and positions of an image) of a unit's
/// activity before its nonlinearity, w x + b, a point at t is repaired layer after layer, by
///
///     w' = r w,  b' = m - r E[w x],  m = (1 - t) m(first) + t m(second),  r = ((1 - t) s(first) + t s(second)) / s
///
/// where s is what the layers before, already repaired, leave. A unit without variance keeps its weights. Outputs are left
/// alone.
public struct ActivationRepair<S: Scalar> {
  /// A hidden product and the bias that is added to it.
  private struct Site {
    let weight: ParameterLayout.Block
    let block: Int
    let bias: ParameterLayout.Block
    let biasMultiplier: Double
  }

  private let objective: NetworkObjective<S>
  private let sites: [Site]
  private let first: [UnitMoments]
  private let second: [UnitMoments]

  /// Takes the moments at two points, on an objective's examples; `nil` for a network that can't be repaired by its
  /// parameters: one whose moments over batches are computed anew at every point, or with a hidden layer that has no bias,
  /// computes its weights from others or uses them more than once. Cost: two passes over the examples.
  public init?(on objective: NetworkObjective<S>, between first: [S], and second: [S]) {
    guard objective.network.statisticsCount == 0, let sites = Self.sites(of: objective) else { return nil }
    self.objective = objective
    self.sites = sites
    func moments(at point: [S]) -> [UnitMoments] {
      let products = objective.productMoments(of: sites.map(\.block), at: point)
      return zip(sites, products).map { site, moments in
        var moments = moments
        for unit in moments.means.indices {
          moments.means[unit] += site.biasMultiplier * Double(point[site.bias.offset + unit])
        }
        return moments
      }
    }
    self.first = moments(at: first)
    self.second = moments(at: second)
  }

  /// The point, repaired for a place `t` in 0...1 between the two. Cost: for each hidden layer a pass through the layers up
  /// to it.
  public func repaired(_ point: [S], at t: Double) -> [S] {
    var point = point
    for (index, site) in sites.enumerated() {
      let present = objective.productMoments(of: [site.block], at: point)[0]
      let units = present.means.count
      var ratios = [Double](repeating: 1, count: units)
      for unit in 0..<units {
        let deviation = (1 - t) * first[index].deviations[unit] + t * second[index].deviations[unit]
        if present.deviations[unit] > 0 { ratios[unit] = deviation / present.deviations[unit] }
        let mean = (1 - t) * first[index].means[unit] + t * second[index].means[unit]
        point[site.bias.offset + unit] = S((mean - ratios[unit] * present.means[unit]) / site.biasMultiplier)
      }
      for place in site.weight.range { point[place] *= S(ratios[(place - site.weight.offset) % units]) }
    }
    return point
  }

  /// The hidden layers, first to last; `nil` if one of them can't be repaired.
  private static func sites(of objective: NetworkObjective<S>) -> [Site]? {
    let network = objective.network
    let chunk = TracedChunk(objective.function, count: 2)
    let weights = network.weights(chunk.parameters)
    var sites: [Site] = []
    for product in chunk.pass.products {
      guard let block = weights.firstIndex(where: { $0 == product.weight }),
        chunk.pass.products.count(where: { $0.weight == product.weight }) == 1
      else { return nil }
      if network.roles[block] == .output { continue }
      let weight = network.layout.blocks[block]
      let name = (weight.name.split(separator: "/").dropLast() + ["bias"]).joined(separator: "/")
      guard let bias = network.layout.blocks.firstIndex(where: { $0.name == name }) else { return nil }
      sites.append(
        Site(
          weight: weight, block: block, bias: network.layout.blocks[bias],
          biasMultiplier: network.parameterization.multiplier(
            network.roles[bias], fanIn: network.parameters[bias].fanIn)))
    }
    // Weights whose product is not noted, as recurrent ones, have a part in what units give as well.
    let hidden = network.roles.count { $0.isWeight && $0 != .output }
    return sites.isEmpty || sites.count < hidden ? nil : sites
  }
}

/// Means and standard deviations of a product's units over examples and positions.
struct UnitMoments {
  var means: [Double]
  var deviations: [Double]
}

extension NetworkObjective {
  /// The moments of the products with the weights of some blocks, before bias and nonlinearity, over all examples. Cost: a
  /// pass through the layers up to the last of them.
  func productMoments(of blocks: [Int], at point: [S]) -> [UnitMoments] {
    let plan = chunkedPlan(.products(of: blocks), at: point, over: examples, memoryBudget: 0)
    let products = TracedChunk(function, count: 2).products(of: blocks, in: network)
    let largest = plan.chunks.map(\.count).max() ?? 0
    let results = products.map { Memory<S>(count: $0.shape.count / 2 * largest) }
    var sums = products.map { UnitSums<S>(units: $0.shape[$0.shape.rank - 1]) }
    PassWatch.forEach(plan.chunks.count) { number in
      let workspace = plan.prepared(number)
      for (output, memory) in results.enumerated() { workspace.bind(output: output, to: memory.pointer) }
      workspace.run()
      for index in sums.indices {
        sums[index].add(results[index].pointer, count: products[index].shape.count / 2 * plan.chunks[number].count)
      }
    }
    return sums.map(\.moments)
  }
}

/// Sums over rows of a matrix [rows, units], in Float64, of the distance from its first row, so that a large mean takes no
/// digits from the variance.
private struct UnitSums<S: Scalar> {
  private var rows = 0
  private var origin: [Double] = []
  private var sums: [Double]
  private var squares: [Double]

  init(units: Int) {
    sums = [Double](repeating: 0, count: units)
    squares = sums
  }

  @specialized(where S == Float) @specialized(where S == Double)
  mutating func add(_ values: UnsafePointer<S>, count: Int) {
    if origin.isEmpty { origin = sums.indices.map { Double(values[$0]) } }
    var unit = 0
    for place in 0..<count {
      let distance = Double(values[place]) - origin[unit]
      sums[unit] += distance
      squares[unit] += distance * distance
      unit = unit + 1 == sums.count ? 0 : unit + 1
    }
    rows += count / sums.count
  }

  var moments: UnitMoments {
    let count = Double(rows)
    return UnitMoments(
      means: sums.indices.map { origin[$0] + sums[$0] / count },
      deviations: sums.indices.map { unit in
        let mean = sums[unit] / count
        let variance = squares[unit] / count - mean * mean
        // Rounding leaves a constant unit with a variance of this order.
        return variance > 1e-12 * (origin[unit] + mean) * (origin[unit] + mean) ? variance.squareRoot() : 0
      })
  }
}
