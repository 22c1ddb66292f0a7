import Configuration
import Flatness
import Harness
import Networks
import Storage
import Tensors
import Testing

@Suite("flatness")
struct FlatnessTests {
  @Test("the mean rise is over both ends of each line")
  func rise() {
    #expect(meanRise([5, 0, 7, 3, 0, 1], above: 1, ends: 3) == 3)
    #expect(meanRise([5, 0, .nan], above: 1, ends: 3).isNaN)
  }

  @Test("samples are paired by seed, and seeds without a partner are left out")
  func pairing() {
    let pairs = Pairing([(3, 30), (1, 10), (2, 20)], [(1, 100), (3, 300), (4, 400)])
    #expect(pairs.seeds == [1, 3] && pairs.first == [10, 30] && pairs.second == [100, 300])
  }

  @Test("correlations are taken within a seed: what differs between seeds doesn't count")
  func correlations() {
    // Rising within each seed, though the second seed's gaps lie far below at higher measures.
    let points = [(1, 1.0, 10.0), (1, 2, 11), (1, 3, 12), (2, 11, 0), (2, 12, 2), (2, 13, 1)]
    let found = correlationsBySeed(points.map { (seed: $0.0, measure: $0.1, gap: $0.2) })
    #expect(found[0] == 1 && abs(found[1] - 1.0 / 3) < 1e-15 && found.count == 2)
  }

  static let names = [
    "lambda_max", "trace", "box_sharpness", "subspace_sharpness", "sam_sharpness", "ascent_sharpness",
    "asam_sharpness", "adaptive_sharpness", "noise_sharpness", "relative_noise_sharpness", "relative_flatness",
  ]

  /// A made-up run, every measure of which is `sharpness`.
  static func run(
    seed: Int, _ settings: FlatnessSettings = FlatnessSettings(), sharpness: Double, error: Double = 0.1,
    divergence: String? = nil, rescaling: Group? = nil
  ) -> CollectedRun {
    var measurements = Group(
      variables: names.map { Variable($0, value: sharpness) } + [
        Variable("test_error", value: error), Variable("error_gap", value: error),
        Variable("is_minimum", value: UInt8(1)),
      ],
      groups: ["slices": Group(variables: [Variable("train_rise", value: sharpness)])])
    measurements.groups["rescaling"] = rescaling
    return CollectedRun(
      id: "run\(seed)", seed: seed, divergence: divergence, settings: settings.values, measurements: measurements)
  }

  func outcome(_ id: String, _ runs: [CollectedRun]) throws -> Outcome {
    let finding = try #require(FlatnessExperiment.findings.first { $0.id == id })
    return try finding.evaluate(Evidence(runs: runs))
  }

  private func rescaled(function: Double = 0, lambda: Double = 500, adaptive: Double = 1) -> CollectedRun {
    func place(_ lambda: Double, _ adaptive: Double) -> Group {
      Group(variables: [
        Variable("lambda_max", value: lambda), Variable("adaptive_sharpness", value: adaptive),
        Variable("relative_flatness", value: 1.0),
      ])
    }
    return Self.run(
      seed: 0, sharpness: 1,
      rescaling: Group(
        variables: [Variable("function_difference", value: function)],
        groups: ["original": place(2, 3), "rescaled": place(2 * lambda, 3 * adaptive)]))
  }

  @Test("the reparametrization needs all three: the same function, a grown eigenvalue, a measure that stays")
  func reparametrization() throws {
    let id = "flat.reparametrization"
    let good = try outcome(id, [rescaled(), rescaled(lambda: 101, adaptive: 1.04)])
    #expect(good.verdict == .reproduced && good.effect == 101)
    for bad in [rescaled(function: 1e-9), rescaled(lambda: 99), rescaled(adaptive: 0.9)] {
      #expect(try outcome(id, [rescaled(), bad]).verdict == .notReproduced)
    }
    #expect(try outcome(id, [rescaled(), rescaled(lambda: .nan)]).verdict == .inconclusive)
  }

