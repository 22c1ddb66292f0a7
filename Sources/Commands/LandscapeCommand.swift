public import ArgumentParser
internal import Foundation
public import Harness

/// The experiments that a program knows: its own list, passed in by its executable.
///
/// ```swift
/// enum Mine: ExperimentRegistry {
///   static let experiments: [any Experiment.Type] = [Pendulum.self]
/// }
/// LandscapeCommand<Mine>.launch()
/// ```
public protocol ExperimentRegistry: SendableMetatype {
  /// The experiments in the order in which they are listed.
  static var experiments: [any Experiment.Type] { get }
  /// What the program is called in help and messages.
  static var programName: String { get }
}

extension ExperimentRegistry {
  /// "landscape".
  public static var programName: String { "landscape" }
}

/// The program's command line over the experiments of a registry.
public struct LandscapeCommand<Registry: ExperimentRegistry>: ParsableCommand {
  /// Names, texts and subcommands.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Registry.programName,
      abstract: "Measures the loss landscapes of neural networks.",
      discussion: """
        Results go to standard output, messages to standard error.

        Exit codes: 0 done (a finding that wasn't reproduced is no error), 1 runs failed, 64 the command line isn't \
        understood, 65 a file is damaged or foreign, 66 an input is missing, 70 a mistake in the program, 73 something \
        can't be created, 74 reading or writing failed, 75 another process works on it, 78 a mistake in a \
        configuration, 130 and 143 interrupted (the same command goes on).
        """,
      version: programVersion,
      subcommands: [
        Run<Registry>.self, Plan<Registry>.self, List<Registry>.self, Describe<Registry>.self, Status<Registry>.self,
        Collect<Registry>.self, Inspect.self, Export.self, Findings<Registry>.self, Reproduce<Registry>.self, Data.self,
        Bench.self,
        Cite<Registry>.self,
      ])
  }

  /// A command line without its arguments.
  public init() {}

  /// Runs the program on the process's arguments and ends it with the code that belongs to what happened.
  public static func launch() -> Never {
    ThreadWaiting.makePassive()
    StandardStream.keepPlaces()
    Foundation.exit(execute(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs the program on arguments and returns its exit code; an error is one sentence on standard error.
  public static func execute(_ arguments: [String]) -> Int32 {
    let console = Console.current
    // What isn't UTF-8 has been replaced, so that files would get other names than those that were meant.
    if let mangled = arguments.first(where: { $0.unicodeScalars.contains("\u{FFFD}") }) {
      console.error("\(Registry.programName): the argument \"\(mangled)\" is not UTF-8; rename what it names.\n")
      return ExitStatus.usage
    }
    do {
      var command = try parseAsRoot(arguments)
      do { try command.run() } catch {
        // Requests for help and the like come from the parser too, and it knows their words.
        if error is ValidationError || exitCode(for: error) != .failure { throw error }
        console.error("\(Registry.programName): \(error)\n")
        return ExitStatus.code(of: error)
      }
      return ExitStatus.success
    } catch {
      let code = exitCode(for: error).rawValue
      let text = fullMessage(for: error)
      guard code == 0 else {
        console.error(text + "\n")
        return code
      }
      do { try console.out(text + "\n") } catch {
        console.error("\(Registry.programName): \(error)\n")
        return ExitStatus.code(of: error)
      }
      return code
    }
  }
}
