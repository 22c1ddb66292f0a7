import Foundation
import Harness
import ModeConnectivity
import Networks
import Storage
import Testing

extension ModeConnectivityTests {
  /// A made-up run of the sweep over widths.
  static func wide(
    seed: Int, width: Int, line: Double = 1, band: Double = 0, matched: Double = 0, difference: Double = 1e-6
  ) -> CollectedRun {
    func barrier(_ value: Double) -> Group { Group(variables: [Variable("train_barrier", value: value)]) }
    var match = barrier(matched)
    match.variables += [Variable("output_difference", value: difference), Variable("output_scale", value: 5.0)]
    return CollectedRun(
      id: "run\(seed)-\(width)", seed: seed,
      measurements: Group(
        variables: [Variable("width", value: width)],
        groups: [
          "line": barrier(line), "elastic_band": barrier(band),
          "matching": Group(groups: ["weights": match, "activations": match]),
        ]))
  }

  private func sweep(_ run: (Int, Int) -> CollectedRun) -> [CollectedRun] {
    (0..<5).flatMap { seed in [4, 8, 16, 32].map { run(seed, $0) } }
  }

  @Test("AutoNEB's barrier must stay below a tenth of the linear one")
  func autoNEB() throws {
    let good = (0..<5).map { Self.wide(seed: $0, width: 64, line: 2, band: 0.01 * Double($0)) }
    let outcome = try outcome("mode.autoneb", good)
    #expect(outcome.verdict == .reproduced && abs(outcome.effect - 0.01) < 1e-12)
    let bad = (0..<5).map { Self.wide(seed: $0, width: 64, line: 1, band: 0.4) }
    #expect(try self.outcome("mode.autoneb", bad).verdict == .notReproduced)
    let broken = good + [Self.wide(seed: 5, width: 64, line: 1, band: .nan)]
    #expect(try self.outcome("mode.autoneb", broken).verdict == .inconclusive)
  }

  @Test("barriers that fall with width have a negative slope over its logarithm")
  func width() throws {
    let falling = sweep { Self.wide(seed: $0, width: $1, band: 1 - 0.1 * log2(Double($1)) + 0.01 * Double($0)) }
    let outcome = try outcome("mode.width", falling)
    #expect(outcome.verdict == .reproduced && abs(outcome.effect + 0.1) < 1e-12)
    let rising = sweep { Self.wide(seed: $0, width: $1, band: Double($1)) }
    #expect(try self.outcome("mode.width", rising).verdict == .notReproduced)
    let mixed = sweep { Self.wide(seed: $0, width: $1, band: ($0.isMultiple(of: 2) ? 1 : -1) * log2(Double($1))) }
    #expect(try self.outcome("mode.width", mixed).verdict == .inconclusive)
  }

  @Test("matching must halve the barrier at the largest width, by a share that grows with width, of the same function")
  func permutation() throws {
    let good = sweep { Self.wide(seed: $0, width: $1, matched: 1 / Double($1)) }
    let outcome = try outcome("mode.permutation", good)
    #expect(outcome.verdict == .reproduced && abs(outcome.effect - 1.0 / 32) < 1e-12)
    let weak = sweep { Self.wide(seed: $0, width: $1, matched: 1 - 0.01 * log2(Double($1))) }
    #expect(try self.outcome("mode.permutation", weak).verdict == .notReproduced)
    let rising = sweep { Self.wide(seed: $0, width: $1, matched: 0.01 * log2(Double($1))) }
    #expect(try self.outcome("mode.permutation", rising).verdict == .notReproduced)
    let other = sweep { Self.wide(seed: $0, width: $1, matched: 1 / Double($1), difference: 0.1) }
    #expect(try self.outcome("mode.permutation", other).verdict == .inconclusive)
  }

  @Test("copies must be joined at the largest k and not be at k = 0")
  func instability() throws {
    func runs(_ barriers: [Double]) -> [CollectedRun] {
      (0..<5).map { seed in
        CollectedRun(
          id: "run\(seed)", seed: seed,
          measurements: Group(groups: [
            "instability": Group(
              dimensions: [Dimension("fork", coordinates: [0, 10, 20])],
              variables: [
                Variable("instability", along: ["fork"], values: barriers.map { $0 + 1e-4 * Double(seed) * $0 })
              ])
          ]))
      }
    }
    #expect(try outcome("mode.instability", runs([0.3, 0.1, 0.01])).verdict == .reproduced)
    #expect(try outcome("mode.instability", runs([0.3, 0.1, 0.05])).verdict == .notReproduced)
    #expect(try outcome("mode.instability", runs([0, 0.1, 0.01])).verdict == .notReproduced)
    #expect(try outcome("mode.instability", runs([0.3, 0.1, .nan])).verdict == .inconclusive)
  }

