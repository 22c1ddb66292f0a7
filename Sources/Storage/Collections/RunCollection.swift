/// Runs of one experiment side by side, as one file that xarray opens as one Dataset.
///
///     let found = RunCollection.runs(at: paths)
///     try RunCollection(found.runs).write(to: "results/mode-connectivity.h5")
///
/// Every variable below `measurements` and `trajectory` stands in the root and has gained the axes of the sweep as leading
/// dimensions: `ds.barrier.mean("seed").plot(x="width")`.
///
/// Units and long names are taken over; other attributes say something about one run and are not.
///
/// Names. A variable bears the last component of its path; where several would bear one name, each takes as many components
/// before it as tell them apart: `measurements/line/loss` and `trajectory/loss` become `line_loss` and `trajectory_loss`.
/// Dimensions likewise, and equal ones are one. The axes are `seed` and the last component of each key that varies.
///
/// Shapes. Where runs differ in the length of a dimension, the longest is taken and the rest is missing. The coordinates stay
/// when the shorter ones are the beginning of the longest; otherwise the dimension is only counted, and each run's
/// coordinates stand in a variable `<dimension>_coordinates` along the axes. A key that goes along with another, as in a
/// zipped sweep, is a variable along that one's axis.
///
/// What is missing, a whole run among them, is NaN, in strings "". Integers become float64 where something is missing.
public struct RunCollection: Sendable {
  /// One run and its place in the sweep.
  public struct Run: Sendable, Equatable {
    /// The run file.
    public var path: String
    /// The value of each axis: "seed", and configuration keys such as "network.width".
    public var labels: Named<AttributeValue>

    /// Creates a run's place.
    public init(_ path: String, labels: Named<AttributeValue>) {
      self.path = path
      self.labels = labels
    }
  }

  /// The runs.
  public let runs: [Run]

  /// Takes runs that all bear the same labels.
  public init(_ runs: [Run]) { self.runs = runs }

  /// Reads from run files which configuration keys vary between them, and labels each run with these and with its seed.
  ///
  /// - Returns: the runs, and an error for each file that is none or cannot be read; the others go on without it.
  public static func runs(at paths: [String]) -> (runs: [Run], refused: [StorageError]) {
    var read: [(path: String, seed: Int, settings: Named<AttributeValue>)] = []
    var refused: [StorageError] = []
    for path in paths {
      do throws(StorageError) {
        let header = try RunFile.header(of: path)
        read.append((path, header.seed, try GroupFile(path).attributes(ofGroup: "configuration")))
      } catch { refused.append(error) }
    }
    var keys: [String] = []
    for run in read { keys += run.settings.names.filter { $0 != "seed" && !keys.contains($0) } }
    let varying = keys.filter { key in
      let first = read.first?.settings[key]
      return read.contains { $0.settings[key] != first }
    }
    let runs = read.map { run in
      var labels: Named<AttributeValue> = [:]
      for key in varying { labels[key] = run.settings[key] ?? .string("") }
      labels["seed"] = .integer(Int64(run.seed))
      return Run(run.path, labels: labels)
    }
    return (runs, refused)
  }

  /// Writes the collection: by reference to the run files, or with `copy` as one file that needs no other.
  ///
  /// By reference, each numeric variable is a virtual dataset over the run files, whose paths are kept relative to the
  /// collection's folder, so that both may be moved together; HDF5 reads a run file that is gone as missing values. Texts and
  /// coordinates are copied. Cost: the headers of all run files, with `copy` the data.
  /// - Throws: `StorageError`: no runs, runs of different experiments, two runs at one place, a variable with other
  ///   dimensions in another run (`invalidContent`, naming the files); a file that cannot be read; a path that cannot be
  ///   written.
  public func write(to path: String, copy: Bool = false) throws(StorageError) {
    let plan = try CollectionPlan(runs, for: path)
    var group = plan.group
    let virtual = plan.variables.filter { !copy && $0.type != .string }
    for variable in plan.variables where copy || variable.type == .string {
      group.variables.append(try plan.copied(variable))
    }
    try GroupFile(path).write(group) { (file, writer) throws(LibraryError) in
      for variable in virtual { try writer.write(variable, of: plan, relativeTo: path) }
    }
  }
}
