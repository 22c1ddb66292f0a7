internal import Configuration
internal import Datasets
internal import Storage

/// The codes that the program ends with, after BSD's sysexits.
public enum ExitStatus {
  /// All went well; a finding that wasn't reproduced is no error.
  public static let success: Int32 = 0
  /// Runs failed for different reasons, or for one that has no code of its own.
  public static let failure: Int32 = 1
  /// The command line isn't understood, or names what isn't there.
  public static let usage: Int32 = 64
  /// A file is damaged or foreign.
  public static let badData: Int32 = 65
  /// A file that should be read isn't there.
  public static let missingInput: Int32 = 66
  /// A mistake in the program.
  public static let software: Int32 = 70
  /// A file or folder can't be made.
  public static let cannotCreate: Int32 = 73
  /// Reading or writing failed: a full disk, a lost network folder.
  public static let inputOutput: Int32 = 74
  /// Another process works on it.
  public static let held: Int32 = 75
  /// A mistake in a configuration.
  public static let configuration: Int32 = 78

  /// The code of a signal: 130 for Ctrl-C, 143 for SIGTERM.
  public static func interrupted(by signal: Int32) -> Int32 { 128 + signal }

  /// The code that belongs to an error.
  public static func code(of error: any Error) -> Int32 {
    switch error {
    case is ConfigurationError: configuration
    case let error as HarnessError: code(of: error)
    case let error as StorageError: code(of: error)
    case let error as DatasetError: code(of: error)
    case let error as Interruption: interrupted(by: error.signal)
    default: failure
    }
  }

  private static func code(of error: HarnessError) -> Int32 {
    switch error {
    case .unknownExperiment, .unknownFinding, .usage: usage
    case .unknownSweep: configuration
    case .missingFile: missingInput
    case .unreadable, .outputFailed, .diskFull: inputOutput
    case .notWritable: cannotCreate
    case .damagedResult, .otherConfiguration: badData
    case .held: held
    case .runsFailed(_, _, _, let exitCode), .rehearsalsFailed(_, let exitCode): exitCode
    }
  }

  private static func code(of error: DatasetError) -> Int32 {
    switch error {
    case .unknown: configuration
    case .missing, .absent: missingInput
    case .unreadable: inputOutput
    case .damaged, .truncated, .tooLarge, .empty, .foreign, .malformed: badData
    }
  }

  private static func code(of error: StorageError) -> Int32 {
    switch error.kind {
    // Where something is to be written, what is missing is the folder.
    case .missing: error.operation == "write" ? cannotCreate : missingInput
    case .absent, .foreign, .damaged, .newerFormat: badData
    case .invalidContent: software
    case .notPermitted: cannotCreate
    case .noSpace, .failed: inputOutput
    case .held: held
    }
  }
}
