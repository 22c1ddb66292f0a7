import Networks
import Tensors
import Testing

/// The law's values for a matrix.
func matrix(_ law: Initialization, fanIn: Int, fanOut: Int, seed: UInt64) -> [Double] {
  law.values(
    of: .weight(shape: [fanIn, fanOut], fanIn: fanIn, fanOut: fanOut), isOutput: false, branches: 0,
    key: Key(seed: seed))
}

@Suite("Initializers and layouts")
struct InitializerTests {
  @Test("weights have mean 0 and the variance of the paper", arguments: Initializer.allCases)
  func variance(_ initializer: Initializer) {
    let (fanIn, fanOut) = (120, 210)
    let expected: [Initializer: Double] = [
      .zero: 0, .constant: 1, .lecunNormal: 1 / 120.0, .lecunUniform: 1 / 120.0, .xavierNormal: 2 / 330.0,
      .xavierUniform: 2 / 330.0, .kaimingNormal: 2 / 120.0, .kaimingUniform: 2 / 120.0, .orthogonal: 1 / 210.0,
      .meanField: 1 / 120.0, .deltaOrthogonal: 1 / 210.0, .sparse: 15 / 120.0, .lsuv: 1 / 210.0, .fixup: 2 / 120.0,
      .metaInit: 2 / 120.0,
    ]
    let law = Initialization(initializer, gain: 1.5)
    let target = 2.25 * expected[initializer]!
    #expect(abs(law.variance(of: .weight(shape: [fanIn, fanOut], fanIn: fanIn, fanOut: fanOut)) - target) < 1e-15)
    let matrix = matrix(law, fanIn: fanIn, fanOut: fanOut, seed: 3)
    if initializer != .constant {
      let mean = matrix.reduce(0, +) / Double(matrix.count)
      #expect(abs(mean) <= 4 * (target / Double(matrix.count)).squareRoot())
    }
    let variance = matrix.map { $0 * $0 }.reduce(0, +) / Double(matrix.count)
    #expect(abs(variance - target) <= 0.04 * target)
  }

  @Test(
    "uniform weights stay within sqrt(3) standard deviations",
    arguments: [Initializer.lecunUniform, .kaimingUniform, .xavierUniform])
  func bounds(_ initializer: Initializer) {
    let law = Initialization(initializer)
    let matrix = matrix(law, fanIn: 50, fanOut: 40, seed: 3)
    let bound = (3 * law.variance(of: .weight(shape: [50, 40], fanIn: 50, fanOut: 40))).squareRoot()
    #expect(matrix.allSatisfy { abs($0) <= bound } && matrix.contains { abs($0) > 0.98 * bound })
  }

  @Test("orthogonal matrices have orthonormal rows or columns", arguments: [(7, 12), (12, 7), (9, 9)])
  func orthogonal(fanIn: Int, fanOut: Int) {
    for law in [Initializer.orthogonal, .deltaOrthogonal] {
      let w = matrix(Initialization(law), fanIn: fanIn, fanOut: fanOut, seed: 5)
      let small = min(fanIn, fanOut)
      for i in 0..<small {
        for j in 0..<small {
          var inner = 0.0
          for k in 0..<max(fanIn, fanOut) {
            inner += fanIn <= fanOut ? w[i * fanOut + k] * w[j * fanOut + k] : w[k * fanOut + i] * w[k * fanOut + j]
          }
          #expect(abs(inner - (i == j ? 1 : 0)) < 1e-13)
        }
      }
    }
  }

  @Test("a start depends on its key alone, and layers do not share numbers")
  func keys() {
    let network = Network.multilayerPerceptron(widths: [4, 4, 4], activation: .relu, initializer: .kaimingNormal)
    let a: [Double] = network.initialParameters(key: Key(seed: 1))
    #expect(a == network.initialParameters(key: Key(seed: 1)))
    #expect(a != network.initialParameters(key: Key(seed: 2)))
    #expect(Array(a[0..<16]) != Array(a[20..<36]))
    #expect(a[16..<20].allSatisfy { $0 == 0 })
  }

  @Test("the layout names blocks in order and without gaps")
  func layout() {
    let layout = Network.multilayerPerceptron(widths: [3, 5, 2], activation: .relu, initializer: .lecunNormal).layout
    #expect(layout.blocks.map(\.name) == ["dense1/weight", "dense1/bias", "dense2/weight", "dense2/bias"])
    #expect(layout.blocks.map(\.offset) == [0, 15, 20, 30])
    #expect(layout.count == 32)
    #expect(layout["dense2/weight"]?.shape == [5, 2])
    #expect(layout.tensors(of: (0..<32).map(Double.init))[2].tensor[4, 1] == 29)
  }
}
