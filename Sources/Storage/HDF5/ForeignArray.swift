import CHDF5Reader
import Foundation
public import Tensors

extension GroupFile {
  /// Reads one array of numbers of any HDF5 file by its path, without asking for dimension scales or units.
  ///
  /// A process of its own reads it and hands it over, since HDF5 1.10 does not come through every damaged file: it may divide
  /// by zero or take all memory. Run files need no such care: their checksums tell.
  ///
  /// - Throws: the errors of `read(_:)`; `absent` when there is no such array; `foreign` when it holds no numbers.
  public func array(_ arrayPath: String) throws(StorageError) -> (shape: Shape, values: Values) {
    let size = try requireSuperblock(live: false)
    var child: pid_t = 0
    // While the process is copied no other thread may be inside of HDF5; once it is, that no longer matters.
    let descriptor = Library.exclusively {
      h5_reader_start(
        path, GroupFile.absolute(arrayPath), UInt32(clamping: 20 + size >> 23), 4 << 30 + 64 * UInt64(size), &child)
    }
    guard descriptor >= 0 else { throw StorageError(errorNumber: errno, "read", path) }
    var header = h5_array_header()
    let isAnswered = withUnsafeMutableBytes(of: &header) { ForeignArray.fill($0, from: descriptor) }
    let array = isAnswered ? ForeignArray(header, from: descriptor) : nil
    close(descriptor)
    let isWhole = h5_reader_finish(child)
    guard isAnswered, isWhole else {
      throw damaged("HDF5 breaks down over it or asks for too much memory")
    }
    switch UInt32(header.status) {
    case H5_ARRAY_READ.rawValue:
      guard let array else { throw damaged("it breaks off") }
      return (array.shape, array.values)
    case H5_ARRAY_ABSENT.rawValue:
      throw StorageError(
        .absent, "read", path, detail: "\(arrayPath): there is no such array",
        mend: "Name a file that holds it.")
    case H5_ARRAY_NO_NUMBERS.rawValue:
      throw StorageError(
        .foreign, "read", path, detail: "\(arrayPath) holds no numbers", mend: "Name an array of numbers.")
    default: throw damaged("\(arrayPath): \(header.text)")
    }
  }

  private func damaged(_ reason: String) -> StorageError {
    StorageError(
      .damaged, "read", path, detail: reason,
      mend: "Restore it from a copy, or write the arrays anew, for example by numpy.savez.")
  }
}

/// An array that another process read.
private struct ForeignArray {
  let shape: Shape
  let values: Values

  /// The array that a header announces; `nil` when it breaks off or the header cannot be.
  init?(_ header: h5_array_header, from descriptor: Int32) {
    guard header.status == H5_ARRAY_READ.rawValue, (0...H5_ARRAY_MAXIMUM_RANK).contains(Int(header.rank)) else {
      return nil
    }
    let extents = withUnsafeBytes(of: header.extents) { Array($0.bindMemory(to: UInt64.self).prefix(Int(header.rank))) }
    var count = 1
    for extent in extents {
      guard let extent = Int(exactly: extent) else { return nil }
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { return nil }
      count = product
    }
    func numbers<Element>(of type: Element.Type) -> [Element]? {
      let (bytes, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.size)
      guard !overflows, UInt64(bytes) == header.bytes else { return nil }
      var isWhole = false
      let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        isWhole = ForeignArray.fill(
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<bytes]), from: descriptor)
        initialized = isWhole ? count : 0
      }
      return isWhole ? elements : nil
    }
    let values: Values? =
      switch UInt32(header.kind) {
      case H5_ARRAY_FLOAT32.rawValue: numbers(of: Float.self).map(Values.float32)
      case H5_ARRAY_FLOAT64.rawValue: numbers(of: Double.self).map(Values.float64)
      case H5_ARRAY_INT64.rawValue: numbers(of: Int64.self).map(Values.int64)
      case H5_ARRAY_UINT8.rawValue: numbers(of: UInt8.self).map(Values.uint8)
      default: nil
      }
    guard let values else { return nil }
    self.values = values
    shape = Shape(extents.map { Int($0) })
  }

  /// Fills all of the memory, or says that there was less to read.
  static func fill(_ memory: UnsafeMutableRawBufferPointer, from descriptor: Int32) -> Bool {
    var rest = memory[...]
    while !rest.isEmpty {
      let count = read(descriptor, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

extension h5_array_header {
  /// Why there is no array.
  fileprivate var text: String {
    let text = withUnsafeBytes(of: reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return text.isEmpty ? "HDF5 gives no reason" : text
  }
}
