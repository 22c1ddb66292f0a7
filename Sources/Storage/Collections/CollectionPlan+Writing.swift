import CHDF5
import Foundation
import Tensors

extension CollectionPlan {
  /// A merged variable with its elements read from the runs.
  func copied(_ merged: Merged) throws(StorageError) -> Variable {
    let values: Values
    switch merged.type {
    case .float32: values = .float32(try placed(merged, missing: .nan))
    case .float64: values = .float64(try placed(merged, missing: .nan))
    case .int64: values = .int64(try placed(merged, missing: 0))
    case .uint8: values = .uint8(try placed(merged, missing: 0))
    case .string: values = .strings(try placed(merged, missing: ""))
    }
    return Variable(
      merged.name, along: merged.dimensions, shape: Shape(merged.shape), values: values, units: merged.units,
      longName: merged.longName)
  }

  private func placed<Element: StoredElement>(
    _ merged: Merged, missing: Element
  ) throws(StorageError) -> [Element] {
    let own = Array(merged.shape.dropFirst(axisLengths.count))
    let size = own.reduce(1, *)
    var all = [Element](repeating: missing, count: merged.shape.reduce(1, *))
    for part in merged.parts {
      let elements = try GroupFile(runs[part.run].path).variable(part.path).elements(Element.self)
      if elements.isEmpty { continue }
      let start = offset(of: axes.positions[part.run]) * size
      // Row by row along the last axis, since the run's array may be shorter along any.
      let row = part.shape.last ?? 1
      let strides = Shape(own).strides
      for first in stride(from: 0, to: elements.count, by: row) {
        var rest = first
        var target = start
        for axis in part.shape.indices.reversed() {
          target += rest % part.shape[axis] * strides[axis]
          rest /= part.shape[axis]
        }
        all.replaceSubrange(target..<(target + row), with: elements[first..<(first + row)])
      }
    }
    return all
  }
}

extension TreeWriter {
  /// Writes a merged variable as a virtual dataset over the run files.
  func write(
    _ merged: CollectionPlan.Merged, of plan: CollectionPlan, relativeTo collection: String
  ) throws(LibraryError) {
    let path = "/\(merged.name)"
    let properties = try TreeWriter.datasetProperties(merged.type, path)
    let space = try Handle.space(merged.shape)
    for part in merged.parts where !part.shape.contains(0) {
      let position = plan.axes.positions[part.run]
      let start = (position + part.shape.map { _ in 0 }).map { hsize_t($0) }
      let count = (position.map { _ in 1 } + part.shape).map { hsize_t($0) }
      try check(path, H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil))
      let source = try Handle.space(part.shape)
      let file = relativePath(of: plan.runs[part.run].path, from: folder(of: collection))
      // HDF5 reads "%" in these names as the beginning of a pattern.
      try check(
        path,
        H5Pset_virtual(
          properties.id, space.id, file.replacing("%", with: "%%"), part.path.replacing("%", with: "%%"), source.id))
    }
    try check(path, H5Sselect_all(space.id))
    let id = try merged.type.withIdentifier(inFile: true) { (type) throws(LibraryError) in
      try check(path, H5Dcreate2(file, path, type, space.id, h5_default(), properties.id, h5_default()))
    }
    let dataset = try Handle(path, id, closedBy: H5Dclose)
    try describe(dataset.id, path, merged.type, units: merged.units, longName: merged.longName)
    let scales = plan.group.dimensions.map { ($0.name, Scale(path: "/\($0.name)", dimension: $0)) }
    try attach(merged.dimensions, dataset.id, path, Dictionary(uniqueKeysWithValues: scales))
  }
}

/// The path of a file as seen from a folder, symbolic links resolved: "../a/b.h5".
func relativePath(of file: String, from folder: String) -> String {
  func components(_ path: String) -> [String] {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.pathComponents
  }
  let target = components(file)
  let base = components(folder)
  var common = 0
  while common < min(target.count - 1, base.count), target[common] == base[common] { common += 1 }
  return (Array(repeating: "..", count: base.count - common) + target[common...]).joined(separator: "/")
}
