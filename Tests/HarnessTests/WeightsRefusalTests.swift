import Foundation
import Harness
import Storage
import Tensors
import Testing

@Suite("Weights in files that don't fit")
struct WeightsRefusalTests {
  private static let sentences: [(name: String, change: @Sendable (inout SafetensorsFile) -> Void, sentence: String)] =
    [
      ("missing", { $0.entries.removeFirst() }, "it has no dense1/weight, and the network has."),
      (
        "further", { $0.entries.append(.init("dense3/weight", shape: [1], values: .float32([1]))) },
        "it has dense3/weight, and the network has no such parameters."
      ),
      (
        "shape", { $0.entries[0] = .init("dense1/weight", shape: [2, 2], values: .float32([1, 2, 3, 4])) },
        "its dense1/weight has the shape [2, 2], and the network's has [64, 5]."
      ),
      (
        "transposed",
        { $0.entries[0] = .init("dense1/weight", shape: [5, 64], values: $0.entries[0].values) },
        "Set layout to the other one: it is transposed."
      ),
      (
        "infinite", { $0.entries[1] = .init("dense1/bias", shape: [5], values: .float32([1, 2, 3, .infinity, 5])) },
        "element 3 of its dense1/bias is inf, no finite number in float32."
      ),
      (
        "too large", { $0.entries[1] = .init("dense1/bias", shape: [5], values: .float64([1, 2, 1e39, 4, 5])) },
        "element 2 of its dense1/bias is 1e+39, no finite number in float32."
      ),
      (
        "function", { $0.metadata["configuration.training.network.activation"] = "tanh" },
        "it is of a network whose activation is tanh, and it is relu here. Set network.activation to tanh,"
      ),
    ]

  @Test("of another network, or of none, are refused in one sentence", arguments: sentences.map(\.name))
  func refusals(name: String) throws {
    let (_, change, sentence) = try #require(Self.sentences.first { $0.name == name })
    let sample = try WeightsSample("hidden: [5]")
    try withFolder { folder in
      try sample.write(to: folder.path + "/run.h5")
      var file = try RunWeights(folder.path + "/run.h5").exported(["20"], layout: .landscape)
      change(&file)
      let path = folder.path + "/changed.safetensors"
      try file.write(to: path)
      let error = #expect(throws: StorageError.self) { try sample.read(path) }
      let words = try #require(error?.description)
      #expect(words.hasPrefix("cannot take weights from \(path): ") && words.contains(sentence), "\(words)")
    }
  }

  @Test("that are not there or not those that were named are refused in one sentence")
  func wrongFiles() throws {
    let sample = try WeightsSample("hidden: [5]")
    try withFolder { folder in
      let run = folder.path + "/run.h5"
      func sentence(_ path: String, _ further: String = "") -> String {
        do { _ = try sample.read(path, further) } catch { return "\(error)" }
        return "read"
      }
      #expect(sentence(run) == "cannot read \(run): No such file or directory. Check the path.")
      try sample.write(to: run)
      #expect(
        sentence(run, ", checkpoint: ticket_3")
          == "cannot read \(run): it has no checkpoint ticket_3. Choose among 0, mask_1, 20.")
      let digest = String(repeating: "0a", count: 32)
      #expect(sentence(run, ", sha256: \(digest)").contains(", and the settings say \(digest). Restore that file"))
      let own = try sha256(ofFile: run)
      #expect(sentence(run, ", sha256: \(own.uppercased())") == "read")
      let all = folder.path + "/all.safetensors"
      try RunWeights(run).exported(["0", "20"], layout: .pytorch).write(to: all)
      #expect(
        sentence(all) == "cannot read \(all): it holds several checkpoints. Set checkpoint to one of 0, 20.")
      #expect(sentence(all, ", checkpoint: '7'").contains("it has no checkpoint 7."))
      #expect(
        sentence(all, ", checkpoint: '20', layout: landscape")
          .contains("it says that its layout is pytorch, and the settings landscape. Leave its layout"))
      try Data("nonsense".utf8).write(to: URL(filePath: all))
      #expect(sentence(all).contains("does not begin with a length below 10^8"))
      try GroupFile(all).write(Group())
      #expect(sentence(all).contains("it is no run file"))
    }
  }
}
