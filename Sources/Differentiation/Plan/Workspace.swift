public import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Memory for plans, aligned to cache lines; one piece of scratch memory can serve several workspaces in turn.
///
/// From 4 MB on it lies in large pages where Linux has them to give, which saves the processor the look-up of many small.
public final class Memory<S: Scalar> {
  let base: UnsafeMutableRawPointer
  /// How many elements fit.
  public let count: Int

  /// Allocates memory for `count` elements, filled with zeros.
  public init(count: Int) {
    self.count = count
    let bytes = max(64, count * MemoryLayout<S>.stride)
    let isLarge = bytes >= 1 << 22
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? 1 << 21 : 64)
    #if canImport(Glibc)
      // A request only: where it is refused, pages are small.
      if isLarge { _ = madvise(base, bytes, MADV_HUGEPAGE) }
    #endif
    base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  /// Allocates memory that holds a copy of `elements`.
  public convenience init(_ elements: [S]) {
    self.init(count: elements.count)
    elements.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { pointer.update(from: start, count: source.count) }
    }
  }

  /// Its first element.
  public var pointer: UnsafeMutablePointer<S> { base.assumingMemoryBound(to: S.self) }

  deinit { base.deallocate() }
}

/// A place where a plan runs. It is used by one thread at a time.
public final class Workspace<S: Scalar> {
  /// The plan that runs here.
  public let plan: Plan<S>
  private let kept: Memory<S>
  private let scratch: Memory<S>
  private let slots: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let table: UnsafeMutablePointer<UnsafePointer<S>>

  /// Creates the memory for `plan`. `scratch` may be shared with workspaces that do not run at the same time.
  public init(_ plan: Plan<S>, sharing scratch: Memory<S>? = nil) {
    precondition(
      (scratch?.count ?? .max) >= plan.scratchCount,
      "scratch memory of \(scratch?.count ?? 0) elements for a plan that needs \(plan.scratchCount)")
    self.plan = plan
    kept = Memory(count: plan.keptCount)
    self.scratch = scratch ?? Memory(count: plan.scratchCount)
    slots = .allocate(capacity: plan.inputCount + plan.outputCount + 2)
    slots.initialize(repeating: nil, count: plan.inputCount + plan.outputCount + 2)
    slots[plan.inputCount + plan.outputCount] = kept.base
    slots[plan.inputCount + plan.outputCount + 1] = self.scratch.base
    let width = plan.instructions.map(\.operandCount).max() ?? 0
    table = .allocate(capacity: max(1, width))
  }

  deinit {
    slots.deallocate()
    table.deallocate()
  }

  /// Says where input `number` lies. The memory must stay there until the input is bound again.
  public func bind(input number: Int, to pointer: UnsafePointer<S>) {
    slots[number] = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(pointer))
  }

  /// Says where output `number` is to be written.
  public func bind(output number: Int, to pointer: UnsafeMutablePointer<S>) {
    slots[plan.inputCount + number] = UnsafeMutableRawPointer(pointer)
  }

  /// Computes what does not depend on the repeated inputs. Needed once after any other input has changed.
  public func prepare() { execute(0..<plan.keptInstructionCount) }

  /// Computes the outputs from the inputs as they are bound.
  public func run() { execute(plan.keptInstructionCount..<plan.instructions.count) }

  @specialized(where S == Float) @specialized(where S == Double)
  private func execute(_ range: Range<Int>) {
    let stride = MemoryLayout<S>.stride
    plan.operands.withUnsafeBufferPointer { operands in
      plan.instructions.withUnsafeBufferPointer { instructions in
        for index in range {
          let instruction = instructions[index]
          for operand in 0..<instruction.operandCount {
            table[operand] = UnsafePointer(address(operands[instruction.firstOperand + operand], stride))
          }
          instruction.kernel(table, address(instruction.output, stride))
        }
      }
    }
  }

  @inline(__always)
  private func address(_ place: Place, _ stride: Int) -> UnsafeMutablePointer<S> {
    guard let base = slots[place.slot] else {
      preconditionFailure("input or output \(place.slot) of a plan is not bound")
    }
    return (base + place.offset * stride).assumingMemoryBound(to: S.self)
  }

  /// Runs both stages on arrays, one for each input, and returns the outputs as tensors.
  public func evaluate(_ inputs: [[S]]) -> [Tensor<S>] {
    precondition(inputs.count == plan.inputCount, "\(inputs.count) arrays for \(plan.inputCount) inputs")
    for (array, shape) in zip(inputs, plan.inputShapes) {
      precondition(array.count == shape.count, "\(array.count) elements for an input of shape \(shape)")
    }
    let sources = inputs.map { array in
      let copy = UnsafeMutablePointer<S>.allocate(capacity: max(1, array.count))
      array.withUnsafeBufferPointer { if let base = $0.baseAddress { copy.initialize(from: base, count: array.count) } }
      return copy
    }
    let targets = plan.outputShapes.map { UnsafeMutablePointer<S>.allocate(capacity: max(1, $0.count)) }
    defer { (sources + targets).forEach { $0.deallocate() } }
    for (number, source) in sources.enumerated() { bind(input: number, to: source) }
    for (number, target) in targets.enumerated() { bind(output: number, to: target) }
    prepare()
    run()
    return zip(targets, plan.outputShapes).map { target, shape in
      Tensor(Array(UnsafeBufferPointer(start: target, count: shape.count)), shape: shape)
    }
  }
}
