import Differentiation
import Networks
import Tensors

/// For each layer of a network the inputs and units (features, channels) on which an output depends.
struct LiveUnits {
  /// What one layer is given and what it computes, as places along the last axis of what the whole layer takes and gives.
  struct Of {
    /// What it is given, in this order; of a dense layer all features, of a convolution channels.
    var inputs: [Int]
    /// What it computes, in this order.
    var units: [Int]
    /// How many of the last units no weight leads to: they are their bias.
    var constantCount = 0
  }

  /// One for each layer of the sequence, `nil` for those that take and give everything or do as the one before.
  private(set) var layers: [Of?]

  /// Goes through the layers from the last to the first to find what is needed, then back to see in what order it comes.
  init(_ network: Network, _ mask: Mask) {
    let chain = Chain(network, mask)
    // `nil`: all of them, in their order.
    var needed = [[Int]?](repeating: nil, count: chain.layers.count + 1)
    for index in chain.layers.indices.reversed() { needed[index] = chain.needed(by: index, for: needed[index + 1]) }
    layers = []
    var order = Array(0..<chain.channels(before: 0))
    for index in chain.layers.indices {
      let own = chain.units(of: index, given: order, needed: needed[index + 1])
      layers.append(own)
      order = own?.units ?? chain.passed(order, through: index)
    }
  }

  /// How many hidden units no output depends on.
  static func disconnectedCount(_ network: Network, _ mask: Mask) -> Int {
    let chain = Chain(network, mask)
    var count = 0
    // `nil`: all of them.
    var needed: [Int]?
    for index in chain.layers.indices.reversed() {
      if let needed, let width = chain.width(of: index) { count += width - needed.count }
      needed = chain.needed(by: index, for: needed, keepingOne: false)
    }
    return count
  }
}

/// A network's layers with the shapes between them.
private struct Chain {
  let layers: [any Layer]
  private let mask: Mask
  private var shapes: [Shape]
  private var offsets: [Int] = []

  init(_ network: Network, _ mask: Mask) {
    layers = network.body.elements.map(\.layer)
    self.mask = mask
    shapes = [network.inputShape]
    var block = 0
    for layer in layers {
      do { shapes.append(try layer.outputShape(for: shapes[shapes.count - 1])) } catch {
        preconditionFailure("a network's layers don't fit together: \(error)")
      }
      offsets.append(layer.parameters.isEmpty ? 0 : network.layout.blocks[block].offset)
      block += layer.parameters.count
    }
  }

  func channels(before index: Int) -> Int { shapes[index].dimensions.last ?? 1 }

  /// The channels before a layer that those behind it depend on, ascending; one at least, so that no tensor is empty, unless
  /// said otherwise.
  func needed(by index: Int, for units: [Int]?, keepingOne: Bool = true) -> [Int]? {
    let channels = channels(before: index)
    func orFirst(_ found: some Sequence<Int>) -> [Int] {
      let found = Set(found).sorted()
      return found.isEmpty && keepingOne ? [0] : found
    }
    switch layers[index] {
    case let dense as Dense:
      let units = units ?? Array(0..<dense.outputs)
      return orFirst((0..<dense.inputs).filter { leads(index, from: $0, to: units) }.map { $0 % channels })
    case let convolution as Networks.Convolution where convolution.geometry.groups == 1:
      let units = units ?? Array(0..<convolution.outputs)
      return orFirst((0..<channels).filter { leads(index, from: $0, to: units) })
    case is Flatten: return units.map { orFirst($0.map { $0 % channels }) }
    case is Activation, is Pooling, is GlobalPooling: return units
    default: return nil
    }
  }

  /// Whether a weight of a layer is left between an input and one of the units.
  private func leads(_ index: Int, from input: Int, to units: [Int]) -> Bool {
    let (inputs, outputs, windows) = weights(of: index)
    return (0..<windows).contains { window in
      let row = offsets[index] + (window * inputs + input) * outputs
      return units.contains { mask.isKept[row + $0] }
    }
  }

  private func weights(of index: Int) -> (inputs: Int, outputs: Int, windows: Int) {
    switch layers[index] {
    case let dense as Dense: (dense.inputs, dense.outputs, 1)
    case let layer as Networks.Convolution:
      (layer.inputs, layer.outputs, layer.parameters[0].shape.count / (layer.inputs * layer.outputs))
    case let layer: preconditionFailure("\(layer.kind) has no inputs and units")
    }
  }

  /// The units of a layer that has weights from all of its inputs.
  func width(of index: Int) -> Int? {
    switch layers[index] {
    case let dense as Dense: dense.outputs
    case let convolution as Networks.Convolution where convolution.geometry.groups == 1: convolution.outputs
    default: nil
    }
  }

  func units(of index: Int, given order: [Int], needed: [Int]?) -> LiveUnits.Of? {
    switch layers[index] {
    case let dense as Dense:
      return LiveUnits.Of(inputs: spread(order, before: index), units: needed ?? Array(0..<dense.outputs))
    case let convolution as Networks.Convolution where convolution.geometry.groups == 1:
      guard let needed else { return LiveUnits.Of(inputs: order, units: Array(0..<convolution.outputs)) }
      var reached = needed.filter { unit in order.contains { leads(index, from: $0, to: [unit]) } }
      if reached.isEmpty { reached = [needed[0]] }
      let constant = needed.filter { !reached.contains($0) }
      return LiveUnits.Of(inputs: order, units: reached + constant, constantCount: constant.count)
    default: return nil
    }
  }

  /// What comes out of a layer without units of its own.
  func passed(_ order: [Int], through index: Int) -> [Int] {
    switch layers[index] {
    case is Flatten: spread(order, before: index)
    case is Activation, is Pooling, is GlobalPooling: order
    default: Array(0..<channels(before: index + 1))
    }
  }

  /// The features of these channels at all places of an image, in the order of memory.
  private func spread(_ order: [Int], before index: Int) -> [Int] {
    let channels = channels(before: index)
    return (0..<shapes[index].count / max(1, channels)).flatMap { place in order.map { place * channels + $0 } }
  }
}
