import Tensors

/// A chain of elementwise primitives, perhaps with a sum at its end, run in one pass: block by block, with intermediate results in registers (pieces of
/// memory that stay in the first-level cache), so that only what enters and what leaves touches main memory.
struct ElementwiseChain {
  /// Elements in a block, at most. A register of Floats is then 8 KB.
  static let blockCount = 2048

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
    case sum(StatisticsLayout, Location)
  }

  private var once: [Step] = []
  private var steps: [Step] = []
  private(set) var registerCount = 0
  private let count: Int
  /// The elements of the result where the chain ends in a sum, which starts at zero.
  private var summed = 0

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
    count = schedule.extent(ofChain: root).count
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
      if let sum = schedule.primitive(member) as? Sum {
        guard let layout = StatisticsLayout(schedule.extent(ofChain: root), reducing: sum.axes) else {
          preconditionFailure("a chain that ends in a sum over axes \(sum.axes)")
        }
        steps.append(.sum(layout, operands[0]))
        summed = schedule.nodes[root].shape.count
        continue
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

  /// The pass as a kernel. Its inputs are the sources in order, then memory for the registers, then the output again.
  @specialized(where S == Float) @specialized(where S == Double)
  func kernel<S: Scalar>(_ type: S.Type, sourceCount: Int) -> Kernel<S> {
    let block = registerCount == 0 ? max(count, 1) : registerSize
    let frame = Frame(registerSlot: sourceCount, block: block)
    let once = once.reduce({ _, _, _ in }) { frame.pass($0, then: $1) } as Pass<S>
    let pass = steps.reduce({ _, _, _ in }) { frame.pass($0, then: $1) } as Pass<S>
    let (count, summed) = (count, summed)
    return { table, y in
      y.update(repeating: 0, count: summed)
      once(table, 0, min(block, count))
      var start = 0
      while start < count {
        let length = min(block, count - start)
        pass(table, start, length)
        start += length
      }
    }
  }

  /// Computes `count` elements from `start` on; `table` holds the kernel's inputs.
  ///
  /// A chain is one such function that calls the function of all steps but its last and then does the last. What a closure
  /// has captured stays alive as long as the closure does, so the calls need no reference counting, which a loop over an
  /// array of functions would do for every one.
  private typealias Pass<S> = (_ table: UnsafePointer<UnsafePointer<S>>, _ start: Int, _ count: Int) -> Void

  /// Where a step's operands lie in the kernel's inputs.
  private struct Frame {
    let registerSlot: Int
    let block: Int

    /// Element i of an operand is element `offset + (isRegister ? 0 : start) + i` of input number `slot`.
    struct Operand {
      let slot: Int
      let offset: Int
      let advance: Int

      @inline(__always)
      func address<S>(_ table: UnsafePointer<UnsafePointer<S>>, _ start: Int) -> UnsafePointer<S> {
        table[slot] + (offset + advance * start)
      }
    }

    func operand(_ location: Location) -> Operand {
      switch location {
      case .source(let index): Operand(slot: index, offset: 0, advance: 1)
      case .register(let index): Operand(slot: registerSlot, offset: index * block, advance: 0)
      case .output: Operand(slot: registerSlot + 1, offset: 0, advance: 1)
      }
    }

    @specialized(where S == Float) @specialized(where S == Double)
    func pass<S: Scalar>(_ earlier: @escaping Pass<S>, then step: Step) -> Pass<S> {
      switch step {
      case .fill(let value, let register):
        let number = S(value)
        let target = operand(.register(register))
        return { table, start, count in
          earlier(table, start, count)
          UnsafeMutablePointer(mutating: target.address(table, start)).update(repeating: number, count: count)
        }
      case .load(let pattern, let source, let register):
        let target = operand(.register(register))
        return { table, start, count in
          earlier(table, start, count)
          let y = UnsafeMutablePointer(mutating: target.address(table, start))
          broadcast(pattern, start..<start + count, table[source], y)
        }
      case .sum(let layout, let source):
        let (source, target) = (operand(source), operand(.output))
        return { table, start, count in
          earlier(table, start, count)
          addSums(
            layout, source.address(table, start), start, count, UnsafeMutablePointer(mutating: table[target.slot]))
        }
      case .apply(let primitive, let first, let second, let target):
        let (first, second, target) = (operand(first), operand(second), operand(target))
        return { table, start, count in
          earlier(table, start, count)
          primitive.evaluate(
            count, first.address(table, start), second.address(table, start),
            UnsafeMutablePointer(mutating: target.address(table, start)))
        }
      }
    }
  }
}

@specialized(where S == Float)
@specialized(where S == Double)
private func broadcast<S: Scalar>(
  _ pattern: BroadcastPattern, _ range: Range<Int>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>
) { pattern.fill(range, from: x, to: y) }

@specialized(where S == Float)
@specialized(where S == Double)
private func addSums<S: Scalar>(
  _ layout: StatisticsLayout, _ x: UnsafePointer<S>, _ start: Int, _ count: Int, _ y: UnsafeMutablePointer<S>
) { layout.add(x, start..<start + count, to: y) }
