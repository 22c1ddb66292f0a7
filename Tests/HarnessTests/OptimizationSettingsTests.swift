import Components
import Configuration
import Harness
import Optimizers
import Testing
import Training

@Suite("Settings of optimizers and schedules")
struct OptimizationSettingsTests {
  private func sentence(_ yaml: String) -> String {
    do throws(ConfigurationError) {
      _ = try Recipe(yaml: yaml)
      return "read"
    } catch { return error.description }
  }

  @Test("name just the methods and schedules of the catalogues")
  func names() {
    let methods = OptimizerMethod.allCases.map(\.rawValue)
    let averages = AveragingRule.allCases.filter { $0 != .none }.map(\.rawValue)
    #expect(Set(methods + averages) == Set(OptimizerCatalogue.components.map(\.name)))
    #expect(methods.count + averages.count == OptimizerCatalogue.components.count)
    #expect(Set(BaseMethod.allCases.map(\.rawValue)).isSubset(of: methods))
    #expect(Set(ScheduleKind.allCases.map(\.rawValue) + ["warm-up"]) == Set(ScheduleCatalogue.components.map(\.name)))
  }

  @Test("have each a component that uses them, and components have no other")
  func settings() {
    let optimizer = Set(OptimizerSettings.documentation.map(\.key)).subtracting(["method", "averaging"])
    #expect(optimizer == Set(OptimizerCatalogue.components.flatMap(\.settings).map(\.name)))
    let schedule = Set(ScheduleSettings.documentation.map(\.key)).subtracting(["kind", "learning_rate", "unit"])
    #expect(schedule == Set(ScheduleCatalogue.components.flatMap(\.settings).map(\.name)))
  }

  @Test("make the catalogue's method where only its name is given", arguments: OptimizerMethod.allCases)
  func defaults(method: OptimizerMethod) throws {
    var settings = OptimizerSettings()
    settings.method = method
    let entry = try #require(OptimizerCatalogue.entries.first { $0.component.name == method.rawValue })
    switch method {
    // These ones' base is gradient descent unless said otherwise; AdamW's decay is 0.
    case .sam: #expect(settings.recipe == .sharpnessAware(.gradientDescent()))
    case .asam: #expect(settings.recipe == .sharpnessAware(.gradientDescent(), radius: 0.5, stabilizer: 0.01))
    case .adamW: #expect(settings.recipe == .optimizer(.adamW(decay: 0)))
    default: #expect(settings.recipe == entry.recipe)
    }
    #expect(settings.conflict == nil)
  }

  @Test("documented as defaults are the defaults")
  func documentedDefaults() throws {
    let own = Dictionary(uniqueKeysWithValues: OptimizerSettings.documentation.map { ($0.key, $0.defaultValue) })
    for component in OptimizerCatalogue.components {
      for setting in component.settings {
        let value = try #require(own[setting.name])
        // null is the method's own.
        let agrees = Double(value).map { $0 == Double(setting.defaultValue) } ?? (value == setting.defaultValue)
        #expect(value == "null" || value == "automatic" || agrees, "\(component.name), \(setting.name): \(value)")
      }
    }
    let schedules = Dictionary(uniqueKeysWithValues: ScheduleSettings.documentation.map { ($0.key, $0.defaultValue) })
    for component in ScheduleCatalogue.components {
      for setting in component.settings {
        let value = try #require(schedules[setting.name])
        #expect(Double(value).map { $0 == Double(setting.defaultValue) } ?? (value == setting.defaultValue))
      }
    }
  }

