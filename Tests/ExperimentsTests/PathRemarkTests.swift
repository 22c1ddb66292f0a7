import Configuration
import Foundation
import Harness
import ModeConnectivity
import Storage
import Tensors
import Testing

/// Runs of mode connectivity in which something can't be measured, or is not what it should be: they end, and say so.
@Suite("What can't be measured between two minima stands in the remarks")
struct PathRemarkTests {
  private static let data = "data: {train_count: 40, test_count: 20}, batch_size: 10, steps: 20"

  private func made(_ yaml: String, _ check: (Group, [String]) throws -> Void) throws {
    try inRun(of: ModeConnectivityExperiment.self, ModeConnectivitySettings(yaml: "{\(yaml)}")) { file in
      try check(try file.group("measurements"), file.attributes["remarks"]?.texts ?? [])
    }
  }

  @Test("a bend on the line between the ends spans no plane, and the curve is measured all the same")
  func degeneratePlane() throws {
    let minimum = "minimum: {network: {hidden: [4]}, \(Self.data)}, path_points: 3"
    // The bend starts in the middle of the line, and a step this short does not move it.
    let still = "curve: {steps: 1, learning_rate: 1e-30}"
    let sentence = "plane: end0, end1, bezier lie on one line, so that there is no plane through them"
    try made("\(minimum), measure: [bezier, plane], \(still)") { measurements, remarks in
      #expect(remarks.contains(sentence))
      let plane = try measurements.group("plane")
      #expect(plane.variables.isEmpty)
      let losses: [Double] = try measurements.variable("bezier/train_loss").elements()
      #expect(losses.count == 3 && losses.allSatisfy(\.isFinite))
    }
    let moving = "curve: {steps: 20, learning_rate: 0.1}"
    let grid = "plane: {alpha_count: 3, beta_count: 2}"
    try made("\(minimum), measure: [bezier, plane], \(moving), \(grid)") { measurements, remarks in
      #expect(!remarks.contains(sentence))
      let shape = try measurements.variable("plane/train_loss").shape
      #expect(shape == [3, 2])
    }
  }

  @Test("an elastic band that is lost says so, in the tree between which ends")
  func lostBand() throws {
    let minimum = "minimum: {network: {hidden: [4]}, \(Self.data)}, path_points: 3, minima: 3"
    let far = "elastic_band: {learning_rate: 1e30, cycles: 2, steps: 4}"
    try made("\(minimum), measure: [elastic-band, tree], \(far)") { measurements, remarks in
      #expect(remarks.contains("elastic_band: the loss of the elastic band went out of bounds"))
      #expect(remarks.contains("tree: the loss of the elastic band between end 1 and end 2 went out of bounds"))
      let barriers: [Double] = try measurements.variable("tree/barrier").elements()
      let areLost = barriers.allSatisfy(\.isNaN)
      #expect(areLost)
    }
  }

  @Test("a network without hidden units has none to match")
  func nothingToMatch() throws {
    let minimum = "minimum: {network: {hidden: []}, \(Self.data)}, path_points: 3"
    try made("\(minimum), measure: [line, matching]") { measurements, remarks in
      #expect(
        remarks.contains(
          "matching: no hidden units of this network can be matched: recurrence, grouped layers and the like hold them in place"
        ))
      let matching = try measurements.group("matching")
      #expect(matching.variables.isEmpty && matching.groups.isEmpty)
      #expect(try measurements.variable("line/train_loss").shape == [3])
    }
  }

  /// Three units that are 1 for every example, by what each gives to all outputs.
  private func write(_ units: [Float], to path: String) throws {
    let values: [Float] = [Float](repeating: 0, count: 64 * 3)
    try SafetensorsFile(entries: [
      .init("dense1/weight", shape: [64, 3], values: .float32(values)),
      .init("dense1/bias", shape: [3], values: .float32([1, 1, 1])),
      .init("dense2/weight", shape: [3, 10], values: .float32(units.flatMap { [Float](repeating: $0, count: 10) })),
      .init("dense2/bias", shape: [10], values: .float32([Float](repeating: 0, count: 10))),
    ]).write(to: path)
  }

  @Test("a matched network that is another function, here by what two units that cancel swallow of a third, is named")
  func matchedNetworkDiffers() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
      let (first, second) = (folder.path + "/first.safetensors", folder.path + "/second.safetensors")
      let minimum = "minimum: {network: {hidden: [3]}, \(Self.data)}, path_points: 3"
      let ends = "ends: {files: [\(first), \(second)], layout: landscape}"
      let settings = "\(minimum), \(ends), measure: [matching], matching: {methods: [weights]}"
      for (size, differs) in [(Float(1e7), true), (10, false)] {
        // Whichever way a sum goes, it meets the small unit between the large ones in one order only.
        try write([0.3, size, -size], to: first)
        try write([size, -size, 0.3], to: second)
        try made(settings) { measurements, remarks in
          let matched = try measurements.group("matching/weights")
          let permutation: [Int] = try matched.variable("permutation").elements()
          #expect(permutation == [2, 0, 1])
          let difference: Double = try matched.variable("output_difference").value()
          #expect((difference > 0.1) == differs, "\(difference)")
          let named = remarks.contains {
            $0.hasPrefix("matching/weights: the net permuted by weights is not the same function: outputs differ by 0.")
          }
          #expect(named == differs, "\(remarks)")
        }
      }
    }
  }
}
