internal import Datasets
internal import Storage
internal import Tensors

/// The arrays of an HDF5 file, for data sets.
struct HDF5Arrays: ArraySource {
  let path: String

  func array(named name: String) throws(DatasetError) -> StoredArray? {
    do {
      let (shape, values) = try GroupFile(path).array(name)
      let (kind, numbers): (StoredArray.Kind, [Float])
      switch values {
      case .float32(let values): (kind, numbers) = (.reals, values)
      case .float64(let values): (kind, numbers) = (.reals, values.map { Float($0) })
      case .int64(let values): (kind, numbers) = (.integers, values.map { Float($0) })
      case .uint8(let values): (kind, numbers) = (.bytes, values.map { Float($0) })
      case .strings: throw DatasetError.foreign(path: path, reason: "\(name) holds texts, and numbers are read")
      }
      return StoredArray(shape: shape, kind: kind, values: numbers)
    } catch let error as StorageError {
      if error.kind == .absent { return nil }
      throw problem(error)
    } catch let error as DatasetError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  private func problem(_ error: StorageError) -> DatasetError {
    switch error.kind {
    case .missing, .notPermitted, .failed: .unreadable(path: path, reason: error.detail)
    case .damaged: .damaged(path: path, expected: "a whole HDF5 file", found: error.detail)
    default: .foreign(path: path, reason: error.detail)
    }
  }
}
