import Components
import Differentiation
import Networks
import Tensors

/// A convolution of which only some weights are left: y = x * W + b over the channels that are live.
///
/// Its parameters are the weights that are left, in the order of the whole tensor, and all biases.
struct PrunedConvolution: Layer {
  let whole: Networks.Convolution
  let live: LiveUnits.Of
  private let weightCount: Int
  /// [kh, kw, live inputs, units that a weight leads to].
  private let shape: Shape
  private let tensorPlaces: [Int]
  private let valuePlaces: [Int]

  /// Creates the layer; `kept` are the weights that are left, as places in the whole tensor, ascending.
  init(_ whole: Networks.Convolution, kept: [Int], _ live: LiveUnits.Of) {
    self.whole = whole
    self.live = live
    weightCount = kept.count
    let reached = live.units.count - live.constantCount
    shape = whole.geometry.weightsShape(inputChannels: live.inputs.count, outputChannels: reached)
    var rows = [Int](repeating: -1, count: whole.inputs)
    var columns = [Int](repeating: -1, count: whole.outputs)
    for (row, input) in live.inputs.enumerated() { rows[input] = row }
    for (column, unit) in live.units.prefix(reached).enumerated() { columns[unit] = column }
    var (tensorPlaces, valuePlaces): ([Int], [Int]) = ([], [])
    for (place, element) in kept.enumerated() {
      let (input, unit) = (element / whole.outputs % whole.inputs, element % whole.outputs)
      let window = element / (whole.outputs * whole.inputs)
      if rows[input] >= 0 && columns[unit] >= 0 {
        tensorPlaces.append((window * live.inputs.count + rows[input]) * reached + columns[unit])
        valuePlaces.append(place)
      }
    }
    (self.tensorPlaces, self.valuePlaces) = (tensorPlaces, valuePlaces)
  }

  static var component: Component { Networks.Convolution.component }

  var parameters: [Parameter] {
    let full = whole.parameters
    return [.weight(shape: [weightCount], fanIn: full[0].fanIn, fanOut: full[0].fanOut)] + full.dropFirst()
  }

  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.rank == 3, input[2] == live.inputs.count else {
      throw ShapeMismatch("a pruned convolution of \(live.inputs.count) live channels can't take shape \(input)")
    }
    let plane = try whole.outputShape(for: [input[0], input[1], whole.inputs])
    return [plane[0], plane[1], live.units.count]
  }

  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let weights = parameters[0].selected(valuePlaces).placed(at: tensorPlaces, of: shape.count).reshaped(to: shape)
    let product = x.convolution(weights, whole.geometry)
      .padded(before: [0, 0, 0, 0], after: [0, 0, 0, live.constantCount])
    return whole.hasBias
      ? product + parameters[1].selected(live.units).broadcastRows(to: product.shape) : product
  }
}
