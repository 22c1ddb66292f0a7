public import Tensors

/// A graph made ready to run: which passes, in which order, in which memory.
///
/// A plan is made once for the shapes at hand and run many times in a ``Workspace``; running it allocates nothing. With
/// `repeated` inputs it has two stages: what depends on none of them is computed by ``Workspace/prepare()`` and kept, the
/// rest by each ``Workspace/run()``. A Hessian-vector product at one point, for example, repeats only its direction.
public final class Plan<S: Scalar> {
  struct Instruction {
    let firstOperand: Int
    let operandCount: Int
    let output: Place
    let kernel: Kernel<S>
  }

  let instructions: [Instruction]
  let keptInstructionCount: Int
  let operands: [Place]
  let inputCount: Int
  let outputCount: Int
  /// The inputs' shapes, in the order in which they are bound.
  public let inputShapes: [Shape]
  /// The outputs' shapes.
  public let outputShapes: [Shape]
  /// The memory in elements that holds what the repeated stage reuses.
  public let keptCount: Int
  /// The memory in elements that is free again after each run.
  public let scratchCount: Int

  /// Plans the computation of `outputs` from `inputs`, which must include every input that the outputs depend on.
  ///
  /// - Parameter repeated: the inputs that change from run to run while the others stay; `nil` for a single stage. Every
  ///   output then depends on a repeated input.
  public init(outputs: [Symbol], inputs: [Symbol], repeated: [Symbol]? = nil, as type: S.Type = S.self) {
    precondition(!outputs.isEmpty, "a plan computes at least one output")
    let schedule = Schedule(outputs: outputs, repeated: repeated)
    let chains = schedule.units.map { unit -> ElementwiseChain? in
      guard case .chain(let root, let members) = unit else { return nil }
      return ElementwiseChain(root: root, members: members, schedule: schedule)
    }
    func shapes(_ nodes: [Int]) -> [Shape] { nodes.map { schedule.nodes[$0].shape } }
    let scratchCounts = zip(schedule.units, chains).map { unit, chain in
      if let chain { return chain.registerElements }
      guard case .primitive(let node) = unit, let primitive = schedule.primitive(node) else { return 0 }
      return primitive.scratchCount(S.self, shapes(schedule.nodes[node].inputs), schedule.nodes[node].shape)
    }
    let assignment = BufferAssignment(
      schedule: schedule, inputs: inputs, outputs: outputs, registerCounts: scratchCounts,
      alignment: 64 / MemoryLayout<S>.stride)

    var instructions: [Instruction] = []
    var operands: [Place] = []
    func emit(_ sources: [Place], to output: Place, _ kernel: @escaping Kernel<S>) {
      instructions.append(
        Instruction(firstOperand: operands.count, operandCount: sources.count, output: output, kernel: kernel))
      operands += sources
    }

    var keptInstructionCount = 0
    for (position, unit) in schedule.units.enumerated() {
      if position == schedule.keptUnitCount { keptInstructionCount = instructions.count }
      let target = assignment.place(of: unit.node)
      let shape = schedule.nodes[unit.node].shape
      switch unit {
      case .fill(let node):
        guard case .constant(let value) = schedule.nodes[node].operation else { continue }
        let (number, count) = (S(value), shape.count)
        emit([], to: target) { _, y in y.update(repeating: number, count: count) }
      case .primitive(let node):
        let inputs = schedule.nodes[node].inputs
        let places = inputs.map(assignment.place)
        guard let primitive = schedule.primitive(node) else { continue }
        if let assemble = primitive as? Assemble {
          let inPlace = zip(assemble.offsets, places).allSatisfy { offset, place in
            place == Place(slot: target.slot, offset: target.offset + offset)
          }
          if inPlace && assemble.gaps(lengths: shapes(inputs).map(\.count)).isEmpty { continue }
        }
        let scratch = assignment.registerPlace(of: position).map { [$0] } ?? []
        emit(places + scratch, to: target, primitive.kernel(S.self, shapes(inputs), shape))
      case .accumulate(_, let product, _):
        guard let primitive = schedule.primitive(product) as? MatrixProduct else { continue }
        let inputs = schedule.nodes[product].inputs
        emit(inputs.map(assignment.place), to: target, primitive.product(shapes(inputs), accumulate: true))
      case .chain(_, let members):
        guard let chain = chains[position] else { continue }
        let sources = ElementwiseChain.sources(members: members, schedule: schedule)
        let registers = assignment.registerPlace(of: position) ?? target
        emit(
          sources.map(assignment.place) + [registers, target], to: target,
          chain.kernel(S.self, sourceCount: sources.count))
      }
    }
    if schedule.keptUnitCount == schedule.units.count { keptInstructionCount = instructions.count }
    for (output, node) in assignment.copies {
      let count = schedule.nodes[node].shape.count
      emit([assignment.place(of: node)], to: Place(slot: inputs.count + output, offset: 0)) { inputs, y in
        y.update(from: inputs[0], count: count)
      }
    }

    self.instructions = instructions
    self.operands = operands
    self.keptInstructionCount = repeated == nil ? 0 : keptInstructionCount
    inputCount = inputs.count
    outputCount = outputs.count
    inputShapes = inputs.map(\.shape)
    outputShapes = outputs.map(\.shape)
    keptCount = assignment.keptCount
    scratchCount = assignment.scratchCount
  }
}
