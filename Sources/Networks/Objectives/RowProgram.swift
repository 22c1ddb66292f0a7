import Differentiation
import Tensors

/// One forward pass and, for each row of an example, one backward pass over a chunk of a fixed number of examples, from
/// which the rows of the examples' Jacobians are composed.
final class RowProgram<S: Scalar> {
  /// Rows of an example: its outputs, or 1 for its loss.
  let rowsPerExample: Int
  private let count: Int
  private let groups: [RowTrace.Group]
  private let directionInput: Int
  private let direction: Memory<S>
  private let values: Pass
  private let cotangents: Pass
  /// For each group, the transposed Jacobian of its parts by the parameters; `nil` where it is not needed.
  private let pullbacks: [Pullback?]

  /// A plan that fills memory of its own, one piece for each symbol.
  private struct Pass {
    var memory: [Symbol: Memory<S>] = [:]
    var workspace: Workspace<S>?

    init(_ symbols: [Symbol], inputs: [Symbol], repeated: [Symbol]?) {
      let outputs = Array(Set(symbols)).sorted { $0.index < $1.index }
      guard !outputs.isEmpty else { return }
      let workspace = Workspace(Plan<S>(outputs: outputs, inputs: inputs, repeated: repeated))
      for (number, symbol) in outputs.enumerated() {
        let room = Memory<S>(count: symbol.shape.count)
        workspace.bind(output: number, to: room.pointer)
        memory[symbol] = room
      }
      self.workspace = workspace
    }

    var elementCount: Int {
      memory.values.reduce(0) { $0 + $1.count } + (workspace.map { $0.plan.keptCount + $0.plan.scratchCount } ?? 0)
    }
  }

  private struct Pullback {
    let workspace: Workspace<S>
    let parts: [Memory<S>]
  }

  /// The program; `nil` where a layer does not tell examples apart.
  init?(_ function: TracedFunction, _ target: RowTarget, count: Int) {
    let chunk = TracedChunk(function, count: count)
    let shape = (target == .outputs ? chunk.outputs : chunk.losses).shape
    let direction = chunk.graph.input("direction", shape: shape)
    guard let trace = RowTrace(chunk, target, direction: direction) else { return nil }
    groups = trace.groups
    self.count = count
    rowsPerExample = shape.count / count
    directionInput = chunk.inputs.count
    self.direction = Memory(count: shape.count)
    let uses = trace.groups.flatMap(\.parts).flatMap(\.uses)
    values = Pass(uses.compactMap(\.left), inputs: chunk.inputs, repeated: nil)
    cotangents = Pass(uses.map(\.right), inputs: chunk.inputs + [direction], repeated: [direction])
    pullbacks = trace.groups.map { group in
      if group.parts.count == 1 && group.parts[0].multiplier != nil { return nil }
      let inputs = group.parts.map { chunk.graph.input("part", shape: $0.shared.shape) }
      let pulled = chunk.graph.vjp(
        of: zip(group.parts, inputs).map { ($0.shared, $1) }, withRespectTo: [chunk.parameters])[0]
      let workspace = Workspace(
        Plan<S>(
          outputs: [pulled.slice(group.range.lowerBound, count: group.range.count)], inputs: chunk.inputs + inputs,
          repeated: inputs))
      return Pullback(workspace: workspace, parts: inputs.map { Memory(count: $0.shape.count) })
    }
  }

  /// Whether every layer sees one row of each example, as dense layers do and convolutions don't.
  var seesSingleRows: Bool { groups.flatMap(\.parts).flatMap(\.uses).allSatisfy { $0.positions == 1 } }

  /// The elements of a chunk's blocks.
  var storedCount: Int {
    groups.reduce(0) { sum, group in
      guard let use = group.product?.use else { return sum + count * rowsPerExample * group.range.count }
      return sum + count * (use.leftCount + rowsPerExample * use.rightCount)
    }
  }

  /// The elements of memory that a chunk takes, its blocks included.
  var elementCount: Int { values.elementCount + cotangents.elementCount + storedCount }

