import Datasets
import Harness
import Networks
import Storage
import Tensors
import Testing

@Suite("Dead units")
struct DeadUnitTests {
  private func small(_ recipe: inout Recipe, hidden: [Int]) {
    recipe.network.hidden = hidden
    recipe.data.trainCount = 60
    recipe.data.testCount = 30
  }

  @Test(
    "a network's dead units are ReLU units that are off for every example, not those of no effect; a remark past a tenth"
  )
  func deadUnits() throws {
    var recipe = Recipe()
    small(&recipe, hidden: [4, 3])
    let data = try recipe.data.load()
    let network = try recipe.network(for: data)
    var point: [Double] = recipe.initialParameters(of: network, on: data.train, key: Key(seed: 5))
    func objective() -> NetworkObjective<Double> { recipe.objective(of: network, on: data.train) }
    #expect(objective().remarkOnDeadUnits(at: point) == nil)
    let biases = network.layout.blocks.filter { $0.name.hasSuffix("/bias") }.map(\.range)
    point[biases[0].lowerBound + 1] = -1e6
    #expect(objective().deadUnits(at: point)?.dead == 1)
    // A unit that nothing goes out of is alive while an example activates it.
    let outgoing = try #require(network.layout["dense2/weight"])
    for output in 0..<3 { point[outgoing.offset + 2 * 3 + output] = 0 }
    #expect(objective().deadUnits(at: point)?.dead == 1 && objective().deadUnits(at: point)?.units == 7)
    // The L2 term alone still moves the bias of a dead unit, and is no sign of life.
    recipe.l2 = 0.1
    recipe.l2Range = .all
    #expect(objective().remarkOnDeadUnits(at: point) == "1 of 4 ReLU units of activation1 are dead")
    point[biases[1].lowerBound] = -1e6
    point[biases[1].lowerBound + 2] = -1e6
    #expect(
      objective().remarkOnDeadUnits(at: point)
        == "2 of 3 ReLU units of activation2 are dead, and more than a tenth in 1 other layer")
    #expect(objective().deadUnits(at: point)?.layers.map(\.dead) == [1, 2])
    // One of ten is no news, one of nine is.
    for (units, isNews) in [(10, false), (9, true)] {
      var single = Recipe()
      small(&single, hidden: [units])
      let network = try single.network(for: data)
      var point: [Double] = single.initialParameters(of: network, on: data.train, key: Key(seed: 5))
      let bias = try #require(network.layout["dense1/bias"])
      point[bias.offset] = -1e6
      let objective: NetworkObjective<Double> = single.objective(of: network, on: data.train)
      #expect(objective.deadUnits(at: point)?.dead == 1)
      #expect((objective.remarkOnDeadUnits(at: point) != nil) == isNews)
    }
    recipe.network.design.activation = .tanh
    let smooth: NetworkObjective<Double> = recipe.objective(of: try recipe.network(for: data), on: data.train)
    #expect(smooth.deadUnits(at: point)?.dead == 0)
    point[0] = .nan
    #expect(objective().deadUnits(at: point) == nil)
  }
}
