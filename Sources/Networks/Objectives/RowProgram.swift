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
      for example in 0..<count {
        for place in 0..<rowsPerExample { direction.pointer[example * rowsPerExample + place] = place == row ? 1 : 0 }
      }
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
      for example in 0..<count {
        (right.pointer + (example * rowsPerExample + row) * b).update(from: source.pointer + example * b, count: b)
      }
    case .columns(let columns):
      for example in 0..<count {
        let target = columns.pointer + (example * rowsPerExample + row) * group.range.count
        guard let pullback else {
          write(group.parts[0], of: example, times: S(group.parts[0].multiplier ?? 1), to: target)
          continue
        }
        for (part, room) in zip(group.parts, pullback.parts) { write(part, of: example, times: 1, to: room.pointer) }
        pullback.workspace.bind(output: 0, to: target)
        pullback.workspace.run()
      }
    }
  }

  /// Writes what an example adds to the derivative by a shared tensor, over all uses.
  private func write(
    _ part: RowTrace.Part, of example: Int, times factor: S, to target: UnsafeMutablePointer<S>
  ) {
    for (number, use) in part.uses.enumerated() {
      guard let right = cotangents.memory[use.right] else { continue }
      let (p, g, a, b) = (use.positions, use.groups, use.leftCount, use.rightCount)
      guard let left = use.left.flatMap({ values.memory[$0] }) else {
        if number == 0 { target.update(repeating: 0, count: b) }
        S.axpy(b, factor, right.pointer + example * b, target)
        continue
      }
      for group in example * g..<(example + 1) * g {
        S.matrixProduct(
          transposeA: true, transposeB: false, rows: a, columns: b, inner: p, alpha: factor,
          left.pointer + group * p * a, strideA: a, right.pointer + group * p * b, strideB: b,
          beta: number == 0 ? 0 : 1, target + group % g * b, strideC: g * b)
      }
    }
  }
}
