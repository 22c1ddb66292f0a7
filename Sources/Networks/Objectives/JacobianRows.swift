import Differentiation
import Tensors

/// The programs that compose rows of Jacobians for a network, made when first asked for.
final class RowPrograms<S: Scalar> {
  private struct Key: Hashable {
    let target: RowTarget
    let count: Int
  }

  private let function: TracedFunction
  /// Whether the network's layers tell examples apart.
  private(set) lazy var arePossible = RowTrace.isPossible(for: function)
  /// Whether gradients of losses are faster composed than by passes of one example, which in a network of convolutions
  /// stay in the caches and go through oneDNN.
  private(set) lazy var areFasterForLosses = program(.losses, count: 2)?.seesSingleRows ?? false
  private var programs: [Key: RowProgram<S>] = [:]
  private var footprints: [RowTarget: ChunkFootprint] = [:]

  init(_ function: TracedFunction) { self.function = function }

  /// The program for chunks of `count` examples; `nil` where examples can't be told apart.
  func program(_ target: RowTarget, count: Int) -> RowProgram<S>? {
    guard arePossible else { return nil }
    let key = Key(target: target, count: count)
    if let known = programs[key] { return known }
    programs[key] = RowProgram(function, target, count: count)
    return programs[key]
  }

  /// What a chunk takes in memory, its blocks included.
  func footprint(_ target: RowTarget) -> ChunkFootprint {
    if let known = footprints[target] { return known }
    let made = ChunkFootprint(of: S.self) { RowProgram<S>(function, target, count: $0)?.elementCount ?? 0 }
    footprints[target] = made
    return made
  }
}

/// The rows of the Jacobian of some examples' outputs, or their losses, by the parameters at one point.
///
/// They are composed layer by layer from passes over whole chunks where the network's layers allow it, and otherwise
/// computed one by one, each among its batch where examples are coupled.
final class JacobianRows<S: Scalar> {
  /// Rows of an example: its outputs, or 1 for its loss.
  let rowsPerExample: Int
  /// The number of examples.
  let exampleCount: Int
  private let dimension: Int
  private let target: RowTarget
  private let examples: Examples<S>
  private let programs: RowPrograms<S>
  private let isComposed: Bool
  private let memoryBudget: Int
  private let givenChunkSize: Int?
  private let point: Memory<S>
  private let weight = Memory<S>([1])
  private let moments: Memory<S>?
  private let makeSingle: () -> ChunkedPlan<S>
  private lazy var single = makeSingle()

  init(_ objective: NetworkObjective<S>, _ target: RowTarget, of examples: Examples<S>, at point: [S]) {
    objective.check(point)
    self.target = target
    self.examples = examples
    rowsPerExample = target == .outputs ? objective.network.outputShape.count : 1
    exampleCount = examples.count
    dimension = objective.dimension
    programs = objective.rowPrograms
    isComposed = objective.composesRows && (target == .outputs || programs.areFasterForLosses)
    memoryBudget = objective.memoryBudget
    givenChunkSize = objective.givenChunkSize
    self.point = Memory(point)
    moments = objective.givenMoments.map { Memory($0) }
    makeSingle = {
      objective.chunkedPlan(
        target == .outputs ? .outputCotangents : .lossCotangents, at: point, over: examples,
        chunkSize: objective.couplesExamples ? nil : 1, memoryBudget: 0)
    }
  }

  /// Examples whose blocks are made at once so that they take half of the budget at most, at least 1.
  var chunkSize: Int {
    let row = rowsPerExample * dimension * MemoryLayout<S>.stride
    guard isComposed else { return max(1, memoryBudget / 2 / max(1, row)) }
    return givenChunkSize ?? programs.footprint(target).chunkSize(within: memoryBudget)
  }

  /// Bytes that the blocks of an example take once they are made.
  var storedBytesPerExample: Int {
    let program = isComposed ? programs.program(target, count: 2) : nil
    return (program.map { $0.storedCount / 2 } ?? rowsPerExample * dimension) * MemoryLayout<S>.stride
  }

  /// A range of examples in parts as equal as can be and not larger than `size`.
  static func parts(of range: Range<Int>, size: Int) -> [Range<Int>] {
    let number = (range.count + size - 1) / size
    return (0..<number).map {
      range.lowerBound + $0 * range.count / number..<range.lowerBound + ($0 + 1) * range.count / number
    }
  }

  /// The columns of the rows of some examples, block by block; what no block holds is zero.
  func blocks(of chosen: Range<Int>) -> [RowBlock<S>] {
    if isComposed, let program = programs.program(target, count: chosen.count) {
      return program.blocks(
        ChunkInputs(
          point: point.pointer, features: examples.features + chosen.lowerBound * examples.featureCount,
          targets: examples.targets + chosen.lowerBound * examples.targetCount, weight: weight.pointer,
          moments: moments.map { UnsafePointer($0.pointer) }))
    }
    let rows = Memory<S>(count: chosen.count * rowsPerExample * dimension)
    single.writeRows(of: chosen, width: rowsPerExample, length: dimension, to: rows.pointer)
    return [RowBlock(range: 0..<dimension, form: .columns(rows))]
  }

  /// Writes the rows of some examples, [examples, rows of each, parameters].
  func write(_ chosen: Range<Int>, into rows: inout Tensor<S>) {
    let length = rowsPerExample * dimension
    precondition(rows.elements.count == chosen.count * length, "\(chosen.count) rows of \(length) into \(rows.shape)")
    rows.elements.withUnsafeMutableBufferPointer { rows in
      guard let start = rows.baseAddress else { return }
      if !isComposed { return single.writeRows(of: chosen, width: rowsPerExample, length: dimension, to: start) }
      for part in Self.parts(of: chosen, size: chunkSize) {
        let target = start + (part.lowerBound - chosen.lowerBound) * length
        let blocks = blocks(of: part)
        if blocks.reduce(0, { $0 + $1.range.count }) < dimension { clear(target, count: part.count * length) }
        for block in blocks {
          block.write(count: part.count, rowsPerExample: rowsPerExample, to: target, stride: dimension)
        }
      }
    }
  }

  /// The rows of some examples, [examples, rows of each, parameters].
  func rows(of chosen: Range<Int>) -> Tensor<S> {
    var rows = Tensor<S>(repeating: 0, shape: [chosen.count, rowsPerExample, dimension])
    write(chosen, into: &rows)
    return rows
  }
}

/// Writes zeros.
@specialized(where S == Float) @specialized(where S == Double)
func clear<S: Scalar>(_ numbers: UnsafeMutablePointer<S>, count: Int) { numbers.update(repeating: 0, count: count) }

extension ChunkedPlan {
  /// The result, of `length` elements, for each unit cotangent of some examples, which have `width` cotangents each.
  fileprivate func writeRows(of chosen: Range<Int>, width: Int, length: Int, to rows: UnsafeMutablePointer<S>) {
    var unit = [S](repeating: 0, count: (chunks.map(\.count).max() ?? 0) * width)
    unit.withUnsafeMutableBufferPointer { unit in
      for (number, chunk) in chunks.enumerated() where chunk.overlaps(chosen) {
        let workspace = prepared(number)
        workspace.bind(input: directionInput, to: unit.baseAddress!)
        for place in 0..<chunk.clamped(to: chosen).count * width {
          let example = max(chunk.lowerBound, chosen.lowerBound)
          let cotangent = (example - chunk.lowerBound) * width + place
          unit[cotangent] = 1
          workspace.bind(output: 0, to: rows + ((example - chosen.lowerBound) * width + place) * length)
          workspace.run()
          unit[cotangent] = 0
        }
      }
    }
  }
}
