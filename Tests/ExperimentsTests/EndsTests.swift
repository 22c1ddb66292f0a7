import Configuration
import Flatness
import Foundation
import Harness
import LotteryTicket
import ModeConnectivity
import Networks
import Storage
import Tensors
import Testing

/// Makes a run and hands back its file, read and by path.
private func made<E: Experiment>(
  _ experiment: E.Type, _ yaml: String, in folder: ResultsFolder
) throws -> (file: Group, path: String) {
  let run = E.planned(try E.Settings(yaml: yaml).pinned(), seed: 1)
  let ending = Batch([run], folder: folder).execute()[0].ending
  #expect(ending == .finished, "\(ending)")
  let path = run.file(in: folder)
  return (try GroupFile(path).read(), path)
}

private func failure<E: Experiment>(_ experiment: E.Type, _ yaml: String, in folder: ResultsFolder) throws -> String {
  let run = E.planned(try E.Settings(yaml: yaml).pinned(), seed: 1)
  switch Batch([run], folder: folder).execute()[0].ending {
  case .failed(let sentence, _): return sentence
  default: return "it ended"
  }
}

@Suite("Minima from files")
struct EndsTests {
  private static let minimum =
    "minimum: {network: {hidden: [6], normalization: batch}, data: {train_count: 60, test_count: 30}, steps: 60, "
    + "batch_size: 20}, path_points: 5"

