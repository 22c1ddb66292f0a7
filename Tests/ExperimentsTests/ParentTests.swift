import Configuration
import Foundation
import Harness
import LotteryTicket
import Storage
import Testing

@Suite("Tickets of another run")
struct ParentTests {
  private static func training(
    hidden: String = "[9, 7]", _ descent: String = "steps: 40, batch_size: 20"
  ) -> String {
    "training: {network.hidden: \(hidden), data: {train_count: 90, test_count: 40}, \(descent)}, evaluations: 4"
  }

  private func run(_ yaml: String, seed: Int = 1) throws -> PlannedRun {
    LotteryTicketExperiment.planned(try LotteryTicketSettings(yaml: yaml).pinned(), seed: seed)
  }

  private func made(_ yaml: String, seed: Int = 1, in folder: ResultsFolder) throws -> (file: Group, path: String) {
    let run = try run(yaml, seed: seed)
    let ending = Batch([run], folder: folder).execute()[0].ending
    #expect(ending == .finished, "\(ending)")
    return (try GroupFile(run.file(in: folder)).read(), run.file(in: folder))
  }

  private func failure(_ yaml: String, in folder: ResultsFolder) throws -> String {
    switch Batch([try run(yaml)], folder: folder).execute()[0].ending {
    case .failed(let sentence, _): sentence
    default: "it ended"
    }
  }

  @Test(
    "trained by its settings is that run's ticket to the last bit, however it rewinds, and goes on as it did",
    arguments: ["{}", "{step: 10}", "{what: learning-rate, step: 10}", "{what: fine-tuning, rate: 0.01}"])
  func same(rewinding: String) throws {
    let pruning = "rate: 0.4, output_rate: 0.2"
    try inFolder { folder in
      let parent = try made(
        "{\(Self.training()), rewinding: \(rewinding), pruning: {rounds: 3, \(pruning)}, controls: []}", in: folder)
      let child = try made(
        "{\(Self.training()), rewinding: \(rewinding), pruning: {rounds: 1, \(pruning)}, controls: [], "
          + "parent: {file: \(parent.path), round: 2}}", in: folder)
      for (own, others) in [("0", "2"), ("1", "3")] {
        for kind in ["mask", "ticket"] {
          let (one, other) = ("checkpoints/\(kind)_\(own)", "checkpoints/\(kind)_\(others)")
          #expect(try child.file.group(one) == parent.file.group(other), "\(one), \(other)")
        }
      }
      // The whole network of a parent begins where it began there.
      let whole = try made(
        "{\(Self.training()), rewinding: \(rewinding), pruning: {rounds: 1, \(pruning)}, controls: [], "
          + "parent: {file: \(parent.path), round: 0}}", in: folder)
      for kind in ["ticket_0", "mask_1", "ticket_1"] {
        let (one, other) = (try whole.file.group("checkpoints/\(kind)"), try parent.file.group("checkpoints/\(kind)"))
        #expect(one == other, "\(kind)")
      }
      for name in ["start", "rewound"] {
        #expect(try child.file.group("checkpoints/\(name)") == parent.file.group("checkpoints/\(name)"))
      }
      let densities: [Double] = try child.file.variable("measurements/density").elements()
      #expect(densities == Array(try parent.file.variable("measurements/density").elements()[2...]))
      let errors: [Double] = try child.file.variable("measurements/ticket/final_test_error").elements()
      #expect(errors == Array(try parent.file.variable("measurements/ticket/final_test_error").elements()[2...]))
    }
  }

  @Test("trained by other settings keeps its mask and its start and ends elsewhere")
  func other() throws {
    try inFolder { folder in
      let parent = try made("{\(Self.training()), pruning.rounds: 2, controls: []}", in: folder)
      let further = "pruning.rounds: 0, parent: {file: \(parent.path), round: 2}"
      for descent in [
        "steps: 50, batch_size: 20", "steps: 40, batch_size: 30", "steps: 40, batch_size: 20, optimizer.method: adam",
        "steps: 40, batch_size: 20, schedule.learning_rate: 0.02", "steps: 40, batch_size: 20, schedule.kind: constant",
      ] {
        let child = try made("{\(Self.training(descent)), \(further)}", in: folder)
        #expect(try child.file.group("checkpoints/mask_0") == parent.file.group("checkpoints/mask_2"))
        #expect(try child.file.group("checkpoints/rewound") == parent.file.group("checkpoints/rewound"))
        #expect(try child.file.group("checkpoints/ticket_0") != parent.file.group("checkpoints/ticket_2"), "\(descent)")
        let weights: [Float] = try child.file.variable("checkpoints/ticket_0/dense1/weight").elements()
        let mask: [UInt8] = try child.file.variable("checkpoints/mask_0/dense1/weight").elements()
        #expect(zip(weights, mask).allSatisfy { ($0 != 0) == ($1 == 1) })
      }
      let batches = try made("{\(Self.training()), \(further)}", seed: 2, in: folder)
      #expect(try batches.file.group("checkpoints/start") == parent.file.group("checkpoints/start"))
      #expect(try batches.file.group("checkpoints/ticket_0") != parent.file.group("checkpoints/ticket_2"))
    }
  }

