internal import ArgumentParser
internal import Components
internal import Configuration
internal import Harness

/// Lists what can be picked by name: experiments, or components of a kind.
struct List<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: "List the experiments, or the components that a configuration can name.",
      discussion: """
        Examples:
          \(Registry.programName) list
          \(Registry.programName) list optimizers
          \(Registry.programName) list layers --json
        """)
  }

  @Argument(help: "What to list.") var subject = Subject.experiments
  @Flag(help: "As JSON.") var json = false

  /// What there are lists of.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case experiments, architectures, layers, initializers, losses, optimizers, schedules, all

    /// The kinds of component that it stands for.
    var kinds: [Component.Kind] {
      switch self {
      case .experiments: []
      case .architectures: [.architecture]
      case .layers: [.layer]
      case .initializers: [.initializer]
      case .losses: [.loss]
      case .optimizers: [.optimizer]
      case .schedules: [.schedule]
      case .all: Component.Kind.allCases
      }
    }
  }

  private struct Row: Encodable {
    let name: String
    let abstract: String
    let findings: [String]
  }

  func run() throws {
    let console = Console.current
    if subject != .experiments {
      let components = subject.kinds.flatMap { kind in ComponentCatalogue.all.filter { $0.kind == kind } }
      try console.out(
        json ? Commands.json(components.map(ComponentRow.init)) : ComponentCatalogue.text(components))
      return
    }
    let rows = Registry.experiments.map { Row(name: $0.name, abstract: $0.abstract, findings: $0.findings.map(\.id)) }
    try console.out(
      json
        ? try Commands.json(rows)
        : rows.map { "\($0.name)\n" + wrapped($0.abstract, indent: "  ") }.joined(separator: "\n"))
  }
}

/// Shows what an experiment is about and how it is configured.
struct Describe<Registry: ExperimentRegistry>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "describe", abstract: "Show an experiment's purpose, settings, findings and sources.",
      discussion: """
        Example:
          \(Registry.programName) describe \(Registry.exampleName)
        """)
  }

  @Argument(help: "The experiment's name.") var experiment: String
  @Flag(help: "As JSON.") var json = false

  private struct Setting: Encodable {
    let key: String
    let defaultValue: String
    let allowed: String
    let units: String?
    let documentation: String
  }

  private struct Description: Encodable {
    let name: String
    let abstract: String
    let settings: [Setting]
    let findings: [String: String]
    let references: [String]
  }

  func run() throws {
    let experiment = try Registry.experiments.named(experiment)
    let console = Console.current
    let rows = experiment.settingsDocumentation
    if json {
      try console.out(
        Commands.json(
          Description(
            name: experiment.name, abstract: experiment.abstract,
            settings: rows.filter { !$0.isSection }.map {
              Setting(
                key: $0.key, defaultValue: $0.defaultValue, allowed: $0.allowed, units: $0.units,
                documentation: $0.documentation)
            },
            findings: Dictionary(
              experiment.findings.map { ($0.id, $0.statement) }, uniquingKeysWith: { first, _ in first }),
            references: experiment.references.map(\.identifier))))
      return
    }
    var text = "\(experiment.name)\n" + wrapped(experiment.abstract, indent: "  ") + "\nSettings\n"
    for row in rows {
      if row.isSection {
        text += "\n" + wrapped("\(row.key): \(row.documentation)", indent: "  ")
      } else {
        text += "  \(row.key): \(row.defaultValue)\n"
        text += wrapped(
          "\(row.documentation) Allowed: \(row.allowed)" + (row.units.map { ", in \($0)" } ?? "") + ".",
          indent: "      ")
      }
    }
    if !experiment.findings.isEmpty {
      text += "\nFindings\n"
      for finding in experiment.findings {
        text += "  \(finding.id)\n" + wrapped("\(finding.statement) Criterion: \(finding.criterion).", indent: "      ")
      }
    }
    if !experiment.references.isEmpty {
      text += "\nSources\n"
      for reference in experiment.references {
        text += wrapped(reference.listing, indent: "  ")
      }
    }
    try console.out(text)
  }
}