  @Test("give the path between them that it had where they were trained, with moments of batches computed anew")
  func path() throws {
    try inFolder { folder in
      let trained = try made(ModeConnectivityExperiment.self, "{\(Self.minimum), measure: [line]}", in: folder)
      let path = folder.path + "/ends.safetensors"
      try RunWeights(trained.path).exported(["second", "first"], layout: .pytorch).write(to: path)
      for (files, checkpoints) in [
        ([trained.path, trained.path], "[first, second]"), ([path, trained.path], "[first, second]"),
        ([path, path], "[first, second]"),
      ] {
        let ends = "ends: {files: [\(files.joined(separator: ", "))], checkpoints: \(checkpoints)}"
        let read = try made(
          ModeConnectivityExperiment.self, "{\(Self.minimum), measure: [initialization, line, matching], \(ends)}",
          in: folder)
        for name in ["train_loss", "test_loss", "test_error", "train_objective"] {
          #expect(
            try read.file.variable("measurements/line/\(name)").values
              == trained.file.variable("measurements/line/\(name)").values)
        }
        #expect(try read.file.group("checkpoints/first") == trained.file.group("checkpoints/first"))
        let remark = "initialization: ends from files have no start, so that there is no line from it"
        #expect(read.file.remarks.contains(remark))
        let digest = String(try sha256(ofFile: files[0]).prefix(16))
        #expect(try read.file.group("measurements").attributes["first_minimum"]?.text == "\(digest)/first")
      }
      // Of the defaults it is left out without a word.
      let ends = "ends: {files: [\(trained.path), \(trained.path)], checkpoints: [first, second]}"
      let silent = try made(
        ModeConnectivityExperiment.self,
        "{\(Self.minimum), \(ends), curve: {steps: 2}, plane: {alpha_count: 3, beta_count: 2}}", in: folder)
      #expect(!silent.file.remarks.contains { $0.contains("have no start") })
      // Trained minima in files of their own have one last step.
      let ids = ["first_minimum", "second_minimum"].compactMap {
        trained.file.groups["measurements"]?.attributes[$0]?.text
      }
      let files = ids.map { "\(folder.path)/minima/\($0).h5" }
      let read = try made(
        ModeConnectivityExperiment.self,
        "{\(Self.minimum), measure: [line], ends: {files: [\(files.joined(separator: ", "))]}}", in: folder)
      #expect(
        try read.file.variable("measurements/line/train_loss").values
          == trained.file.variable("measurements/line/train_loss").values)
    }
  }

  @Test(
    "make as many points for the tree as there are files; one that is no minimum is remarked on, and the run goes on")
  func remark() throws {
    let long = Self.minimum.replacing("steps: 60", with: "steps: 600")
    try inFolder { folder in
      let trained = try made(ModeConnectivityExperiment.self, "{\(long), measure: [line]}", in: folder)
      let id = try #require(trained.file.groups["measurements"]?.attributes["first_minimum"]?.text)
      let minimum = "\(folder.path)/minima/\(id).h5"
      let read = try made(
        ModeConnectivityExperiment.self,
        "{\(long), measure: [tree], elastic_band: {cycles: 1, steps: 2}, ends: {files: [\(minimum), \(minimum), "
          + "\(trained.path)], checkpoints: ['600', '0', second]}}", in: folder)
      #expect(try read.file.variable("measurements/tree/maximum").shape == [3, 3])
      let note = try #require(read.file.attributes["remarks"]?.texts).joined(separator: "; ")
      #expect(note.contains("end 1 is no minimum: the gradient's norm is ") && note.contains(", at a random point "))
      #expect(!note.contains("end 0") && !note.contains("end 2"))
    }
  }

  @Test("so large that nothing can be measured there leave no number beside a NaN, and the run remarks on each measure")
  func extreme() throws {
    let sizes = [("dense1/weight", [64, 3]), ("dense1/bias", [3]), ("dense2/weight", [3, 10]), ("dense2/bias", [10])]
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
      let path = folder.path + "/large.safetensors"
      try SafetensorsFile(
        entries: sizes.map { name, shape in
          let values = [Float](repeating: 1e30, count: shape.reduce(1, *))
          return .init(name, shape: Shape(shape), values: .float32(values))
        }
      ).write(to: path)
      let settings =
        "minimum: {network.hidden: [3], data: {train_count: 20, test_count: 10}}, weights: {file: \(path), layout: "
        + "landscape}, measures: {subspace: 5, ascent_steps: 1, noise_pairs: 1, trace_probes: 1, flatness_probes: 1, "
        + "maximum_dimension: 5}, slices: {lines: 1, points: 3}"
      let read = try made(FlatnessExperiment.self, "{\(settings)}", in: folder).file
      for place in ["measurements/", "measurements/slices/"] {
        for part in ["train", "test"] {
          let losses: [Double] = try read.variable("\(place)\(part)_loss").elements()
          let errors: [Double] = try read.variable("\(place)\(part)_error").elements()
          #expect(losses.allSatisfy(\.isNaN) && errors.allSatisfy(\.isNaN), "\(place)\(part): \(losses) \(errors)")
        }
      }
      let isMinimum: UInt8 = try read.variable("measurements/is_minimum").value()
      #expect(isMinimum == 0)
      let lost = try #require(read.remarks.first { $0.hasPrefix("not finite numbers: ") })
      #expect(["lambda_max", "trace", "sam_sharpness"].allSatisfy(lost.contains), "\(lost)")
      #expect(read.remarks.contains("the point in \(path) is no minimum: the gradient is not a number"))
      #expect(!read.remarks.joined().contains("-nan"))
    }
  }

  @Test("of another network end the run with one sentence that names file, tensor and mend")
  func wrongNetwork() throws {
    try inFolder { folder in
      let trained = try made(ModeConnectivityExperiment.self, "{\(Self.minimum), measure: [line]}", in: folder)
      let ends = "ends: {files: [\(trained.path), \(trained.path)], checkpoints: [first, second]}"
      let wide = Self.minimum.replacing("hidden: [6]", with: "hidden: [7]")
      #expect(
        try failure(ModeConnectivityExperiment.self, "{\(wide), \(ends)}", in: folder)
          == "cannot take weights from \(trained.path): its dense1/weight has the shape [64, 6], and the network's has "
          + "[64, 7]. Name a file of the same network, or change the network's settings.")
      let other = Self.minimum.replacing("hidden: [6]", with: "hidden: [6], activation: tanh")
      #expect(
        try failure(ModeConnectivityExperiment.self, "{\(other), \(ends)}", in: folder).contains(
          "it is of a network whose activation is relu, and it is tanh here."))
    }
  }

  @Test("are as flat as where they were trained, by every measure, and pruned ones may be measured")
  func flatness() throws {
    let settings =
      "minimum: {network.hidden: [6], data: {train_count: 60, test_count: 30}, steps: 60, batch_size: 20}, rescaling: 4, "
      + "measures: {subspace: 5, ascent_steps: 3, noise_pairs: 2, trace_probes: 3, flatness_probes: 2, "
      + "maximum_dimension: 20}, slices.lines: 0"
    try inFolder { folder in
      let trained = try made(FlatnessExperiment.self, "{\(settings)}", in: folder)
      let path = folder.path + "/minimum.safetensors"
      try RunWeights(trained.path).exported(["60"], layout: .pytorch).write(to: path)
      for file in [path, trained.path] {
        let read = try made(FlatnessExperiment.self, "{\(settings), weights.file: \(file)}", in: folder)
        let (one, other) = (try read.file.group("measurements"), try trained.file.group("measurements"))
        // Nobody knows where the training of a file's weights began.
        func known(_ group: Group) -> [Variable] { group.variables.filter { $0.name != "initial_gradient_norm" } }
        #expect(known(one) == known(other) && one.groups == other.groups)
        #expect(try read.file.group("checkpoints/minimum") == trained.file.group("checkpoints/60"))
      }
      let tickets = try made(
        LotteryTicketExperiment.self,
        "{training: {network.hidden: [6], data: {train_count: 60, test_count: 30}, steps: 20, batch_size: 20}, "
          + "pruning.rounds: 2, controls: [], evaluations: 2}", in: folder)
      let sparse = try made(
        FlatnessExperiment.self, "{\(settings), weights: {file: \(tickets.path), checkpoint: ticket_2}}", in: folder)
      let weights: [Float] = try sparse.file.variable("checkpoints/minimum/dense1/weight").elements()
      let mask: [UInt8] = try tickets.file.variable("checkpoints/mask_2/dense1/weight").elements()
      #expect(zip(weights, mask).allSatisfy { $1 == 1 || $0 == 0 } && mask.contains(0))
    }
  }
}