  /// The blocks of a chunk, which together hold all columns that are not zero.
  func blocks(_ inputs: ChunkInputs<S>) -> [RowBlock<S>] {
    if let workspace = values.workspace {
      inputs.bind(to: workspace)
      workspace.run()
    }
    guard let workspace = cotangents.workspace else { return [] }
    inputs.bind(to: workspace)
    workspace.bind(input: directionInput, to: direction.pointer)
    workspace.prepare()
    for pullback in pullbacks {
      guard let pullback else { continue }
      inputs.bind(to: pullback.workspace)
      for (number, part) in pullback.parts.enumerated() {
        pullback.workspace.bind(input: inputs.count + number, to: part.pointer)
      }
      pullback.workspace.prepare()
    }
    let blocks = groups.map(emptyBlock)
    for row in 0..<rowsPerExample {
      setUnits(row, of: rowsPerExample, count: count, in: direction.pointer)
      workspace.run()
      for (number, block) in blocks.enumerated() { fill(block, groups[number], pullbacks[number], row: row) }
    }
    return blocks
  }

  /// A group's block with what does not depend on the cotangent.
  private func emptyBlock(_ group: RowTrace.Group) -> RowBlock<S> {
    guard let (use, multiplier) = group.product, let left = use.left, let source = values.memory[left] else {
      return RowBlock(range: group.range, form: .columns(Memory(count: count * rowsPerExample * group.range.count)))
    }
    let scaled = Memory<S>(count: count * use.leftCount)
    S.axpy(scaled.count, S(multiplier), source.pointer, scaled.pointer)
    return RowBlock(
      range: group.range,
      form: .products(
        left: scaled, a: use.leftCount, right: Memory(count: count * rowsPerExample * use.rightCount), b: use.rightCount
      ))
  }

  /// Writes one row of each example.
  private func fill(_ block: RowBlock<S>, _ group: RowTrace.Group, _ pullback: Pullback?, row: Int) {
    switch block.form {
    case .products(_, _, let right, let b):
      guard let use = group.product?.use, let source = cotangents.memory[use.right] else { return }
      spread(count, b, times: 1, source.pointer, to: right.pointer + row * b, stride: rowsPerExample * b, adding: false)
    case .columns(let columns):
      let stride = rowsPerExample * group.range.count
      let first = columns.pointer + row * group.range.count
      guard let pullback else {
        write(group.parts[0], of: 0..<count, times: S(group.parts[0].multiplier ?? 1), to: first, stride: stride)
        return
      }
      for example in 0..<count {
        for (part, room) in zip(group.parts, pullback.parts) {
          write(part, of: example..<example + 1, times: 1, to: room.pointer, stride: 0)
        }
        pullback.workspace.bind(output: 0, to: first + example * stride)
        pullback.workspace.run()
      }
    }
  }

  /// Writes what each of some examples adds to the derivative by a shared tensor, over all uses, at a distance of `stride`.
  private func write(
    _ part: RowTrace.Part, of examples: Range<Int>, times factor: S, to target: UnsafeMutablePointer<S>, stride: Int
  ) {
    for (number, use) in part.uses.enumerated() {
      guard let right = cotangents.memory[use.right]?.pointer else { continue }
      let (p, g, a, b) = (use.positions, use.groups, use.leftCount, use.rightCount)
      guard let left = use.left.flatMap({ values.memory[$0]?.pointer }) else {
        spread(
          examples.count, b, times: factor, right + examples.lowerBound * b, to: target, stride: stride,
          adding: number > 0)
        continue
      }
      for (place, example) in examples.enumerated() {
        for group in 0..<g {
          let source = (example * g + group) * p
          S.matrixProduct(
            transposeA: true, transposeB: false, rows: a, columns: b, inner: p, alpha: factor, left + source * a,
            strideA: a, right + source * b, strideB: b, beta: number == 0 ? 0 : 1, target + place * stride + group * b,
            strideC: g * b)
        }
      }
    }
  }
}

/// Writes a 1 at place `unit` of each of `count` rows of `width` elements, and 0 elsewhere.
@specialized(where S == Float) @specialized(where S == Double)
private func setUnits<S: Scalar>(_ unit: Int, of width: Int, count: Int, in rows: UnsafeMutablePointer<S>) {
  for place in 0..<count * width { rows[place] = place % width == unit ? 1 : 0 }
}

/// Writes `count` rows of `width` elements, times a factor, at a distance of `stride`, or adds them to what stands there.
@specialized(where S == Float) @specialized(where S == Double)
private func spread<S: Scalar>(
  _ count: Int, _ width: Int, times factor: S, _ rows: UnsafePointer<S>, to target: UnsafeMutablePointer<S>,
  stride: Int, adding: Bool
) {
  for row in 0..<count {
    let (source, place) = (rows + row * width, target + row * stride)
    if adding {
      for index in 0..<width { place[index] += factor * source[index] }
    } else {
      for index in 0..<width { place[index] = factor * source[index] }
    }
  }
}
