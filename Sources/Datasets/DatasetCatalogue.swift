public import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every known set: what it is, whether it is here, where it was looked for and how to get it.
public struct DatasetCatalogue: Sendable {
  /// Whether a set can be used now.
  public enum Presence: Hashable, Sendable, CustomStringConvertible {
    /// Inside the program.
    case shipped
    /// Computed when it is asked for.
    case generated
    /// All its files lie in a folder (their contents are checked when they are read).
    case found(folder: String)
    /// Some of its files lie in a folder.
    case incomplete(folder: String, missing: [String])
    /// None of its files was found.
    case absent

    /// For example "found in /data/mnist".
    public var description: String {
      switch self {
      case .shipped: "ships with the program"
      case .generated: "generated when used"
      case .found(let folder): "found in \(folder)"
      case .incomplete(let folder, let missing): "in \(folder), without \(missing.joined(separator: ", "))"
      case .absent: "not found"
      }
    }

    /// Whether the set can be loaded.
    public var isUsable: Bool {
      switch self {
      case .shipped, .generated, .found: true
      case .incomplete, .absent: false
      }
    }
  }

  /// One set as the catalogue knows it.
  public struct Entry: Sendable {
    /// The name it is asked for by.
    public let name: String
    /// The shape of one example.
    public let exampleShape: Shape
    /// The number of classes.
    public let classCount: Int
    /// The number of training examples.
    public let trainCount: Int
    /// The number of test examples.
    public let testCount: Int
    /// Whether it is here.
    public let presence: Presence
    /// The folders it was looked for in; empty for a set that needs no files.
    public let looked: [String]
    /// How to get it; `nil` for a set that needs no files.
    public let howToGet: String?
    /// Title, citation, licence and checksums.
    public let provenance: Provenance
  }

  /// The folders whose subfolders (named like the sets) are looked into, in this order.
  public let folders: [String]

  /// A catalogue over `folders`, then those in the environment's `LANDSCAPE_DATA` (colons between them), then
  /// `/usr/share/datasets`, where Debian's packages put theirs.
  public init(folders: [String] = []) {
    let environment = getenv("LANDSCAPE_DATA").map { String(cString: $0) } ?? ""
    self.init(onlyFolders: folders + environment.split(separator: ":").map(String.init) + ["/usr/share/datasets"])
  }

  /// A catalogue over these folders and no others.
  public init(onlyFolders folders: [String]) { self.folders = folders }

  /// The names of all known sets.
  public static var names: [String] { [Digits.name, MNIST1D.name] + fileSets.map(\.name) }

  private static let fileSets: [IDXDataset] = [.fashionMNIST, .mnist]

  /// All known sets, those that need no files first.
  public var entries: [Entry] {
    [
      Entry(
        name: Digits.name, exampleShape: Digits.shape, classCount: 10, trainCount: Digits.trainCount,
        testCount: Digits.testCount, presence: .shipped, looked: [], howToGet: nil, provenance: Digits.provenance),
      Entry(
        name: MNIST1D.name, exampleShape: MNIST1D.shape, classCount: 10, trainCount: MNIST1D.trainCount,
        testCount: MNIST1D.testCount, presence: .generated, looked: [], howToGet: nil, provenance: MNIST1D.provenance),
    ]
      + Self.fileSets.map { set in
        Entry(
          name: set.name, exampleShape: [28, 28], classCount: set.classCount, trainCount: 60_000, testCount: 10_000,
          presence: presence(of: set), looked: places(of: set), howToGet: set.howToGet, provenance: set.provenance)
      }
  }

  /// The set with a name, its inputs scaled.
  ///
  /// Throws `DatasetError`: `unknown` for a name that is none, `missing` for a set that is not here, the other cases for
  /// files that are not what they should be.
  public func load(_ name: String, scaling: DatasetScaling = .standardized) throws(DatasetError) -> SplitDataset {
    switch name {
    case Digits.name: return try Digits.load(scaling: scaling)
    case MNIST1D.name: return MNIST1D.load(scaling: scaling)
    default:
      guard let set = Self.fileSets.first(where: { $0.name == name }) else {
        throw .unknown(name: name, known: Self.names)
      }
      return try set.load(folders: places(of: set), scaling: scaling)
    }
  }

  private func places(of set: IDXDataset) -> [String] { folders.map { "\($0)/\(set.name)" } }

  private func presence(of set: IDXDataset) -> Presence {
    for folder in places(of: set) {
      let missing = zip(IDXDataset.fileNames, set.paths(in: folder)).compactMap { $1 == nil ? $0 : nil }
      if missing.isEmpty { return .found(folder: folder) }
      if missing.count < IDXDataset.fileNames.count { return .incomplete(folder: folder, missing: missing) }
    }
    return .absent
  }
}
