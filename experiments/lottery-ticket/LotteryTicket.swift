internal import Datasets
public import Harness
internal import Networks
internal import Pruning
internal import Storage
internal import Tensors

/// Iterative magnitude pruning with rewinding, and its controls.
public enum LotteryTicketExperiment: Experiment {
  /// What one run does.
  public typealias Settings = LotteryTicketSettings

  /// "lottery-ticket".
  public static let name = "lottery-ticket"

  /// What it is about.
  public static let abstract = """
    A dense network is trained, its smallest weights are removed, the others go back to what they were early in training, \
    and the sparse network is trained again, round after round. Beside these tickets stand controls of the same sparsity: \
    fresh initializations, random and shuffled masks, pruning in one go, pruning before training. Sparse networks are \
    trained with sparse products, so that training gets cheaper as weights go.
    """

  /// The papers.
  public static let references = Literature.all

  /// What its runs decide.
  public static let findings = [winningTicket, reinitialized, faster, iterative, lateRewinding, layerwise]

  /// The sweeps behind the findings.
  public static let profiles = Profiles(
    smoke: PackageResources.smoke_yaml, quick: PackageResources.quick_yaml, full: PackageResources.full_yaml)

  /// The dense network, the tickets of all rounds, and their controls.
  public static func run(_ settings: Settings, in context: RunContext) throws -> RunResult {
    let session = try Session(settings, in: context)
    let (dense, rewound) = try session.first()
    var tickets = [dense]
    var restart = session.firstRestart
    for round in 0..<settings.pruning.rounds {
      let mask = tickets[round].mask
      let trained = mask.expanded(tickets[round].parameters)
      let next = settings.pruning.rule.applied(to: mask, scores: trained.map { abs($0) }, of: session.network)
      restart = session.restart(rewound: rewound, trained: trained)
      tickets.append(try session.pruned("ticket-\(round + 1)", next, from: restart))
    }
    let controls = Controls(session, dense: dense, rewound: rewound)
    var families: [(name: String, courses: [Int: Course])] = []
    for control in settings.controls where !settings.measuredRounds.isEmpty {
      var courses: [Int: Course] = [:]
      for round in settings.measuredRounds {
        courses[round] = try controls.course(control, round: round, ticket: tickets[round].mask)
      }
      families.append((control.groupName, courses))
    }
    let report = Report(
      network: session.network, tickets: tickets, controls: families, unit: settings.training.loss.unit)
    var measurements = report.measurements
    let objective: NetworkObjective<Float> = settings.training.objective(of: session.network, on: session.parts.train)
    let dead = objective.deadUnits(at: session.mask.expanded(dense.parameters))
    measurements.variables.append(dead.variable(named: "dead_units", " of \(session.subject)"))
    // Of what diverged nothing else is said.
    if dense.divergedAt == nil, let remark = dead?.remark {
      measurements.remarks.insert("of \(session.subject), \(remark)", at: 0)
    }
    if settings.slices.lines > 0 {
      measurements.groups["slices"] = try session.slices(first: dense, last: tickets.last, trainedFrom: restart)
    }
    return RunResult(
      measurements: measurements, checkpoints: report.checkpoints(start: session.start, rewound: rewound),
      divergence: dense.divergedAt.map {
        divergenceSentence(
          of: "\(session.subject)'s loss", atStep: $0, from: session.firstRestart.step)
      })
  }
}
