import Tensors

/// A chain of elementwise primitives run in one pass: block by block, with intermediate results in registers (pieces of
/// memory that stay in the first-level cache), so that only what enters and what leaves touches main memory.
struct ElementwiseChain {
  /// Elements in a block, at most. A register of Floats is then 4 KB.
  static let blockCount = 1024

  /// Where a step reads or writes.
  enum Location {
    case source(Int)
    case register(Int)
    case output
  }

  private enum Step {
    case fill(Double, register: Int)
    case load(BroadcastPattern, source: Int, register: Int)
    case apply(any ElementwisePrimitive, Location, Location, to: Location)
  }

  private var once: [Step] = []
  private var steps: [Step] = []
  private(set) var registerCount = 0
  private let count: Int

  /// The elements of one register.
  private var registerSize: Int { min(ElementwiseChain.blockCount, (count + 15) / 16 * 16) }
  /// The elements of all registers.
  var registerElements: Int { registerCount * registerSize }

  /// The nodes outside the chain that it reads, each once, in a fixed order. A broadcast is read at its small source.
  static func sources(members: [Int], schedule: Schedule) -> [Int] {
    let inside = Set(members)
    var sources: [Int] = []
    for member in members {
      for input in schedule.nodes[member].inputs where !inside.contains(input) {
        if case .constant = schedule.nodes[input].operation { continue }
        let source = schedule.primitive(input) is Broadcast ? schedule.nodes[input].inputs[0] : input
        if case .constant = schedule.nodes[source].operation { continue }
        if !sources.contains(source) { sources.append(source) }
      }
    }
    return sources
  }

  init(root: Int, members: [Int], schedule: Schedule) {
    count = schedule.nodes[root].shape.count
    let sources = ElementwiseChain.sources(members: members, schedule: schedule)
    var locations = [Int: Location]()
    var lastUse = [Int: Int]()
    for member in members { for input in schedule.nodes[member].inputs { lastUse[input] = member } }
    var free: [Int] = []
    var held = [Int: Int]()

    for member in members {
      var operands: [Location] = []
      for input in schedule.nodes[member].inputs {
        if let known = locations[input] {
          operands.append(known)
          continue
        }
        let location: Location
        if case .constant(let value) = schedule.nodes[input].operation {
          location = .register(registerCount)
          once.append(.fill(value, register: registerCount))
          registerCount += 1
        } else if let broadcast = schedule.primitive(input) as? Broadcast {
          let source = sources.firstIndex(of: schedule.nodes[input].inputs[0])!
          if case .scalar = broadcast.pattern {
            location = .register(registerCount)
            once.append(.load(.scalar, source: source, register: registerCount))
            registerCount += 1
          } else if broadcast.pattern.isPeriodic(in: ElementwiseChain.blockCount, of: count) {
            location = .register(registerCount)
            once.append(.load(broadcast.pattern, source: source, register: registerCount))
            registerCount += 1
          } else {
            let register = free.popLast() ?? registerCount
            registerCount = max(registerCount, register + 1)
            held[input] = register
            location = .register(register)
            steps.append(.load(broadcast.pattern, source: source, register: register))
          }
        } else {
          location = .source(sources.firstIndex(of: input)!)
        }
        locations[input] = location
        operands.append(location)
      }
      let target: Location
      if member == root {
        target = .output
      } else {
        let register = free.popLast() ?? registerCount
        registerCount = max(registerCount, register + 1)
        held[member] = register
        target = .register(register)
      }
      locations[member] = target
      steps.append(
        .apply(schedule.primitive(member) as! any ElementwisePrimitive, operands[0], operands.last!, to: target))
      for input in Set(schedule.nodes[member].inputs) where lastUse[input] == member {
        if let register = held.removeValue(forKey: input) { free.append(register) }
      }
    }
  }

