import Components
import Differentiation
import Networks
import Tensors
import Testing

/// y = x^2 with a wrong derivative rule at some order.
private struct WrongSquare: Primitive {
  let wrongOrder: Int
  func shape(of inputs: [Shape]) -> Shape { inputs[0] }
  func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] {
    [(wrongOrder == 1 ? 1.9 : 2) * cotangent * (wrongOrder == 2 ? held(x[0]) : x[0])]
  }
  func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { tangents[0].map { 2 * $0 * x[0] } }
  func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let count = output.count
    // The third order of wrongness: numbers that only Float32 gets wrong.
    let factor: S = wrongOrder == 3 && S.self == Float.self ? 1.01 : 1
    return { inputs, y in
      for index in 0..<count { y[index] = factor * inputs[0][index] * inputs[0][index] }
    }
  }
  private func held(_ x: Symbol) -> Symbol { x.graph.apply(Held(), to: [x]) }
}

/// y = x, without a derivative.
private struct Held: Primitive {
  func shape(of inputs: [Shape]) -> Shape { inputs[0] }
  func vjp(_ x: [Symbol], _ y: Symbol, _ cotangent: Symbol) -> [Symbol?] { [nil] }
  func jvp(_ x: [Symbol], _ y: Symbol, _ tangents: [Symbol?]) -> Symbol? { nil }
  func kernel<S: Scalar>(_ type: S.Type, _ inputs: [Shape], _ output: Shape) -> Kernel<S> {
    let count = output.count
    return { inputs, y in y.update(from: inputs[0], count: count) }
  }
}

/// A layer that is wrong in one way.
private struct Broken: Layer {
  enum Fault: CaseIterable { case gradient, curvature, precision, shape, start, refusal, names }
  let fault: Fault?

  static var component: Component { Component(.layer, "broken", "y = x^2 + a") }
  var parameters: [Parameter] {
    [.bias("a", units: 4)] + (fault == .names ? [.bias("a", units: 4)] : [])
  }
  func outputShape(for input: Shape) throws(ShapeMismatch) -> Shape {
    if fault != .refusal && input != [4] { throw ShapeMismatch("four numbers are taken, not \(input)") }
    return fault == .shape ? [5] : [4]
  }
  func initialValues(_ draw: (Parameter) -> [Double]) -> [[Double]] {
    fault == .start ? [[0]] : parameters.map(draw)
  }
  func callAsFunction(_ x: Symbol, _ parameters: [Symbol], in pass: ForwardPass) -> Symbol {
    let order: [Fault: Int] = [.gradient: 1, .curvature: 2, .precision: 3]
    let square = x.graph.apply(WrongSquare(wrongOrder: fault.flatMap { order[$0] } ?? 0), to: [x])
    return square + parameters[0].broadcastRows(to: x.shape)
  }
}

@Suite("The checks of components")
struct BrokenComponentTests {
  @Test("find nothing in a layer that is whole")
  func whole() { #expect(problems(of: Broken(fault: nil), input: [4], refusing: [5]) == []) }

  @Test("find the fault of a broken layer", arguments: Broken.Fault.allCases)
  private func layers(_ fault: Broken.Fault) {
    let expected: [Broken.Fault: String] = [
      .gradient: "its gradient is not its slope", .curvature: "its Hessian-vector product is not the gradient's slope",
      .precision: "Float32 does not agree with Float64", .shape: "it says [5] and gives [3, 4]",
      .start: "its first values don't fill its parameters", .refusal: "it takes examples of shape [5]",
      .names: "two of its parameters share a name",
    ]
    #expect(problems(of: Broken(fault: fault), input: [4], refusing: [5]).contains(expected[fault]!))
  }

  @Test("find a law with another variance, without a key, or of the wrong size")
  func laws() {
    let law = Initialization(.kaimingNormal)
    func draw(_ parameter: Parameter, _ key: Key) -> [Double] {
      law.values(of: parameter, isOutput: false, branches: 0, key: key)
    }
    #expect(
      problems(ofLaw: { draw($0, $1).map { 1.1 * $0 } }, variance: law.variance, isRandom: true)
        .allSatisfy { $0.hasPrefix("the mean square") })
    #expect(problems(ofLaw: { draw($0, $1).map { 1.1 * $0 } }, variance: law.variance, isRandom: true).count == 2)
    #expect(
      problems(ofLaw: { parameter, _ in draw(parameter, Key(seed: 0)) }, variance: law.variance, isRandom: true)
        == [String](repeating: "another key gives the same values", count: 2))
    #expect(problems(ofLaw: { draw($0, $1) + [0] }, variance: law.variance, isRandom: true).count == 1)
  }

  @Test("find a network without weights, and one whose gradient is not finite")
  func networks() throws {
    let linear = try Network(
      inputShape: [4], layers: [Dense(inputs: 4, outputs: 4)], initialization: Initialization(.zero))
    #expect(problems(of: linear).contains("another key gives the same start"))
    let broken = try Network(inputShape: [4], layers: [Broken(fault: nil)])
    #expect(problems(of: broken).contains("it has no single output weight"))
    let overflowing = try Network(
      inputShape: [4], layers: [Dense(inputs: 4, outputs: 4)], initialization: Initialization(.constant, gain: 1e308))
    #expect(problems(of: overflowing).contains("its gradient is not finite"))
  }
}
