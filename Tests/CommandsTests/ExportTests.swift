import Commands
import Foundation
import Harness
import Storage
import Tensors
import Testing

@Suite("landscape export")
struct ExportTests {
  /// A run file with these checkpoints, each of a weight [2, 3] and a bias.
  private func write(_ names: [String], to path: String) throws {
    let blocks = [
      ParameterBlock("dense1/weight", shape: [2, 3], offset: 0), ParameterBlock("dense1/bias", shape: [3], offset: 6),
    ]
    var checkpoints = Group()
    for (place, name) in names.enumerated() {
      checkpoints.groups[name] = Group(parameters: (0..<9).map { Float(100 * place + $0) }, in: blocks)
    }
    try RunFile(
      header: RunFileHeader(
        title: "sample", source: "tests", history: "", references: [], experiment: "sample", runID: "id", seed: 7,
        status: .complete),
      configuration: RunFile.configuration(
        yaml: "a: 1\n", scalars: ["minimum.network.hidden": .integers([3]), "a": 1]),
      checkpoints: checkpoints
    ).write(to: path)
  }

  @Test("writes the weights of the last step, with the run's identity and configuration")
  func last() throws {
    try withFolder { folder in
      try write(["0", "100", "20"], to: folder + "/run.h5")
      let done = landscape("export", folder + "/run.h5", "--to", folder + "/a.safetensors")
      #expect(done.code == 0 && done.out == "\(folder)/a.safetensors: 2 tensors of 100\n" && done.error.isEmpty)
      let file = try SafetensorsFile.read(folder + "/a.safetensors")
      #expect(
        file.entries == [
          .init("dense1/weight", shape: [2, 3], values: .float32([100, 101, 102, 103, 104, 105])),
          .init("dense1/bias", shape: [3], values: .float32([106, 107, 108])),
        ])
      #expect(
        file.metadata == [
          "source": "tests", "experiment": "sample", "run_id": "id", "seed": "7", "status": "complete",
          "layout": "landscape", "checkpoints": "100", "configuration.minimum.network.hidden": "[3]",
          "configuration.a": "1",
        ])
    }
  }

  @Test("writes several as a state dict of PyTorch's, and says as JSON what it wrote")
  func several() throws {
    try withFolder { folder in
      try write(["first", "second"], to: folder + "/run.h5")
      let done = landscape(
        "export", folder + "/run.h5", "--all", "--layout", "pytorch", "--to", folder + "/a.safetensors", "--json")
      let file = try SafetensorsFile.read(folder + "/a.safetensors")
      #expect(
        file.entries.first == .init("first.dense1.weight", shape: [3, 2], values: .float32([0, 3, 1, 4, 2, 5])))
      #expect(file.entries.last?.name == "second.dense1.bias" && file.metadata["checkpoints"] == "first second")
      let said = try #require(
        try JSONSerialization.jsonObject(with: Foundation.Data(done.out.utf8)) as? [String: Any])
      #expect(said["checkpoints"] as? [String] == ["first", "second"] && said["layout"] as? String == "pytorch")
      let tensors = try #require(said["tensors"] as? [[String: Any]])
      #expect(
        tensors.count == 4 && tensors[0]["shape"] as? [Int] == [3, 2] && tensors[0]["type"] as? String == "float32")
      let second = landscape(
        "export", folder + "/run.h5", "--checkpoint", "second", "--to", folder + "/b.safetensors")
      #expect(second.code == 0)
      #expect(
        try SafetensorsFile.read(folder + "/b.safetensors").entries.map(\.name) == ["dense1/weight", "dense1/bias"])
    }
  }

  @Test("says in one sentence what can't be written")
  func refusals() throws {
    try withFolder { folder in
      let (run, target) = (folder + "/run.h5", folder + "/a.safetensors")
      #expect(landscape("export", run, "--to", target).code == 66)
      try write(["first", "second"], to: run)
      let several = landscape("export", run, "--to", target)
      #expect(several.code == 65)
      #expect(
        several.error
          == "landscape: cannot read \(run): it has several checkpoints and none of them is the last. Choose among first, "
          + "second.\n")
      #expect(
        landscape("export", run, "--checkpoint", "third", "--to", target).error.contains("has no checkpoint third."))
      #expect(landscape("export", run, "--checkpoint", "first", "--checkpoint", "first", "--to", target).code == 64)
      #expect(landscape("export", run, "--all", "--checkpoint", "first", "--to", target).code == 64)
      let overwriting = landscape("export", run, "--all", "--to", run)
      #expect(overwriting.code == 64 && overwriting.error.contains("must end in .safetensors"))
      try write(["0"], to: target)
      #expect(landscape("export", target, "--to", folder + "/./a.safetensors").error.contains("the run file itself"))
      try FileManager.default.removeItem(atPath: target)
      try write([], to: run)
      #expect(landscape("export", run, "--to", target).error.contains("it holds no weights: runs of sample keep none."))
      #expect(!FileManager.default.fileExists(atPath: target))
    }
  }

  /// A run file with planes in these groups.
  private func write(planes: [String], to path: String) throws {
    var measurements = Group()
    for name in planes {
      measurements.groups[name] = Group(
        dimensions: [Dimension("alpha", coordinates: [0.0, 1]), Dimension("beta", coordinates: [0.0, 1, 2])],
        variables: [Variable("loss", along: ["alpha", "beta"], shape: [2, 3], values: [0.0, 1, 2, 3, 4, 5])])
    }
    try RunFile(
      header: RunFileHeader(
        title: "sample", source: "tests", history: "", references: [], experiment: "sample", runID: "id", seed: 7,
        status: .complete),
      configuration: RunFile.configuration(yaml: "a: 1\n", scalars: ["a": 1]), measurements: measurements
    ).write(to: path)
  }

  @Test("writes a plane as VTK; of several it asks which, and of none it says so")
  func planes() throws {
    try withFolder { folder in
      let (run, target) = (folder + "/run.h5", folder + "/plane.vtk")
      try write(planes: ["plane"], to: run)
      let done = landscape("export", run, "--to", target)
      #expect(done.code == 0 && done.out == "\(target): 2 x 3 points with loss\n" && done.error.isEmpty)
      let text = try String(contentsOfFile: target, encoding: .utf8)
      #expect(text.contains("sample, measurements/plane\n") && text.hasSuffix("0.0 3.0\n1.0 4.0\n2.0 5.0\n"))
      try write(planes: ["first", "second"], to: run)
      let several = landscape("export", run, "--to", target)
      #expect(
        several.code == 65
          && several.error == "landscape: cannot read \(run): it has several planes. Choose with --plane among "
            + "measurements/first, measurements/second.\n"
      )
      #expect(landscape("export", run, "--plane", "second", "--to", target, "--json").out.contains(#""points""#))
      #expect(landscape("export", run, "--plane", "third", "--to", target).error.contains("it has no plane third."))
      #expect(landscape("export", run, "--plane", "first", "--all", "--to", target).code == 64)
      #expect(landscape("export", run, "--plane", "first", "--to", folder + "/a.safetensors").code == 64)
      try write(planes: [], to: run)
      #expect(landscape("export", run, "--to", target).error.contains("it holds no plane."))
    }
  }
}