  /// The pass as a kernel. Its inputs are the sources in order and, last, memory for the registers.
  @specialized(where S == Float) @specialized(where S == Double)
  func kernel<S: Scalar>(_ type: S.Type, sourceCount: Int) -> Kernel<S> {
    let stride = MemoryLayout<S>.stride
    let block = registerCount == 0 ? max(count, 1) : registerSize
    let once = once.map { Program<S>.compile($0, block: block) }
    let steps = steps.map { Program<S>.compile($0, block: block) }
    let count = count
    return { inputs, output in
      let registers = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(inputs[sourceCount]))
      for step in once { step.run(inputs, registers, output, 0, min(block, count), stride) }
      var start = 0
      while start < count {
        let length = min(block, count - start)
        for step in steps { step.run(inputs, registers, output, start, length, stride) }
        start += length
      }
    }
  }

  /// Steps with their functions bound to a number type.
  private struct Program<S: Scalar> {
    typealias Function = (Int, UnsafePointer<S>, UnsafePointer<S>, UnsafeMutablePointer<S>) -> Void
    typealias Load = (Range<Int>, UnsafePointer<S>, UnsafeMutablePointer<S>) -> Void
    let apply: Function?
    let load: Load?
    let a: Operand
    let b: Operand
    let target: Operand

    /// A location in bytes: kind 0 a source, 1 a register, 2 the output.
    struct Operand {
      let kind: Int
      let index: Int
    }

    static func operand(_ location: Location, block: Int) -> Operand {
      switch location {
      case .source(let index): Operand(kind: 0, index: index)
      case .register(let index): Operand(kind: 1, index: index * block * MemoryLayout<S>.stride)
      case .output: Operand(kind: 2, index: 0)
      }
    }

    static func compile(_ step: Step, block: Int) -> Program {
      switch step {
      case .fill(let value, let register):
        let number = S(value)
        let target = operand(.register(register), block: block)
        return Program(
          apply: nil, load: { range, _, y in y.update(repeating: number, count: range.count) }, a: target, b: target,
          target: target)
      case .load(let pattern, let source, let register):
        let a = operand(.source(source), block: block)
        return Program(
          apply: nil, load: { range, x, y in broadcast(pattern, range, x, y) }, a: a, b: a,
          target: operand(.register(register), block: block))
      case .apply(let primitive, let first, let second, let target):
        return Program(
          apply: bind(primitive), load: nil, a: operand(first, block: block), b: operand(second, block: block),
          target: operand(target, block: block))
      }
    }

    private static func bind(_ primitive: some ElementwisePrimitive) -> Function {
      { count, a, b, y in primitive.evaluate(count, a, b, y) }
    }

    @inline(__always)
    func run(
      _ inputs: UnsafePointer<UnsafePointer<S>>, _ registers: UnsafeMutableRawPointer,
      _ output: UnsafeMutablePointer<S>,
      _ start: Int, _ count: Int, _ stride: Int
    ) {
      let y = address(target, inputs, registers, output, start, stride).assumingMemoryBound(to: S.self)
      if let apply {
        let first = UnsafeRawPointer(address(a, inputs, registers, output, start, stride))
        let second = UnsafeRawPointer(address(b, inputs, registers, output, start, stride))
        apply(count, first.assumingMemoryBound(to: S.self), second.assumingMemoryBound(to: S.self), y)
      } else if let load {
        let source = a.kind == 0 ? inputs[a.index] : UnsafePointer(y)
        load(start..<start + count, source, y)
      }
    }

    @inline(__always)
    private func address(
      _ operand: Operand, _ inputs: UnsafePointer<UnsafePointer<S>>, _ registers: UnsafeMutableRawPointer,
      _ output: UnsafeMutablePointer<S>, _ start: Int, _ stride: Int
    ) -> UnsafeMutableRawPointer {
      switch operand.kind {
      case 0: UnsafeMutableRawPointer(mutating: UnsafeRawPointer(inputs[operand.index])) + start * stride
      case 1: registers + operand.index
      default: UnsafeMutableRawPointer(output) + start * stride
      }
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func broadcast<S: Scalar>(
  _ pattern: BroadcastPattern, _ range: Range<Int>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
) { pattern.fill(range, from: x, to: y) }
