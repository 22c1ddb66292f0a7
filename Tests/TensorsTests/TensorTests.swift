import Tensors
import Testing

@Suite("Shapes and tensors")
struct TensorTests {
  @Test("a shape's count is the product of its extents, and its strides are row-major")
  func shapes() {
    let shape: Shape = [2, 3, 5]
    #expect(shape.rank == 3 && shape.count == 30 && shape[1] == 3)
    #expect(shape.strides == [15, 5, 1])
    #expect("\(shape)" == "[2, 3, 5]")
    #expect(Shape([]).count == 1 && Shape([]).strides == [])
    #expect(([4, 0, 2] as Shape).count == 0)
    #expect(shape != [3, 2, 5])
  }

  @Test("the last index runs fastest")
  func order() {
    let tensor = Tensor<Float>([0, 1, 2, 3, 4, 5], shape: [2, 3])
    #expect(tensor[0, 2] == 2 && tensor[1, 0] == 3 && tensor[1, 2] == 5)
    let reshaped = tensor.reshaped(to: [3, 2])
    #expect(reshaped[0, 1] == 1 && reshaped[2, 0] == 4 && reshaped.elements == tensor.elements)
  }

  @Test("a tensor is a value: writing to a copy leaves the original alone")
  func values() {
    let original = Tensor<Double>(repeating: 7, shape: [2, 2])
    var copy = original
    copy[1, 0] = -1
    #expect(original[1, 0] == 7 && copy[1, 0] == -1 && copy.elements == [7, 7, -1, 7])
    #expect(copy != original)
  }

  @Test("scalars and vectors")
  func smallRanks() {
    let scalar = Tensor<Double>(scalar: 2.5)
    #expect(scalar.shape == [] && scalar.elements == [2.5] && scalar[] == 2.5)
    #expect(Tensor<Float>(vector: [1, 2, 3]).shape == [3])
  }

  @Test("types are named as files name them")
  func names() { #expect(Float.typeName == "float32" && Double.typeName == "float64") }
}