  @Test("may be pruned on, with controls and slices of their own")
  func further() throws {
    try inFolder { folder in
      let parent = try made("{\(Self.training()), pruning.rounds: 2, controls: []}", in: folder)
      let child = try made(
        "{\(Self.training()), pruning.rounds: 1, parent: {file: \(parent.path), round: 2}, slices: {lines: 1, points: 3}, "
          + "controls: [reinitialized, shuffled-mask, random-mask, one-shot, magnitude-at-start, snip, grasp, synflow]}",
        in: folder)
      let measurements = try child.file.group("measurements")
      for (name, group) in measurements.groups where name != "slices" {
        let errors: [Double] = try group.variable("final_test_error").elements()
        #expect(errors[1].isFinite, "\(name)")
      }
      // What one shot takes from the parent ticket is what the first round takes.
      let oneShot: [Double] = try measurements.variable("one_shot/final_test_error").elements()
      let ticket: [Double] = try measurements.variable("ticket/final_test_error").elements()
      #expect(oneShot[1] == ticket[1] && oneShot[0].isNaN)
      #expect(try child.file.group("measurements/slices").groups.map(\.name) == ["parent", "ticket"])
    }
  }

  @Test("other content makes another run, and a file that is not the one that was planned with ends it")
  func identity() throws {
    try inFolder { folder in
      let first = try made("{\(Self.training()), pruning.rounds: 1, controls: []}", in: folder)
      let second = try made("{\(Self.training()), pruning.rounds: 1, controls: []}", seed: 2, in: folder)
      let path = folder.path + "/parent.h5"
      try FileManager.default.copyItem(atPath: first.path, toPath: path)
      let planned = try run("{\(Self.training()), parent.file: \(path)}")
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: second.path, toPath: path)
      #expect(try run("{\(Self.training()), parent.file: \(path)}").id != planned.id)
      guard case .failed(let sentence, _) = Batch([planned], folder: folder).execute()[0].ending else {
        Issue.record("it ended")
        return
      }
      #expect(sentence.contains("\(path): its SHA-256 is ") && sentence.contains("and the settings say "))
    }
  }

  @Test("that are not there, or of another network, end the run with one sentence that names file and mend")
  func refused() throws {
    try inFolder { folder in
      let parent = try made("{\(Self.training()), pruning.rounds: 2, controls: []}", in: folder)
      func failure(_ parent: String, training: String = Self.training()) throws -> String {
        try self.failure("{\(training), parent: {\(parent)}}", in: folder)
      }
      let file = "file: \(parent.path)"
      #expect(
        try failure("\(file), round: 3")
          == "cannot take a ticket from \(parent.path): it has no round 3. Set parent.round to a number from 0 to 2.")
      #expect(
        try failure(file, training: Self.training(hidden: "[9, 8]")).contains(
          "\(parent.path): its dense2/weight has the shape [9, 7], and the network's has [9, 8]. Name a file of"))
      #expect(
        try failure(file, training: Self.training(hidden: "[9, 7], network.activation: tanh"))
          .contains("it is of a network whose activation is relu, and it is tanh here."))
      #expect(try failure("file: \(folder.path)/absent.h5").contains("absent.h5"))
      let text = folder.path + "/text.h5"
      try Data("no run\n".utf8).write(to: URL(fileURLWithPath: text))
      #expect(try failure("file: \(text)").contains("text.h5: it is not an HDF5 file"))
      #expect(throws: ConfigurationError.self) { try LotteryTicketSettings(yaml: "parent.round: 2") }
    }
  }

  @Test("are not to be had from runs of other experiments")
  func otherExperiment() throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
      let path = folder.path + "/other.h5"
      try RunFile(
        header: RunFileHeader(
          title: "", source: "", history: "", references: [], experiment: "flatness", runID: "id", seed: 0,
          status: .complete), configuration: RunFile.configuration(yaml: "", scalars: [:]),
        checkpoints: Group(groups: ["0": Group(variables: [Variable("w", value: 1.0)])]), measurements: Group()
      ).write(to: path)
      #expect(
        try failure("{\(Self.training()), parent.file: \(path)}", in: folder)
          == "cannot take a ticket from \(path): it is a run of flatness and holds none. Name a run file of lottery-ticket."
      )
    }
  }
}
