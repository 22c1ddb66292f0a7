import CHDF5

/// What the file library says of itself, for provenance.
public enum HDF5Library {
  /// The version that is linked, such as "1.10.8".
  public static var version: String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    Library.exclusively { _ = H5get_libversion(&major, &minor, &release) }
    return "\(major).\(minor).\(release)"
  }
}
