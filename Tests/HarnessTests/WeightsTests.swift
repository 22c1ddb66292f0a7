import Configuration
import Foundation
import Harness
import Networks
import Storage
import Tensors
import Testing

@Suite("Weights in files")
struct WeightsTests {
  @Test(
    "come back from run files and from either layout as the same vector",
    arguments: [
      "hidden: [5, 3]", "architecture: conv, depth: 2, width: 3", "architecture: resnet, depth: 8, width: 3",
      "hidden: [4], weight_normalization: weight", "hidden: [4], normalization: batch",
    ])
  func roundTrip(settings: String) throws {
    let sample = try WeightsSample(settings)
    try withFolder { folder in
      let run = folder.path + "/run.h5"
      try sample.write(to: run)
      #expect(try sample.read(run).parameters == sample.parameters)
      #expect(try sample.read(run, ", checkpoint: '0'").parameters == sample.parameters.map { -$0 })
      let weights = try RunWeights(run)
      #expect(weights.names == ["0", "mask_1", "20"])
      for layout in WeightLayout.allCases {
        let (one, all) = (folder.path + "/one.safetensors", folder.path + "/all.safetensors")
        try weights.exported(["20"], layout: layout).write(to: one)
        #expect(try sample.read(one).parameters == sample.parameters)
        try weights.exported(weights.names, layout: layout).write(to: all)
        #expect(try sample.read(all, ", checkpoint: '20'").parameters == sample.parameters)
      }
    }
  }

  @Test("have PyTorch's names and axes where they are asked for")
  func pytorch() throws {
    let sample = try WeightsSample("architecture: resnet, depth: 8, width: 3")
    try withFolder { folder in
      let run = folder.path + "/run.h5"
      try sample.write(to: run)
      let weights = try RunWeights(run)
      let own = try weights.entries(of: "20")
      let theirs = try weights.exported(["20"], layout: .pytorch)
      #expect(theirs.metadata["layout"] == "pytorch" && theirs.metadata["run_id"] == "id")
      #expect(own.map(\.name) == sample.network.layout.blocks.map(\.name))
      let names = own.map {
        let dotted = $0.name.replacing("/", with: ".")
        return dotted.hasSuffix(".scale") ? dotted.dropLast(5) + "weight" : dotted
      }
      #expect(
        theirs.entries.map(\.name) == names
          && names.contains { $0.contains("normalization") && $0.hasSuffix(".weight") })
      for (entry, other) in zip(own, theirs.entries) where entry.shape.rank == 4 {
        let (a, b) = (try #require(entry.values.doubles), try #require(other.values.doubles))
        let (height, width, inputs, units) = (entry.shape[0], entry.shape[1], entry.shape[2], entry.shape[3])
        #expect(other.shape == [units, inputs, height, width])
        // Some element off every diagonal.
        let (h, w, i, u) = (height - 1, 0, inputs - 1, units / 2)
        #expect(a[((h * width + w) * inputs + i) * units + u] == b[((u * inputs + i) * height + h) * width + w])
      }
    }
  }

  @Test("in the layout of PyTorch may come with the moments of its batch normalization, which are left out")
  func moments() throws {
    let sample = try WeightsSample("hidden: [4], normalization: batch")
    try withFolder { folder in
      try sample.write(to: folder.path + "/run.h5")
      var file = try RunWeights(folder.path + "/run.h5").exported(["20"], layout: .pytorch)
      let layer = try #require(file.entries.first { $0.name.hasSuffix(".weight") && $0.shape.rank == 1 }).name.dropLast(
        7)
      file.entries += [
        .init("\(layer).running_mean", shape: [4], values: .float32([9, 9, 9, 9])),
        .init("\(layer).running_var", shape: [4], values: .float32([9, 9, 9, 9])),
        .init("\(layer).num_batches_tracked", shape: [], values: .int64([3])),
      ]
      // As another program writes it, without a word on the layout.
      file.metadata = [:]
      let path = folder.path + "/theirs.safetensors"
      try file.write(to: path)
      #expect(try sample.read(path, ", layout: pytorch").parameters == sample.parameters)
      let unsaid = #expect(throws: StorageError.self) { try sample.read(path) }
      #expect(
        unsaid?.description.hasSuffix("to landscape for the former, to pytorch for the latter.") == true)
      let weight = try #require(file.entries.first { $0.name == "dense1.weight" })
      file.entries.append(.init("dense1/weight", shape: weight.shape, values: weight.values))
      try file.write(to: path)
      let twice = #expect(throws: StorageError.self) { try sample.read(path, ", layout: pytorch") }
      #expect(twice?.description.contains("it holds dense1/weight twice, once with a full stop in its name") == true)
    }
  }

  @Test("of a run that diverged tell so, and those with NaN are refused")
  func diverged() throws {
    let sample = try WeightsSample("hidden: [5]")
    try withFolder { folder in
      let run = folder.path + "/run.h5"
      try sample.write(to: run, status: .diverged)
      #expect(try sample.read(run).divergence == "it burst")
      try RunWeights(run).exported(["20"], layout: .landscape).write(to: folder.path + "/a.safetensors")
      #expect(try sample.read(folder.path + "/a.safetensors").divergence == "it burst")
      try sample.write(to: run, parameters: sample.parameters.map { _ in .nan })
      let error = #expect(throws: StorageError.self) { try sample.read(run) }
      #expect(error?.description.contains("element 0 of its dense1/weight is nan") == true)
    }
  }

  @Test("are part of a run's identity by their content, and need to be named with a file each")
  func settings() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
      let path = folder.path + "/a"
      func pinned(_ text: String) throws -> EndsSettings {
        try Data(text.utf8).write(to: URL(filePath: path))
        return try EndsSettings(yaml: "files: [\(path), \(path)]").pinned()
      }
      #expect(try pinned("one").sha256 == pinned("one").sha256)
      #expect(try pinned("one").digest(experiment: "e", seed: 0) != pinned("two").digest(experiment: "e", seed: 0))
      #expect(try pinned("one").weights.map(\.sha256) == [try sha256(ofFile: path), try sha256(ofFile: path)])
      #expect(try EndsSettings(yaml: "files: [\(path), /none]").pinned().sha256.isEmpty)
      #expect(try WeightsSettings(yaml: "file: \(path)").pinned().sha256 == sha256(ofFile: path))
    }
    for (yaml, words) in [
      ("files: [a]", "files names one file, but there are two ends at least"),
      ("{files: [a, b], checkpoints: [c]}", "checkpoints has 1 entries, but files 2"),
      ("checkpoints: [c, d]", "checkpoints has 2 entries, but files 0"),
      ("layout: pytorch", "layout goes with files, and none is named"),
      ("{files: [a, b], sha256: [ab, cd]}", "sha256 is ab, but a SHA-256 has 64 hexadecimal digits"),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try EndsSettings(yaml: yaml) }
      #expect(error?.description.contains(words) == true, "\(yaml)")
    }
    for yaml in ["checkpoint: first", "{file: a, sha256: ab}"] {
      #expect(throws: ConfigurationError.self) { try WeightsSettings(yaml: yaml) }
    }
  }
}