  @Test(
    "comparisons are paired, need every quantity, and read the groups the right way round",
    arguments: ["flat.small-batch", "flat.sam", "flat.swa", "flat.entropy-sgd"])
  func comparisons(id: String) throws {
    var (sharp, flat) = (FlatnessSettings(), FlatnessSettings())
    switch id {
    case "flat.small-batch": (sharp.minimum.batchSize, flat.minimum.batchSize) = (100, 20)
    case "flat.sam": flat.minimum.optimizer.method = .sam
    case "flat.swa": flat.minimum.optimizer.averaging = .swa
    default: flat.minimum.optimizer.method = .entropySGD
    }
    func runs(_ sharpSide: Double, _ flatSide: Double, error: Double = -0.01) -> [CollectedRun] {
      (0..<6).flatMap { seed in
        let common = 10 * Double(seed)
        return [
          Self.run(seed: seed, sharp, sharpness: common + sharpSide, error: 0.2),
          Self.run(seed: seed, flat, sharpness: common + flatSide, error: 0.2 + error),
        ]
      }
    }
    #expect(try outcome(id, runs(2, 1)).verdict == .reproduced)
    #expect(try outcome(id, runs(1, 2)).verdict == .notReproduced)
    #expect(abs(try outcome(id, runs(2, 1)).effect) == 1)
    let broken =
      runs(2, 1) + [
        Self.run(seed: 6, sharp, sharpness: .nan), Self.run(seed: 6, flat, sharpness: 1),
      ]
    #expect(try outcome(id, broken).verdict == .inconclusive)
    // Entropy-SGD is judged by sharpness alone.
    let worse = try outcome(id, runs(2, 1, error: 0.01)).verdict
    #expect(worse == (id == "flat.entropy-sgd" ? .reproduced : .notReproduced))
  }

  @Test("the ranking needs a positive correlation of every measure, and leaves out diverged runs")
  func predicts() throws {
    func grid(_ sign: Double) -> [CollectedRun] {
      (0..<5).flatMap { seed in
        (0..<6).map { Self.run(seed: seed, sharpness: sign * Double($0), error: 0.1 * Double($0)) }
      }
    }
    let good = try outcome("flat.predicts", grid(1))
    #expect(good.verdict == .reproduced && good.effect == 1 && good.details.contains("trace 1 [1, 1]"))
    #expect(try outcome("flat.predicts", grid(-1)).verdict == .notReproduced)
    let diverged = grid(1) + [Self.run(seed: 0, sharpness: .nan, divergence: "the loss went out of bounds")]
    #expect(try outcome("flat.predicts", diverged).verdict == .reproduced)
  }

  @Test("every finding has its sweep and its seeds in every profile")
  func profiles() throws { try checkProfiles(FlatnessExperiment.self) }

  @Test("a rescaling of what isn't a chain of rectified linear layers is a conflict that says so")
  func conflicts() {
    var settings = FlatnessSettings()
    settings.rescaling = 2
    #expect(settings.conflict == nil)
    settings.minimum.network.design.activation = .tanh
    #expect(settings.conflict?.contains("activation relu") == true)
    settings.minimum.network.design.activation = .relu
    settings.minimum.network.hidden = []
    #expect(settings.conflict?.contains("two layers") == true)
  }

  @Test("the smoke runs end with numbers; rescaling by 32 keeps the outputs to the last bit and the invariant measures")
  func smoke() throws {
    try checkSmoke(FlatnessExperiment.self) { file in
      for name in Self.names {
        #expect(try file.variable("measurements/\(name)").value(Double.self).isFinite, "\(name)")
      }
      let slices = try file.group("measurements/slices")
      #expect(try slices.variable("train_loss").shape == [2, 5])
      let losses: [Double] = try slices.variable("train_loss").elements()
      let loss: Double = try file.variable("measurements/train_loss").value()
      #expect(losses[2] == loss && losses[7] == loss)
      guard let rescaling = try file.group("measurements").groups["rescaling"] else { return }
      #expect(try rescaling.variable("function_difference").value(Double.self) == 0)
      func ratio(_ name: String) throws -> Double {
        try rescaling.variable("rescaled/\(name)").value(Double.self)
          / rescaling.variable("original/\(name)").value(Double.self)
      }
      for name in ["adaptive_sharpness", "relative_noise_sharpness", "relative_flatness"] {
        #expect(abs(try ratio(name) - 1) < 1e-6, "\(name)")
      }
      #expect(try ratio("lambda_max") > 100)
      #expect(try file.variable("measurements/slices/planes/train_loss").shape == [1, 3, 3])
    }
  }
}
