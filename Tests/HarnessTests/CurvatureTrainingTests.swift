import Configuration
import Datasets
import Harness
import Networks
import Tensors
import Testing
import Training

/// The training loss where a training by a recipe ends.
private func loss<S: Scalar>(_ yaml: String, seed: UInt64, as type: S.Type = Float.self) throws -> Double {
  let recipe = try Recipe(yaml: "{\(yaml)}")
  let data = try recipe.data.load()
  let network = try recipe.network(for: data)
  let key = Key(seed: seed)
  let objective: NetworkObjective<S> = recipe.objective(of: network, on: data.train)
  let sampler = recipe.sampler(for: network, exampleCount: data.train.count, key: key.child("batches"))
  let start: [S] = recipe.initialParameters(of: network, on: data.train, key: key)
  var state = recipe.trainingState(from: start, of: network, sampler: sampler, key: key)
  try train(&state, on: objective, plan: recipe.plan(for: data, sampler: sampler))
  return objective.evaluate(at: state.parameters).loss
}

@Suite("Training by curvature")
struct CurvatureTrainingTests {
  @Test("K-FAC with its defaults fits digits in 40 steps of any seed, all at once or in batches; momentum does not")
  func digits() throws {
    let task = "network.hidden: [32, 32], data.train_count: 200, steps: 40"
    for seed in 0..<4 as Range<UInt64> {
      let whole = try loss("\(task), batch_size: null, optimizer.method: k-fac", seed: seed)
      let batches = try loss("\(task), batch_size: 50, optimizer.method: k-fac", seed: seed)
      #expect(whole < 0.0004 && batches < 0.01, "seed \(seed): \(whole), \(batches)")
    }
    for rate in ["0.1", "0.3", "1"] {
      let other = try loss("\(task), batch_size: null, schedule.learning_rate: \(rate)", seed: 0)
      #expect(!(other < 0.0004), "momentum at \(rate): \(other)")
    }
  }

  @Test("K-FAC and Hessian-free bring an autoencoder below what momentum reaches in as many steps")
  func autoencoder() throws {
    let task =
      "network: {architecture: autoencoder, hidden: [32, 8], activation: tanh}, loss: mean-squared-error, "
      + "data: {target: inputs, train_count: 200}, batch_size: null, steps: 40"
    let best = try ["0.03", "0.1", "0.3", "1"].map { rate in
      try loss("\(task), schedule.learning_rate: \(rate)", seed: 1)
    }.filter { !$0.isNaN }.min()
    for method in ["k-fac", "hessian-free", "hessian-free, optimizer.curvature_share: 0.5"] {
      let reached = try loss("\(task), optimizer.method: \(method)", seed: 1)
      #expect(
        reached < (method == "k-fac" ? 0.6 : 0.9) * (best ?? 0),
        "\(method): \(reached) against \(String(describing: best))")
    }
  }

  @Test("a step of K-FAC brings a convolutional network further down than one of gradient descent at its best rate")
  func convolutions() throws {
    let task =
      "network: {architecture: vgg-small, depth: 4, width: 4}, data.train_count: 120, batch_size: null, steps: 40"
    let reached = try loss("\(task), optimizer.method: k-fac", seed: 2, as: Double.self)
    let rates = ["0.1", "0.3", "1"]
    let others = try rates.map { rate in
      try loss(
        "\(task), optimizer.method: gradient-descent, schedule.learning_rate: \(rate)", seed: 2, as: Double.self)
    }
    let best = try #require(others.filter { !$0.isNaN }.min())
    // Where convolutions have no factors, the dense layer's alone bring it to 0.2 at best.
    #expect(reached < 0.03 * best, "\(reached) against \(others)")
  }

  @Test("K-FAC trains convolutions with batch normalization, whose scales have no factors")
  func normalizedConvolutions() throws {
    let task = "network: {architecture: resnet, depth: 8, width: 3}, data.train_count: 120, batch_size: 60, steps: 20"
    let reached = try loss("\(task), optimizer.method: k-fac", seed: 2)
    let other = try loss("\(task), schedule.learning_rate: 0.1", seed: 2)
    #expect(reached < other, "\(reached) against \(other)")
  }
}
