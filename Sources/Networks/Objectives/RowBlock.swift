import Differentiation
import Tensors

/// Some columns of a Jacobian, for all its rows of a chunk of n examples, r each.
struct RowBlock<S: Scalar> {
  /// What is known of them.
  enum Form {
    /// The numbers, [n r, columns].
    case columns(Memory<S>)
    /// The columns are those of a matrix [a, b], and row k of example i is the outer product of left[i] and right[i r + k],
    /// for left [n, a] and right [n r, b].
    case products(left: Memory<S>, a: Int, right: Memory<S>, b: Int)
  }

  /// The columns.
  let range: Range<Int>
  /// The numbers.
  let form: Form

  /// Writes the numbers of `count` examples into rows of `stride` elements; r is `rowsPerExample`.
  func write(count: Int, rowsPerExample r: Int, to rows: UnsafeMutablePointer<S>, stride: Int) {
    let target = rows + range.lowerBound
    switch form {
    case .columns(let columns):
      for row in 0..<count * r {
        (target + row * stride).update(from: columns.pointer + row * range.count, count: range.count)
      }
    case .products(let left, let a, let right, let b):
      writeOuterProducts(count, r, left.pointer, a, right.pointer, b, to: target, stride: stride)
    }
  }

  /// Adds the block's part of J J' to a matrix with rows of `stride` elements, for `n` examples here and `m` in a block of
  /// the same columns.
  ///
  /// With `folded` an example's r rows count as one long one. Cost: for columns n r m r |columns| multiplications, for
  /// products n m a + n r m r (b + 1); folded, r in place of its square. `scratch` takes n m + n r m r elements.
  func addProduct(
    with other: RowBlock, _ n: Int, _ m: Int, rowsPerExample: Int, folded: Bool, to kernel: UnsafeMutablePointer<S>,
    stride: Int, scratch: UnsafeMutablePointer<S>
  ) {
    let r = folded ? 1 : rowsPerExample
    let fold = rowsPerExample / r
    func gram(
      _ a: Memory<S>, _ rows: Int, _ b: Memory<S>, _ columns: Int, inner: Int, beta: S, _ c: UnsafeMutablePointer<S>,
      _ stride: Int
    ) {
      S.matrixProduct(
        transposeA: false, transposeB: true, rows: rows, columns: columns, inner: inner, alpha: 1, a.pointer,
        strideA: inner, b.pointer, strideB: inner, beta: beta, c, strideC: stride)
    }
    switch (form, other.form) {
    case (.columns(let x), .columns(let y)):
      gram(x, n * r, y, m * r, inner: fold * range.count, beta: 1, kernel, stride)
    case (.products(let leftX, let a, let rightX, let b), .products(let leftY, _, let rightY, _)):
      let outer = scratch + n * m
      gram(leftX, n, leftY, m, inner: a, beta: 0, scratch, m)
      gram(rightX, n * r, rightY, m * r, inner: fold * b, beta: 0, outer, m * r)
      for row in 0..<n * r {
        addProducts(m, r, scratch + row / r * m, outer + row * m * r, to: kernel + row * stride)
      }
    default: preconditionFailure("blocks of different forms for the columns \(range)")
    }
  }
}

/// Writes the outer products of left [count, a] and right [count r, b], r to each left one, at a distance of `stride`.
@specialized(where S == Float) @specialized(where S == Double)
private func writeOuterProducts<S: Scalar>(
  _ count: Int, _ r: Int, _ left: UnsafePointer<S>, _ a: Int, _ right: UnsafePointer<S>, _ b: Int,
  to rows: UnsafeMutablePointer<S>, stride: Int
) {
  for row in 0..<count * r {
    let (factors, numbers) = (left + row / r * a, right + row * b)
    for i in 0..<a {
      let (factor, target) = (factors[i], rows + row * stride + i * b)
      for j in 0..<b { target[j] = factor * numbers[j] }
    }
  }
}

/// y[j r + k] += x[j] z[j r + k] for j below `count`.
@specialized(where S == Float) @specialized(where S == Double)
private func addProducts<S: Scalar>(
  _ count: Int, _ r: Int, _ x: UnsafePointer<S>, _ z: UnsafePointer<S>, to y: UnsafeMutablePointer<S>
) {
  if r == 1 {
    for j in 0..<count { y[j] += x[j] * z[j] }
    return
  }
  for j in 0..<count {
    let factor = x[j]
    for k in j * r..<(j + 1) * r { y[k] += factor * z[k] }
  }
}