  @Test("measures that lack what they need are refused")
  func conflicts() {
    var settings = ModeConnectivitySettings()
    #expect(settings.conflict == nil)
    settings.measure = [.plane]
    #expect(settings.conflict == "plane.through names bezier, but measure does not; add it there or name another point")
    settings.plane.through = ["end0", "end1", "end2"]
    #expect(settings.conflict == "plane.through names end2, but the last of 2 minima is end1; raise minima")
    settings.minima = 3
    #expect(settings.conflict == nil)
    settings.plane.through = ["end0", "end1", "end01"]
    #expect(settings.conflict?.hasPrefix("plane.through names end01, which is none of end0, end1") == true)
    settings.plane.through = ["end0", "end1", "end0"]
    #expect(settings.conflict?.contains("three different points") == true)
    var normalized = ModeConnectivitySettings()
    normalized.minimum.network.design.normalization = .batch
    (normalized.curve.batchSize, normalized.elasticBand.batchSize, normalized.matching.batchSize) = (1, 1, 1)
    for (measured, key) in [(Measured.chain, "curve"), (.tree, "elastic_band"), (.matching, "matching")] {
      normalized.measure = [measured]
      #expect(normalized.conflict?.hasPrefix("\(key).batch_size is 1, but normalization over the batch") == true)
    }
    settings.measure = [.line, .line]
    #expect(settings.conflict?.contains("twice") == true)
    settings.measure = [.instability]
    settings.minimum.steps = 500
    #expect(settings.conflict?.contains("1000") == true)
  }

  @Test("a plane goes through any three minima, with the paths between two of them projected into it")
  func planeOfMinima() throws {
    var settings = ModeConnectivitySettings()
    settings.measure = [.elasticBand, .plane]
    settings.minima = 3
    settings.plane.through = ["end2", "end0", "end1"]
    settings.minimum.steps = 40
    settings.minimum.network.hidden = [5]
    settings.minimum.data.trainCount = 50
    settings.elasticBand.cycles = 2
    settings.elasticBand.steps = 20
    settings.pathPoints = 5
    (settings.plane.alphaCount, settings.plane.betaCount, settings.plane.margin) = (3, 2, 0)
    let run = ModeConnectivityExperiment.planned(settings, seed: 0)
    let file = try inFolder { folder in
      #expect(Batch([run], folder: folder).execute().map(\.ending) == [.finished])
      return try GroupFile(run.file(in: folder)).read()
    }
    let third: [Float] = try file.group("checkpoints/end2").parameters()
    #expect(third.count == 385)
    let plane = try file.group("measurements/plane")
    #expect(plane.groups.names == ["elastic_band"])
    let alphas: [Double] = try plane.variable("corner_alpha").elements()
    let betas: [Double] = try plane.variable("corner_beta").elements()
    #expect(alphas[0] == 0 && betas[0] == 0 && abs(betas[1]) < 1e-5 && alphas[1] > 0 && betas[2] > 0)
    // The band begins at end0, the second corner, and ends at end1, the third.
    let band = try ["projected_alpha", "projected_beta", "distance"].map { name -> [Double] in
      try plane.variable("elastic_band/\(name)").elements()
    }
    #expect(abs(band[0][0] - alphas[1]) < 1e-4 && abs(band[1][0]) < 1e-4 && band[2][0] < 1e-4)
    #expect(abs(band[0][4] - alphas[2]) < 1e-4 && abs(band[1][4] - betas[2]) < 1e-4 && band[2][4] < 1e-4)
    #expect(band[2][2] > 1e-3)
    // Without a margin the grid's corners at beta = 0 are the first two points: the losses of the line's ends.
    let losses: [Double] = try plane.variable("train_loss").elements()
    let onBand: [Double] = try file.variable("measurements/elastic_band/train_loss").elements()
    let (lowest, highest) = (min(0, alphas[2]), max(alphas[1], alphas[2]))
    if highest == alphas[1] { #expect(abs(losses[2 * 2] - onBand[0]) < 1e-4) }
    #expect(try plane.dimension("alpha").coordinates == .float64([lowest, (lowest + highest) / 2, highest]))
  }

  @Test("ends that diverged or are no minima are said in the data, and every measure goes on over them")
  func badEnds() throws {
    for (rate, words) in [(1e30, "went out of bounds"), (1e-12, "no minimum")] {
      var settings = ModeConnectivitySettings()
      settings.measure = Measured.allCases
      settings.minimum.schedule.learningRate = rate
      settings.minimum.steps = 3
      settings.minimum.network.hidden = [5]
      settings.minimum.data.trainCount = 50
      settings.instability.forks = [0, 2]
      settings.curve.steps = 3
      settings.elasticBand.cycles = 2
      settings.elasticBand.steps = 2
      settings.pathPoints = 5
      settings.initializationPoints = 4
      settings.plane.alphaCount = 3
      settings.plane.betaCount = 2
      #expect(settings.conflict == nil)
      let run = ModeConnectivityExperiment.planned(settings, seed: 0)
      let file = try inFolder { folder in
        let reports = Batch([run], folder: folder).execute()
        let isDone = reports.allSatisfy { $0.hasResult }
        #expect(isDone, "\(reports)")
        return try GroupFile(run.file(in: folder)).read()
      }
      let note = try file.group("measurements/ends").remarks.joined()
      #expect(note.contains(words), "\(note)")
      let areMinima: [UInt8] = try file.variable("measurements/ends/is_minimum").elements()
      #expect(areMinima == [0, 0])
      let barrier: Double = try file.variable("measurements/line/train_barrier").value()
      #expect(barrier.isNaN == (rate == 1e30))
    }
  }
}
