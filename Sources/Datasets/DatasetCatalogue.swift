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
    /// A file that the user names.
    case named
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
      case .named: "data.file names it"
      case .found(let folder): "found in \(folder)"
      case .incomplete(let folder, let missing): "in \(folder), without \(missing.joined(separator: ", "))"
      case .absent: "not found"
      }
    }

    /// Whether the set can be loaded.
    public var isUsable: Bool {
      switch self {
      case .shipped, .generated, .named, .found: true
      case .incomplete, .absent: false
      }
    }
  }

  /// One set as the catalogue knows it.
  public struct Entry: Sendable {
    /// The name it is asked for by.
    public let name: String
    /// The shape of one example; `nil` where settings or the user's file say it.
    public let exampleShape: Shape?
    /// The number of classes; `nil` as above.
    public let classCount: Int?
    /// The number of training examples; `nil` as above.
    public let trainCount: Int?
    /// The number of test examples; `nil` as above.
    public let testCount: Int?
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
  public static var names: [String] {
    [Digits.name, MNIST1D.name] + fileSets.map(\.name) + syntheticSets.map { $0.name } + [ArrayDataset.name]
  }

  /// The names of the sets that are drawn from a law and have settings of their own.
  public static var syntheticNames: [String] { syntheticSets.map { $0.name } }

  private static let fileSets: [any FileSet] = [
    IDXDataset.fashionMNIST, IDXDataset.mnist, MNIST5K(), CIFARDataset.cifar10, CIFARDataset.cifar100,
  ]
  private static let syntheticSets: [any SyntheticSet.Type] = [
    TeacherStudent.self, GaussianMixture.self, Spirals.self, SparseFeatures.self,
  ]

  /// All known sets, those that need no files first among the fixed ones, then the laws, then the user's own file.
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
          name: set.name, exampleShape: set.exampleShape, classCount: set.classCount, trainCount: set.counts.train,
          testCount: set.counts.test, presence: set.presence(in: folders), looked: set.places(in: folders),
          howToGet: set.howToGet, provenance: set.provenance)
      }
      + Self.syntheticSets.map { set in
        Entry(
          name: set.name, exampleShape: nil, classCount: nil, trainCount: nil, testCount: nil, presence: .generated,
          looked: [], howToGet: nil, provenance: set.provenance)
      }
      + [
        Entry(
          name: ArrayDataset.name, exampleShape: nil, classCount: nil, trainCount: nil, testCount: nil,
          presence: .named, looked: [], howToGet: nil, provenance: ArrayDataset.provenance)
      ]
  }

  /// The set with a name, its inputs scaled.
  ///
  /// Throws `DatasetError`: `unknown` for a name that is none, or of a set that needs settings of its own (a law, the user's
  /// file); `missing` for a set that is not here; the other cases for files that are not what they should be.
  public func load(_ name: String, scaling: DatasetScaling = .standardized) throws(DatasetError) -> SplitDataset {
    switch name {
    case Digits.name: return try Digits.load(scaling: scaling)
    case MNIST1D.name: return MNIST1D.load(scaling: scaling)
    default:
      guard let set = Self.fileSets.first(where: { $0.name == name }) else {
        throw .unknown(
          name: name, known: [Digits.name, MNIST1D.name] + Self.fileSets.map(\.name))
      }
      return try set.load(from: set.places(in: folders), scaling: scaling)
    }
  }
}
