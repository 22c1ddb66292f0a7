public import Configuration
internal import Curvature
internal import Harness
public import Networks
internal import Storage
internal import Tensors

/// A block on the diagonal of a matrix over parameters.
public struct ParameterGroup: Equatable, Sendable {
  /// The layer's or the tensor's name, or "subset".
  public let name: String
  /// The places of its parameters, ascending.
  public let places: [Range<Int>]

  /// How many parameters it has.
  public var count: Int { places.reduce(0) { $0 + $1.count } }
}

/// The blocks that are asked for: each layer (all tensors whose names agree up to the last slash), or each tensor; and the
/// named tensors as one more. Throws when a name is not among the network's.
public func parameterGroups(_ layout: ParameterLayout, by choice: BlockChoice, subset: [String])
  throws(ConfigurationError) -> [ParameterGroup]
{
  var groups: [ParameterGroup] = []
  for block in layout.blocks where choice != .none {
    let layer = block.name.split(separator: "/").dropLast().joined(separator: "/")
    let name = choice == .layers && !layer.isEmpty ? layer : block.name
    if let place = groups.firstIndex(where: { $0.name == name }) {
      groups[place] = ParameterGroup(name: name, places: groups[place].places + [block.range])
    } else {
      groups.append(ParameterGroup(name: name, places: [block.range]))
    }
  }
  if let unknown = subset.first(where: { layout[$0] == nil }) {
    let known = layout.blocks.map(\.name).joined(separator: ", ")
    throw ConfigurationError(
      origin: nil, problem: .conflict("spectrum.subset names \(unknown), but the network's tensors are \(known)"))
  }
  let chosen = layout.blocks.filter { subset.contains($0.name) }
  if !chosen.isEmpty { groups.append(ParameterGroup(name: "subset", places: chosen.map(\.range))) }
  return groups
}

extension SpectrumMeasurement {
  /// The largest eigenvalues and the trace of a matrix's blocks; the smallest where it can be below zero.
  func measureBlocks(of matrix: MeasuredMatrix<Element>) throws -> Group {
    var (largest, smallest): ([[Double]], [Double]) = ([], [])
    var traces: [HutchinsonTrace] = []
    for (index, block) in blocks.enumerated() {
      let watched = WatchedOperator(
        matrix.block(block.places), expected: 4 * settings.blockLargest + settings.blockProbes,
        "block \(block.name) of \(matrix.title)", in: context)
      let ends = method.extremes(
        of: watched, largest: settings.blockLargest, smallest: matrix.isIndefinite ? 1 : 0,
        key: matrix.key("block", under: key).child(index))
      largest.append(ends.largest.map(\.value))
      smallest.append(ends.smallest.first?.value ?? .nan)
      traces.append(
        HutchinsonTrace(
          of: watched, probes: settings.blockProbes, key: matrix.key("block-trace", under: key).child(index)))
      try context.checkCancellation()
      context.progress(Double(index + 1) / Double(blocks.count), matrix.stage("blocks"))
    }
    var group = Group(
      dimensions: [
        Dimension("block", coordinates: blocks.map(\.name), longName: "parameters whose block it is"),
        Dimension(
          "eigenvalue", coordinates: Array(1...settings.blockLargest), longName: "place from the block's largest"),
      ],
      variables: [
        Variable("parameters", along: ["block"], values: blocks.map(\.count), longName: "parameters of the block"),
        Variable(
          "largest", along: ["block", "eigenvalue"], shape: [blocks.count, settings.blockLargest],
          values: padded(largest, to: settings.blockLargest), longName: "largest eigenvalues of the block, by Lanczos"),
        Variable("trace", along: ["block"], values: traces.map(\.mean), longName: "trace of the block"),
        Variable(
          "trace_standard_error", along: ["block"], values: traces.map(\.standardError),
          longName: "standard error of the trace"),
      ])
    if matrix.isIndefinite {
      group.variables.append(
        Variable("smallest", along: ["block"], values: smallest, longName: "smallest eigenvalue of the block"))
    }
    return group
  }
}
