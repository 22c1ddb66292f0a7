public import Tensors

/// An operation on tensors with all that is known about it: its shape, its evaluation and its two derivative rules.
///
/// Rules emit graph nodes, so a derivative can be differentiated again. Piecewise linear operations have derivative 0
/// where they have none (ReLU at 0), and second derivative 0.
///
/// Adding one: conform a type, give it a smart constructor on ``Symbol`` and name a sample of it in the test catalogue.
public protocol Primitive: Hashable, Sendable {
  /// The shape of the result; a precondition names both shapes where the inputs don't fit.
  func shape(of inputs: [Shape]) -> Shape

  /// What has to be added to the cotangent of each input, `nil` where the result does not depend on it smoothly.
  ///
  /// - Parameters:
  ///   - x: the inputs
  ///   - y: the result
  ///   - cotangent: the derivative of some scalar by `y`, of y's shape
  func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?]

  /// The derivative of the result along `tangents` (`nil` is zero); `nil` where it vanishes identically.
  func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol?

  /// The code that computes the result from the inputs, prepared once for these shapes.
  func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S>

  /// The elements of scratch memory that the kernel is given behind its inputs; 0 unless a primitive says otherwise.
  func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int
}

extension Primitive {
  /// No scratch memory.
  public func scratchCount<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Int { 0 }
}

/// A prepared computation: reads each input's buffer, writes the whole output. It allocates nothing.
///
/// Where its primitive asks for scratch memory, that lies behind the last input and may be written.
public typealias Kernel<S> = (_ inputs: UnsafePointer<UnsafePointer<S>>, _ output: UnsafeMutablePointer<S>) -> Void

/// A primitive that works element by element on inputs of one shape, so that chains of them can run in one pass.
public protocol ElementwisePrimitive: Primitive {
  /// The number of inputs, 1 or 2.
  static var inputCount: Int { get }

  /// Computes `count` elements; `second` is the first again for unary primitives. `y` overlaps neither input.
  func evaluate<S: Scalar>(
    _ count: Int, _ first: UnsafePointer<S>, _ second: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>)
}

extension ElementwisePrimitive {
  /// The common shape of all inputs.
  public func shape(of inputs: [Shape]) -> Shape {
    precondition(inputs.count == Self.inputCount, "\(Self.self) takes \(Self.inputCount) inputs, not \(inputs.count)")
    precondition(inputs.allSatisfy { $0 == inputs[0] }, "\(Self.self) of different shapes: \(inputs)")
    return inputs[0]
  }

  /// The whole array in one call.
  public func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let count = output.count
    let last = Self.inputCount - 1
    return { [self] inputs, y in evaluate(count, inputs[0], inputs[last], y) }
  }
}
