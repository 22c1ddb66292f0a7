import Differentiation
import Tensors
import Testing

@Suite("Plans")
struct PlanTests {
  @Test("equal expressions are one node")
  func commonSubexpressions() {
    let graph = Graph()
    let x = graph.input("x", shape: [3])
    #expect(x.tanh() * x.exp() == x.tanh() * x.exp())
    #expect(x.tanh() != x.exp())
  }

  @Test("a function of two stages gives the same numbers when only the repeated input changes")
  func stages() {
    let graph = Graph()
    let w = graph.input("w", shape: [12])
    let v = graph.input("v", shape: [12])
    let f = (w.block(0, shape: [3, 4]).matrixProduct(w.block(0, shape: [3, 4]), transpose: true)).tanh().sum()
    let product = graph.hessianVectorProduct(of: f, withRespectTo: w, along: v)
    let single = Workspace(Plan<Double>(outputs: [product], inputs: [w, v]))
    let plan = Plan<Double>(outputs: [product], inputs: [w, v], repeated: [v])
    #expect(plan.keptCount > 0)
    let staged = Workspace(plan)
    let point = random([[12]], Key(seed: 1))[0]
    var result = [Double](repeating: 0, count: 12)
    point.withUnsafeBufferPointer { point in
      staged.bind(input: 0, to: point.baseAddress!)
      staged.prepare()
      for seed in 2..<5 {
        let direction = random([[12]], Key(seed: UInt64(seed)))[0]
        direction.withUnsafeBufferPointer { direction in
          result.withUnsafeMutableBufferPointer { result in
            staged.bind(input: 1, to: direction.baseAddress!)
            staged.bind(output: 0, to: result.baseAddress!)
            staged.run()
          }
        }
        #expect(single.evaluate([Array(point), direction])[0].elements == result)
      }
    }
  }

  @Test("an output that is an input, a view, a constant or asked for twice is copied out")
  func awkwardOutputs() {
    let graph = Graph()
    let x = graph.input("x", shape: [4])
    let y = x.exp()
    let outputs = [x, x.slice(1, count: 2), graph.constant(3, shape: [2]), y, y, y.slice(2, count: 2), y.sum()]
    let results = Workspace(Plan<Double>(outputs: outputs, inputs: [x])).evaluate([[0, 0, 0, 0]])
    #expect(
      results.map(\.elements)
        == [[0, 0, 0, 0], [0, 0], [3, 3], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1], [4]])
  }

  @Test("memory is shared by lifetime: a long chain of products needs a few buffers, not one each")
  func scratchIsReused() {
    let graph = Graph()
    let x = graph.input("x", shape: [16, 16])
    var y = x
    for _ in 0..<30 { y = y.matrixProduct(x).tanh() }
    let plan = Plan<Float>(outputs: [y], inputs: [x])
    #expect(plan.scratchCount <= 3 * 256)
  }

  @Test("parts of a gradient are computed in their places")
  func gradientIsAssembledInPlace() {
    let graph = Graph()
    let w = graph.input("w", shape: [64 * 64 + 64])
    let x = graph.input("x", shape: [8, 64])
    let y = (x.matrixProduct(w.block(0, shape: [64, 64])) + w.block(4096, shape: [64]).broadcastRows(to: [8, 64]))
      .tanh()
    let gradient = graph.gradient(of: y.sum(), withRespectTo: [w])
    // Were the 4,096 derivatives of the matrix computed elsewhere and copied, scratch would hold them.
    #expect(Plan<Float>(outputs: gradient, inputs: [w, x]).scratchCount < 4096)
  }

  @Test("NaN passes through ReLU, maximum and log softmax")
  func nanPasses() {
    let graph = Graph()
    let x = graph.input("x", shape: [1, 2])
    let outputs = [x.relu(), x.maximum(graph.constant(0, shape: [1, 2])), x.logSoftmax(), x.maximumOfRows()]
    for result in Workspace(Plan<Float>(outputs: outputs, inputs: [x])).evaluate([[.nan, 1]]) {
      #expect(result.elements[0].isNaN)
    }
  }

  @Test("an index out of range gives NaN, not a neighbour's row")
  func badIndices() {
    let graph = Graph()
    let x = graph.input("x", shape: [2, 2])
    let i = graph.input("i", shape: [2])
    let result = Workspace(Plan<Double>(outputs: [x.gatheringRows(i), i.oneHot(2)], inputs: [x, i]))
      .evaluate([[1, 2, 3, 4], [1, 2]])
    #expect(Array(result[0].elements[0..<2]) == [3, 4] && result[0].elements[2].isNaN)
    #expect(Array(result[1].elements[0..<2]) == [0, 1] && result[1].elements[3].isNaN)
  }
}
