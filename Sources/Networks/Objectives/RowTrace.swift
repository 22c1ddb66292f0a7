import Differentiation
import Tensors

/// What rows of a Jacobian belong to: an example's outputs or its loss.
enum RowTarget: Hashable {
  case outputs
  case losses
}

/// How each example's derivatives by the parameters are composed, layer by layer, from what one forward and one backward
/// pass over a chunk gives.
struct RowTrace {
  /// A tensor that the examples share, as a function of the parameters, with all its uses.
  struct Part {
    let shared: Symbol
    var uses: [RowFactors]
    /// What it is times, where it is nothing but a stretch of the parameters; otherwise `nil`.
    let multiplier: Double?
    /// The parameters that it depends on lie within these.
    let range: Range<Int>
  }

  /// Parts that depend on overlapping stretches of the parameters.
  struct Group {
    var range: Range<Int>
    var parts: [Part]

    /// The only use of a weight as it is, which multiplies one row of each example.
    var product: (use: RowFactors, multiplier: Double)? {
      guard parts.count == 1, parts[0].uses.count == 1, let multiplier = parts[0].multiplier else { return nil }
      let use = parts[0].uses[0]
      return use.left != nil && use.groups == 1 && use.positions == 1 ? (use, multiplier) : nil
    }
  }

  let groups: [Group]

  /// The trace for cotangents `direction` of the target; `nil` where a layer does not tell examples apart.
  init?(_ chunk: TracedChunk, _ target: RowTarget, direction: Symbol) {
    let output = target == .outputs ? chunk.outputs : chunk.losses
    guard let found = chunk.graph.sharedUses(of: chunk.parameters, rows: Array(chunk.inputs[1...2]), in: output),
      found.allSatisfy({ $0.result.shape.dimensions.first == output.shape[0] })
    else { return nil }
    let cotangents = chunk.graph.vjp(of: [(output, direction)], withRespectTo: found.map(\.result))
    var parts: [Part] = []
    for (use, cotangent) in zip(found, cotangents) where cotangent.constantValue != 0 {
      guard let factors = use.factors(cotangent) else { return nil }
      if let place = parts.firstIndex(where: { $0.shared == use.shared }) {
        parts[place].uses.append(factors)
      } else {
        parts.append(Part(use.shared, factors, of: chunk.parameters))
      }
    }
    var groups: [Group] = []
    for part in parts.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      if let last = groups.last, part.range.lowerBound < last.range.upperBound {
        let end = max(last.range.upperBound, part.range.upperBound)
        groups[groups.count - 1].range = last.range.lowerBound..<end
        groups[groups.count - 1].parts.append(part)
      } else {
        groups.append(Group(range: part.range, parts: [part]))
      }
    }
    self.groups = groups
  }

  /// Whether a network's examples can be told apart layer by layer: for so many examples that no other extent is equal.
  static func isPossible(for function: TracedFunction) -> Bool {
    let chunk = TracedChunk(function, count: 1_000_003)
    return RowTrace(chunk, .outputs, direction: chunk.graph.input("direction", shape: chunk.outputs.shape)) != nil
  }
}

extension RowTrace.Part {
  fileprivate init(_ shared: Symbol, _ use: RowFactors, of parameters: Symbol) {
    self.shared = shared
    uses = [use]
    var symbol = shared
    var multiplier = 1.0
    while true {
      if let scale = symbol.primitive(Scale.self) {
        multiplier *= scale.factor
      } else if symbol.primitive(Reshape.self) == nil {
        break
      }
      symbol = symbol.inputs[0]
    }
    if symbol == parameters {
      (self.multiplier, range) = (multiplier, 0..<parameters.shape.count)
    } else if let slice = symbol.primitive(Slice.self), symbol.inputs[0] == parameters {
      (self.multiplier, range) = (multiplier, slice.offset..<slice.offset + slice.count)
    } else {
      (self.multiplier, range) = (nil, Self.range(of: parameters, in: shared))
    }
  }

  /// The stretch of the parameters that holds all that a symbol is computed from.
  private static func range(of parameters: Symbol, in symbol: Symbol) -> Range<Int> {
    var (seen, open): (Set<Symbol>, [Symbol]) = ([symbol], [symbol])
    var (lower, upper) = (parameters.shape.count, 0)
    while let next = open.popLast() {
      for input in next.inputs {
        if input == parameters {
          let slice = next.primitive(Slice.self)
          lower = min(lower, slice?.offset ?? 0)
          upper = max(upper, slice.map { $0.offset + $0.count } ?? parameters.shape.count)
        } else if seen.insert(input).inserted {
          open.append(input)
        }
      }
    }
    return lower..<upper
  }
}
