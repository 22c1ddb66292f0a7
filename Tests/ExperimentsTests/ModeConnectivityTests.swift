import Configuration
import Foundation
import Harness
import ModeConnectivity
import Storage
import Tensors
import Testing

@Suite("mode-connectivity")
struct ModeConnectivityTests {
  @Test(
    "the largest rise is the largest climb from an earlier point, not between neighbours",
    arguments: [
      ([3, 2, 1], 0), ([3, 1, 1.5, 1.2, 2, 0], 1), ([1, 4], 3), ([5, 2, 4, 1, 2.5], 2), ([7], 0),
    ] as [([Double], Double)])
  func rise(values: [Double], expected: Double) {
    #expect(largestRise(values) == expected)
  }

  @Test("a NaN on the way makes the rise NaN")
  func nanRise() {
    #expect(largestRise([3, .nan, 1]).isNaN)
  }

  /// A made-up run: barriers on the three paths and a monotone or rising way down.
  static func run(
    seed: Int, line: Double, bezier: Double, chain: Double, rise: Double = 0, plane: Double = 0.1
  ) -> CollectedRun {
    func path(_ barrier: Double) -> Group {
      Group(
        dimensions: [Dimension("t", coordinates: [0.0, 0.5, 1.0])],
        variables: [
          Variable("train_loss", along: ["t"], values: [0.1, 0.1 + barrier, 0.1]),
          Variable("train_barrier", value: barrier), Variable("largest_rise", value: rise),
        ])
    }
    return CollectedRun(
      id: "run\(seed)", seed: seed,
      measurements: Group(groups: [
        "initialization": Group(groups: ["first": path(rise), "second": path(rise)]), "line": path(line),
        "bezier": path(bezier), "chain": path(chain),
        "plane": Group(
          dimensions: [Dimension("t", coordinates: [0.0, 1.0])],
          groups: ["bezier": Group(variables: [Variable("train_loss", along: ["t"], values: [0.1, plane])])]),
      ]))
  }

  func outcome(_ id: String, _ runs: [CollectedRun]) throws -> Outcome {
    let finding = try #require(ModeConnectivityExperiment.findings.first { $0.id == id })
    return try finding.evaluate(Evidence(runs: runs))
  }

  @Test("barriers above 0 reproduce the linear barrier, none refutes it, NaN decides nothing")
  func linearBarrier() throws {
    let high = (0..<10).map { Self.run(seed: $0, line: 0.4 + 0.01 * Double($0), bezier: 0, chain: 0) }
    let outcome = try outcome("mode.linear-barrier", high)
    #expect(outcome.verdict == .reproduced)
    #expect(abs(outcome.effect - 0.445) < 1e-12)
    let flat = (0..<10).map { Self.run(seed: $0, line: 0, bezier: 0, chain: 0) }
    #expect(try self.outcome("mode.linear-barrier", flat).verdict == .notReproduced)
    let broken = high + [Self.run(seed: 10, line: .nan, bezier: 0, chain: 0)]
    #expect(try self.outcome("mode.linear-barrier", broken).verdict == .inconclusive)
  }

  @Test("both curves must stay below a tenth of the linear barrier")
  func curve() throws {
    let good = (0..<10).map { Self.run(seed: $0, line: 1, bezier: 0.02, chain: 0.03) }
    #expect(try outcome("mode.curve", good).verdict == .reproduced)
    #expect(try outcome("mode.curve", good).effect == 0.03)
    let oneBad = (0..<10).map { Self.run(seed: $0, line: 1, bezier: 0.02, chain: 0.3) }
    #expect(try outcome("mode.curve", oneBad).verdict == .notReproduced)
    let straddling = (0..<10).map { Self.run(seed: $0, line: 1, bezier: $0.isMultiple(of: 2) ? 0 : 0.2, chain: 0) }
    #expect(try outcome("mode.curve", straddling).verdict == .inconclusive)
  }

  @Test("monotone lines are counted, and the exact interval decides")
  func monotone() throws {
    let all = (0..<10).map { Self.run(seed: $0, line: 1, bezier: 0, chain: 0) }
    #expect(try outcome("landscape.monotone-line", all).verdict == .reproduced)
    #expect(try outcome("landscape.monotone-line", Array(all.prefix(5))).verdict == .inconclusive)
    let rising = (0..<10).map { Self.run(seed: $0, line: 1, bezier: 0, chain: 0, rise: 0.5) }
    #expect(try outcome("landscape.monotone-line", rising).verdict == .notReproduced)
  }

  @Test("one projected curve above the line's maximum refutes the valley")
  func plane() throws {
    let runs = (0..<10).map { Self.run(seed: $0, line: 0.5, bezier: 0, chain: 0) }
    #expect(try outcome("mode.plane", runs).verdict == .reproduced)
    let worst = runs + [Self.run(seed: 10, line: 0.5, bezier: 0, chain: 0, plane: 0.7)]
    #expect(try outcome("mode.plane", worst).verdict == .notReproduced)
  }

  @Test("every finding has its sweep and its seeds in every profile")
  func profiles() throws { try checkProfiles(ModeConnectivityExperiment.self) }

  @Test("the smoke runs end with finite numbers, a plane ordered [alpha, beta] and a curve that lies in it")
  func smoke() throws {
    // A line without numbers counts as one that rises.
    try checkSmoke(ModeConnectivityExperiment.self, goingOn: ["landscape.monotone-line"]) { file in
      let measurements = try file.group("measurements")
      if measurements.groups["plane"] != nil { try checkPlane(file) }
      if measurements.groups["matching"] != nil { try checkMatching(measurements) }
      if measurements.groups["tree"] != nil {
        #expect(try measurements.variable("tree/barrier").shape == [3, 3])
        let edges: [Int] = try measurements.variable("tree/edge_second").elements()
        #expect(edges.count == 2)
      }
      if measurements.groups["instability"] != nil {
        #expect(try measurements.variable("instability/test_error").shape == [3, 3, 7])
        let distances: [Double] = try measurements.variable("instability/distance").elements()
        #expect(distances.count == 9 && distances.allSatisfy { $0 > 0 })
      }
    }
  }

