public import Tensors

/// L-BFGS (Liu & Nocedal 1989): steps along -H g, the inverse Hessian H being built by the two-loop recursion from the last
/// changes s of parameters and y of gradients, starting from (s'y / y'y) I of the newest.
///
/// The learning rate is the first length that is tried; the first step's is min(1, 1 / ||g||_1) times that. A pair with
/// s'y <= 1e-10 is left out. With an exact line search a quadratic in n dimensions is finished in n steps. For whole
/// objectives: on batches y is mostly noise. Cost: 4 h n for a history of h pairs, and the line search's gradients.
public struct LBFGS<Element: Scalar>: DescentMethod {
  /// The number of pairs h that are remembered.
  public let history: Int
  /// The line search.
  public let search: LineSearch
  private var moves: [Element]
  private var changes: [Element]
  private var lastGradient: [Element]
  private var lastMove: [Element]
  private var stored = 0
  private var next = 0
  private var count = 0
  private var ray: SearchRay<Element>
  private var direction: Scratch<Element>
  private var pair: Scratch<Element>

  /// Creates the method for `dimension` parameters, with nothing remembered.
  public init(dimension: Int, history: Int = 10, search: LineSearch = .strongWolfe()) {
    precondition(history > 0, "a history of 1 pair or more, not \(history)")
    self.history = history
    self.search = search
    moves = [Element](repeating: 0, count: history * dimension)
    changes = moves
    lastGradient = [Element](repeating: 0, count: dimension)
    lastMove = lastGradient
    ray = SearchRay(dimension: dimension)
    direction = Scratch(dimension: dimension)
    pair = direction
  }

  /// "l-bfgs".
  public var name: String { "l-bfgs" }
  /// The number of parameters.
  public var dimension: Int { lastGradient.count }

  /// The pairs one after the other in a ring, and the last gradient and move.
  public var memory: MethodMemory<Self> {
    MethodMemory(
      vectors: [
        "moves": \.moves, "changes": \.changes, "last_gradient": \.lastGradient, "last_move": \.lastMove,
      ], counters: ["stored": \.stored, "next": \.next, "count": \.count])
  }

  /// One step.
  public mutating func step(parameters: inout [Element], on oracle: StepOracle<Element>, learningRate: Double) {
    if count > 0 { remember(oracle.gradient) }
    writeDirection(oracle.gradient)
    var first = learningRate
    if count == 0 {
      first *= min(1, 1 / magnitudes(oracle.gradient).sum)
    }
    let length = ray.length(search, from: parameters, along: direction.vector, first: first, on: oracle)
    assign(oracle.gradient, to: &lastGradient)
    assign(direction.vector, times: Element(length), to: &lastMove)
    parameters.add(Element(length), times: direction.vector)
    count += 1
  }

  /// Takes the last move and the change of the gradient along it into the ring.
  private mutating func remember(_ gradient: [Element]) {
    assign(gradient, to: &pair.vector)
    pair.vector.add(-1, times: lastGradient)
    guard Double(pair.vector.dot(lastMove)) > 1e-10 else { return }
    assign(lastMove, to: &moves, at: next * dimension)
    assign(pair.vector, to: &changes, at: next * dimension)
    next = (next + 1) % history
    stored = min(stored + 1, history)
  }

  /// The two-loop recursion on -g.
  private mutating func writeDirection(_ gradient: [Element]) {
    let n = dimension
    assign(gradient, times: -1, to: &direction.vector)
    guard stored > 0, n > 0 else { return }
    let places = (1...stored).map { (next - $0 + history) % history }
    let newest = places[0]
    var shares = [Double](repeating: 0, count: stored)
    moves.withUnsafeBufferPointer { moves in
      changes.withUnsafeBufferPointer { changes in
        direction.vector.withUnsafeMutableBufferPointer { d in
          guard let s = moves.baseAddress, let y = changes.baseAddress, let d = d.baseAddress else { return }
          func product(_ place: Int) -> Double { Double(Element.dot(n, s + place * n, y + place * n)) }
          for (index, place) in places.enumerated() {
            shares[index] = Double(Element.dot(n, s + place * n, d)) / product(place)
            Element.axpy(n, Element(-shares[index]), y + place * n, d)
          }
          let scale = Element(product(newest) / Double(Element.dot(n, y + newest * n, y + newest * n)))
          scaleElements(n, d, by: scale)
          for (index, place) in places.enumerated().reversed() {
            let back = Double(Element.dot(n, y + place * n, d)) / product(place)
            Element.axpy(n, Element(shares[index] - back), s + place * n, d)
          }
        }
      }
    }
  }
}
