import Networks
import Pruning
import Tensors
import Testing

@Suite struct PruningRuleTests {
  /// 2 - 3 - 2, weights at 0..<6 and 9..<15, biases behind each.
  let network: Network

  init() throws {
    network = try Network(inputShape: [2], layers: [Dense(inputs: 2, outputs: 3), Dense(inputs: 3, outputs: 2)])
  }

  private let scores: [Float] = [6, 1, 5, 2, 4, 3, 0, 0, 0, 0.3, 0.1, 0.2, 0.6, 0.5, 0.4, 0, 0]

  private func removed(_ rule: PruningRule, from mask: Mask? = nil) -> [Int] {
    let mask = mask ?? .full(17)
    let next = rule.applied(to: mask, scores: scores, of: network)
    return mask.places.filter { !next.isKept[$0] }
  }

  @Test func layerwiseRemovesTheLowestOfEachLayerAndNoBias() {
    #expect(removed(PruningRule(.layerwise, rate: 0.34)) == [1, 3, 10, 11])
    #expect(removed(PruningRule(.layerwise, rate: 0.34, outputRate: 0.17)) == [1, 3, 10])
    #expect(removed(PruningRule(.layerwise, rate: 0.34, excluded: ["dense1/weight"])) == [10, 11])
  }

  @Test func globalComparesAcrossLayers() {
    #expect(removed(PruningRule(.global, rate: 0.5)) == [9, 10, 11, 12, 13, 14])
    #expect(removed(PruningRule(.global, rate: 0.5, outputRate: 0)) == [1, 3, 5])
  }

  @Test func roundsAreOfWhatIsLeft() {
    var mask = Mask.full(17)
    var left: [Int] = []
    for _ in 0..<8 {
      mask = PruningRule(.layerwise, rate: 0.5).applied(to: mask, scores: scores, of: network)
      left.append(mask.keptCount(in: 0..<6))
    }
    #expect(left == [3, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test func everythingCanGo() {
    #expect(removed(PruningRule(.global, rate: 1)).count == 12)
  }

  @Test func unitsWithoutAWayToTheOutputAreNotComputed() {
    // Unit 1 of the hidden layer has no weight going out.
    var isKept = [Bool](repeating: true, count: 17)
    isKept[9 + 2] = false
    isKept[9 + 3] = false
    let pruned = network.pruned(by: Mask(isKept))
    #expect(pruned.parameterCount == 15)
    #expect(pruned.layout["dense1/weight"]?.shape == [6])
    #expect(pruned.layout["dense2/weight"]?.shape == [4])
    #expect(network.computedUnits(under: Mask(isKept)) == [2, 2])
    #expect(network.disconnectedUnits(under: Mask(isKept)) == 1)
  }

  @Test func allUnitsBeforeAnEmptyLayerAreDisconnected() {
    var isKept = [Bool](repeating: true, count: 17)
    for place in 9..<15 { isKept[place] = false }
    #expect(network.disconnectedUnits(under: Mask(isKept)) == 3)
    #expect(network.disconnectedUnits(under: .full(17)) == 0)
    // One is computed all the same, so that no tensor is empty.
    #expect(network.computedUnits(under: Mask(isKept)) == [1, 2])
    // What no input reaches, outputs still depend on.
    let withoutInputs = (0..<17).map { $0 >= 6 }
    #expect(network.disconnectedUnits(under: Mask(withoutInputs)) == 0)
  }
}