  @Test("keep the digests of recipes from before there were so many")
  func digests() throws {
    func digest(_ yaml: String) throws -> String {
      try String(Recipe(yaml: yaml).digest(experiment: "minimum/float32", seed: 3).prefix(16))
    }
    #expect(try digest("{}") == "0d7849498c241514")
    #expect(try digest("optimizer: {method: adam, weight_decay: 5e-4, decoupled_decay: true}") == "4984362392ccc58d")
    #expect(
      try digest("optimizer: {method: gradient-descent}\nschedule: {kind: constant, learning_rate: 0.3}")
        == "907be03d2408e416")
  }

  @Test("that the method does not use are refused, with the methods they belong to")
  func strays() {
    #expect(
      sentence("optimizer: {method: adam, momentum: 0.5}")
        == "configuration, line 1: optimizer: momentum is 0.5, which adam does not use; it belongs to momentum, heavy-ball, "
        + "nesterov, lars.")
    #expect(
      sentence("optimizer: {radius: 0.1}")
        == "configuration, line 1: optimizer: radius is 0.1, which momentum does not use; it belongs to sam, asam.")
    #expect(sentence("optimizer: {method: sam, base: adam, beta1: 0.8, radius: 0.1}") == "read")
    #expect(sentence("optimizer: {averaging: ema, average_decay: 0.9}") == "read")
    #expect(
      sentence("optimizer: {averaging: swa, average_decay: 0.9}")
        == "configuration, line 1: optimizer: average_decay is 0.9, which momentum with swa does not use; it belongs to ema."
    )
    #expect(
      sentence("schedule: {step_every: 9}")
        == "configuration, line 1: schedule: step_every is 9, which the kind cosine does not use; it belongs to step.")
    #expect(
      sentence("optimizer: {method: adams}").contains(
        "optimizer.method is adams, but must be one of gradient-descent, momentum, "))
  }

  @Test("that single parameters' rates need are asked of the optimizer")
  func ownRates() {
    #expect(sentence("network: {parameterization: mup}") == "read")
    #expect(
      sentence("network: {parameterization: mup}\noptimizer: {method: l-bfgs}").hasSuffix(
        "network.parameterization mup gives single parameters their own learning rates, which the optimizer l-bfgs does "
          + "not take."))
  }

  @Test("compose: a base under SAM under an average")
  func composition() throws {
    let recipe = try Recipe(
      yaml:
        "optimizer: {method: asam, base: nesterov, momentum: 0.8, weight_decay: 0.1, averaging: swa, average_start: 5}"
    ).optimizer.recipe
    #expect(
      recipe
        == .averaged(
          .sharpnessAware(.momentum(0.8, isNesterov: true, weightDecay: .coupled(0.1)), radius: 0.5, stabilizer: 0.01),
          .arithmetic(start: 5, every: 1)))
  }

  @Test("lengths in epochs are as many steps as epochs have, the whole training's are its own")
  func epochs() throws {
    let settings = try Recipe(
      yaml: "schedule: {kind: step, unit: epochs, step_every: 3, warm_up_steps: 2, learning_rate: 0.8}"
    ).schedule
    let schedule = settings.schedule(steps: 1000, stepsPerEpoch: 7)
    #expect(schedule == Schedule.step(from: 0.8, factor: 0.1, every: 21).warmedUp(over: 14))
    let cosine = try Recipe(yaml: "schedule: {unit: epochs, warm_up_steps: 2}").schedule
    #expect(
      cosine.schedule(steps: 90, stepsPerEpoch: 7) == Schedule.cosine(from: 0.05, to: 0, steps: 90).warmedUp(over: 14))
  }

  @Test("the learning rate is 1 for methods that find lengths themselves, unless it is given")
  func automaticRates() throws {
    func rate(_ yaml: String) throws -> Double {
      let recipe = try Recipe(yaml: "{\(yaml), data.train_count: 20}")
      return recipe.plan(for: try recipe.data.load(), sampler: nil).schedule.learningRate(at: 0)
    }
    #expect(try rate("steps: 5") == 0.05)
    for method in ["k-fac", "hessian-free", "newton", "l-bfgs"] {
      #expect(try rate("optimizer.method: \(method)") == 1)
      #expect(try rate("optimizer.method: \(method), schedule.learning_rate: 0.3") == 0.3)
    }
  }

  @Test("methods of curvature are refused with dropout")
  func dropout() {
    let error = #expect(throws: ConfigurationError.self) {
      try Recipe(yaml: "{network.dropout: 0.5, optimizer.method: k-fac}")
    }
    #expect(error?.description.contains("takes curvature with all units; set it to 0 or choose") == true)
  }
}
