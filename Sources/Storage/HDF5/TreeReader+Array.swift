import CHDF5
import CHDF5Reader
import Foundation
public import Tensors

extension GroupFile {
  /// Reads one array of any HDF5 file by its path, without asking for dimension scales or units.
  ///
  /// A process of its own tries it first, since HDF5 1.10 does not come through every damaged file; so the array is read
  /// twice. Run files need no such trial: their checksums tell.
  ///
  /// - Throws: the errors of `read(_:)`; `absent` when there is no such array.
  public func array(_ arrayPath: String) throws(StorageError) -> (shape: Shape, values: Values) {
    let size = try requireSuperblock(live: false)
    let survives = Library.exclusively {
      h5_reader_survives(
        path, GroupFile.absolute(arrayPath), UInt32(clamping: 20 + size >> 23), 4 << 30 + 64 * UInt64(size))
    }
    guard survives else {
      throw StorageError(
        .damaged, "read", path, detail: "HDF5 breaks down over it or asks for too much memory",
        mend: "Restore it from a copy, or write the arrays anew, for example by numpy.savez.")
    }
    return try reading { (reader) throws(LibraryError) in try reader.array(at: GroupFile.absolute(arrayPath)) }
  }
}

extension TreeReader {
  /// The shape and the elements of the array at `path`.
  func array(at path: String) throws(LibraryError) -> (shape: Shape, values: Values) {
    var current = ""
    for component in path.split(separator: "/") {
      current += "/\(component)"
      guard try check(current, H5Lexists(file, current, h5_default())) > 0 else {
        throw LibraryError(path, "there is no such array", kind: .absent)
      }
    }
    let object = try Handle(path, H5Oopen(file, path, h5_default()), closedBy: H5Oclose)
    guard H5Iget_type(object.id) == H5I_DATASET else { throw LibraryError(path, "it is no array", kind: .absent) }
    let header = try DatasetHeader(object.id, path)
    return (Shape(header.shape), try header.values(of: object.id, path))
  }
}