  private func checkPlane(_ file: Group) throws {
    let plane = try file.group("measurements/plane")
    #expect(try plane.variable("train_loss").shape == [7, 5])
    let distances: [Double] = try plane.variable("bezier/distance").elements()
    #expect(distances.allSatisfy { $0 < 1e-3 })
    let onPlane: [Double] = try plane.variable("bezier/train_loss").elements()
    let onCurve: [Double] = try file.variable("measurements/bezier/train_loss").elements()
    #expect(zip(onPlane, onCurve).allSatisfy { abs($0 - $1) < 1e-3 * (1 + $1) })
    // The chain's ends lie in the plane and its bend does not.
    let chain: [Double] = try plane.variable("chain/distance").elements()
    #expect(chain[0] < 1e-3 && chain[chain.count - 1] < 1e-3 && chain[chain.count / 2] > 1e-2)
    let line: [Double] = try file.variable("measurements/line/train_loss").elements()
    let start: [Double] = try file.variable("measurements/initialization/first/train_loss").elements()
    #expect(start.last == line.first)
  }

  private func checkMatching(_ measurements: Group) throws {
    let line: [Double] = try measurements.variable("line/train_loss").elements()
    let distance: Double = try measurements.variable("distance").value()
    for method in ["weights", "activations", "straight-through"] {
      let group = try measurements.group("matching/\(method)")
      let difference: Double = try group.variable("output_difference").value()
      let scale: Double = try group.variable("output_scale").value()
      #expect(difference < 1e-5 * scale && scale > 0)
      // The matched end is the same function, so that the line begins and ends as high as without matching.
      let matched: [Double] = try group.variable("train_loss").elements()
      #expect(matched.first == line.first && abs(matched.last! - line.last!) < 1e-5)
      let moved: Double = try group.variable("distance").value()
      if method == "weights" { #expect(moved <= distance) }
      let repaired: [Double] = try group.variable("repaired/train_loss").elements()
      #expect(abs(repaired.first! - matched.first!) < 1e-5 && abs(repaired.last! - matched.last!) < 1e-5)
      let middle = matched.count / 2
      #expect(repaired[middle] != matched[middle])
      let (length, straight): (Double, Double) = (
        try group.variable("repaired/length").value(), try group.variable("length").value()
      )
      #expect(length > straight)
    }
  }

  private func measurements(_ changes: String) throws -> Group {
    try inFolder { folder in
      let settings = try ModeConnectivitySettings(
        yaml:
          "{minimum: {network: {hidden: [4], normalization: batch}, data: {train_count: 60, test_count: 30\(changes)}, "
          + "steps: 20, batch_size: 20}, curve: {steps: 20, batch_size: 20}, path_points: 3, initialization_points: 3, "
          + "plane: {alpha_count: 2, beta_count: 2}}")
      let run = ModeConnectivityExperiment.planned(settings, seed: 0)
      let ending = Batch([run], folder: folder).execute()[0].ending
      #expect(ending == .finished)
      let file = try GroupFile(run.file(in: folder)).read()
      let line: [Double] = try file.variable("measurements/line/train_loss").elements()
      let test: [Double] = try file.variable("measurements/line/test_loss").elements()
      let name = try #require(file.group("measurements").attributes["first_minimum"]?.text)
      let minimum = try GroupFile("\(folder.path)/minima/\(name).h5").read()
      // The path's end is judged as the minimum was.
      #expect(try minimum.variable("measurements/train_loss").value(Double.self) == line[0])
      #expect(try minimum.variable("measurements/test_loss").value(Double.self) == test[0])
      let objective: [Double] = try file.variable("measurements/line/train_objective").elements()
      #expect(try minimum.variable("measurements/objective").value(Double.self) == objective[0])
      #expect(objective[0] != line[0])
      return file
    }
  }

  @Test("curves are trained on batches as minima are: images changed, false labels kept, all written down")
  func training() throws {
    let plain = try measurements("")
    let noisy = try measurements(", label_noise: 0.5")
    #expect(try noisy.variable("measurements/false_labels/row").shape == [30])
    #expect(plain.groups["measurements"]?.groups["false_labels"] == nil)
    // Ends of the same minima, so that only the curve's own batches differ.
    try inFolder { folder in
      func bend(_ augmentation: String) throws -> [Float] {
        let settings = try ModeConnectivitySettings(
          yaml: "{minimum: {network.hidden: [4], data: {train_count: 60, augmentation: {\(augmentation)}}, steps: 0, "
            + "batch_size: 20}, curve: {steps: 20, batch_size: 20}, path_points: 3, initialization_points: 3, "
            + "plane: {alpha_count: 2, beta_count: 2}}")
        let run = ModeConnectivityExperiment.planned(settings, seed: 0)
        #expect(Batch([run], folder: folder).execute()[0].ending == .finished)
        let stored = try GroupFile(run.file(in: folder)).read().group("checkpoints/bezier_bend")
        return try stored.variablePaths.flatMap { try $0.variable.elements(Float.self) }
      }
      let still = try bend("")
      let moved = try bend("shift: 2")
      #expect(still.count == moved.count && still != moved)
    }
  }
}

/// A folder of results for the time of `body`.
func inFolder<Result>(_ body: (ResultsFolder) throws -> Result) throws -> Result {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-\(UUID().uuidString)").path
  defer {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
  }
  return try body(ResultsFolder(path))
}
