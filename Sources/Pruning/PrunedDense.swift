import Components
import Differentiation
import Networks
import Tensors

/// A dense layer of which only some weights are left: y = x W + b.
///
/// Its parameters are the weights that are left, in the order of the whole matrix, and all biases. Weights and units that
/// nothing behind depends on are not computed with; their derivatives are zero. Below a density of `sparseBelow` the
/// products walk the nonzeros; above, the weights are put in their places in a matrix.
struct PrunedDense: Layer {
  /// Where a sparse product of batches of some 60 examples costs as much as a dense one (see the benchmark's notes).
  static let sparseBelow = 0.7

  let whole: Dense
  /// Live inputs by live units; its places are those among the weights that are left.
  let pattern: SparsityPattern
  /// The live units' places among the biases.
  let units: [Int]
  /// The places of the weights that are computed with in the matrix of live inputs and units.
  private let matrixPlaces: [Int]
  /// Their places among the weights that are left; `nil` for all of them in order.
  private let valuePlaces: [Int]?

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - kept: the weights that are left, as places in the matrix [inputs, outputs], ascending
  ///   - inputs: the inputs it is given, as places among all inputs, ascending
  ///   - units: the units it computes, as places among all units, ascending
  init(_ whole: Dense, kept: [Int], inputs: [Int], units: [Int]) {
    self.whole = whole
    self.units = units
    var rows = [Int](repeating: -1, count: whole.inputs)
    var columns = [Int](repeating: -1, count: whole.outputs)
    for (row, input) in inputs.enumerated() { rows[input] = row }
    for (column, unit) in units.enumerated() { columns[unit] = column }
    var nonzeros: [(row: Int, column: Int, place: Int)] = []
    for (place, element) in kept.enumerated() {
      let (row, column) = (rows[element / whole.outputs], columns[element % whole.outputs])
      if row >= 0 && column >= 0 { nonzeros.append((row, column, place)) }
    }
    pattern = SparsityPattern(rows: inputs.count, columns: units.count, valueCount: kept.count, nonzeros)
    matrixPlaces = nonzeros.map { $0.row * units.count + $0.column }
    valuePlaces = nonzeros.count == kept.count ? nil : nonzeros.map(\.place)
  }

  static var component: Component { Dense.component }

  var parameters: [Parameter] {
    [.weight(shape: [pattern.valueCount], fanIn: whole.inputs, fanOut: whole.outputs)]
      + (whole.hasBias ? [.bias(units: whole.outputs)] : [])
  }

  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    guard input.count == pattern.rows else {
      throw ShapeMismatch("a pruned layer of \(pattern.rows) live inputs can't take examples of shape \(input)")
    }
    return [units.count]
  }

  /// Whether products walk the nonzeros.
  var isSparse: Bool { Double(pattern.count) < Self.sparseBelow * Double(pattern.rows * pattern.columns) }

  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let rows = x.reshaped(to: [x.shape[0], pattern.rows])
    let bias = whole.hasBias ? parameters[1].selected(units) : nil
    let product: Symbol
    if isSparse {
      product = parameters[0].sparseProduct(rows, pattern)
    } else {
      let values = valuePlaces.map { parameters[0].selected($0) } ?? parameters[0]
      let matrix = values.placed(at: matrixPlaces, of: pattern.rows * pattern.columns)
      product = rows.matrixProduct(matrix.reshaped(to: [pattern.rows, pattern.columns]))
    }
    return bias.map { product + $0.broadcastRows(to: product.shape) } ?? product
  }
}

/// Any layer of which only some weights are left: they are put in their places among zeros.
struct MaskedLayer: Layer {
  let whole: any Layer
  /// For each parameter the places that are left, `nil` for all.
  let kept: [[Int]?]

  static var component: Component { Dense.component }
  var kind: String { whole.kind }
  var statistics: [(name: String, shape: Shape)] { whole.statistics }
  var dropsOut: Bool { whole.dropsOut }

  var parameters: [Parameter] {
    zip(whole.parameters, kept).map { parameter, kept in
      kept.map {
        .weight(parameter.name, shape: [$0.count], fanIn: parameter.fanIn, fanOut: parameter.fanOut)
      } ?? parameter
    }
  }

  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape { try whole.outputShape(for: input) }

  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let full = whole.parameters
    let placed = full.indices.map { index in
      kept[index].map { parameters[index].placed(at: $0, of: full[index].shape.count).reshaped(to: full[index].shape) }
        ?? parameters[index]
    }
    return whole(x, placed, in: pass)
  }
}
