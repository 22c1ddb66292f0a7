public import Tensors

/// The permutations of hidden units that leave a network's function as it is, whatever its parameters.
///
/// Units whose order is tied (those that a shortcut adds to each other) form one group; each group is permuted on its
/// own. A permutation is given as one array for each group: unit u of the result is unit `permutation[u]` of the source.
public struct UnitSymmetry: Sendable, Equatable {
  /// Where the units of a group stand in the parameter vector: element (o, u, i) of [outer, units, inner] from `offset`
  /// belongs to unit u.
  public struct Place: Sendable, Equatable {
    /// The number of the block.
    public let block: Int
    /// Where the block begins.
    public let offset: Int
    /// Elements of slower axes.
    public let outer: Int
    /// Elements of faster axes.
    public let inner: Int
    /// Whether the units are those that the block computes, and not those that it takes.
    public let isOutput: Bool
  }

  /// Units that are permuted together.
  public struct Group: Sendable, Equatable {
    /// The layer that first computes them, such as `dense1`.
    public let name: String
    /// How many there are.
    public let units: Int
    /// Where they stand, in the order of the layers.
    public let places: [Place]
  }

  /// The groups, in the order of the layers.
  public let groups: [Group]
  /// The number of parameters.
  public let dimension: Int

  /// A symmetry of vectors of `dimension` parameters.
  public init(groups: [Group], dimension: Int) {
    self.groups = groups
    self.dimension = dimension
  }

  /// The permutation that changes nothing.
  public var identity: [[Int]] { groups.map { Array(0..<$0.units) } }

  /// A permutation drawn uniformly.
  public func random(key: Key) -> [[Int]] {
    groups.enumerated().map { index, group in
      var generator = key.child(index).generator()
      return generator.permutation(group.units)
    }
  }

  /// The parameters with their units permuted. Cost: each permuted element is moved once or twice.
  public func permuted<S: Scalar>(_ parameters: [S], by permutations: [[Int]]) -> [S] {
    precondition(permutations.count == groups.count, "\(permutations.count) permutations of \(groups.count) groups")
    var result = parameters
    for (index, permutation) in permutations.enumerated() { permute(&result, group: index, by: permutation) }
    return result
  }

  /// The permutation that undoes another.
  public func inverse(of permutations: [[Int]]) -> [[Int]] {
    permutations.map { permutation in
      var inverse = permutation
      for (unit, source) in permutation.enumerated() { inverse[source] = unit }
      return inverse
    }
  }

  /// Permutes the units of one group.
  func permute<S: Scalar>(_ parameters: inout [S], group index: Int, by permutation: [Int]) {
    let group = groups[index]
    precondition(
      parameters.count == dimension && permutation.count == group.units,
      "\(parameters.count) parameters and a permutation of \(permutation.count) for \(dimension) and \(group.units)")
    for place in group.places {
      let end = place.offset + place.outer * group.units * place.inner
      let source = Array(parameters[place.offset..<end])
      for outer in 0..<place.outer {
        for (unit, origin) in permutation.enumerated() {
          let target = place.offset + (outer * group.units + unit) * place.inner
          let start = (outer * group.units + origin) * place.inner
          parameters.replaceSubrange(target..<target + place.inner, with: source[start..<start + place.inner])
        }
      }
    }
  }
}

extension Network {
  /// The permutations of its hidden units. Layers that treat units by their number (grouped convolutions, group
  /// normalization, recurrence, spectral normalization, shortcuts padded with zeros) hold those beside them in place.
  public var unitSymmetry: UnitSymmetry {
    var trace = UnitTrace()
    let output = body.traceUnits(nil, layout.blocks, in: &trace)
    trace.fix(output)
    return trace.symmetry(of: layout)
  }
}
