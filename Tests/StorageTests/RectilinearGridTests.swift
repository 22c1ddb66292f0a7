import Storage
import Tensors
import Testing

@Suite("Planes as VTK")
struct RectilinearGridTests {
  private let grid = RectilinearGrid(
    title: "a plane\nof two lines", x: [-1, 0.5], y: [0, 1, 2],
    fields: [.init("train loss", values: [1, 2, 3, 4, 5, .nan]), .init("error", values: [0, 0, 0, 0, 0, 0.25])])

  @Test("a file lists coordinates and then each field with x running fastest; NaN stays")
  func text() {
    #expect(
      grid.text == """
        # vtk DataFile Version 3.0
        a plane
        ASCII
        DATASET RECTILINEAR_GRID
        DIMENSIONS 2 3 1
        X_COORDINATES 2 double
        -1.0 0.5
        Y_COORDINATES 3 double
        0.0 1.0 2.0
        Z_COORDINATES 1 double
        0
        POINT_DATA 6
        SCALARS train_loss double 1
        LOOKUP_TABLE default
        1.0 4.0
        2.0 5.0
        3.0 nan
        SCALARS error double 1
        LOOKUP_TABLE default
        0.0 0.0
        0.0 0.0
        0.0 0.25

        """)
  }

  @Test("a group gives its fields along both axes, one for each point of further ones; others are left out")
  func group() throws {
    var group = Group(
      dimensions: [
        Dimension("plane", length: 2), Dimension("alpha", coordinates: [-1, 0.5]),
        Dimension("beta", coordinates: [0.0, 1, 2]),
      ],
      variables: [
        Variable("one", along: ["alpha", "beta"], shape: [2, 3], values: [0.0, 1, 2, 3, 4, 5]),
        Variable("cosine", along: ["plane"], values: [0.0, 0.5]),
        Variable("turned", along: ["beta", "alpha"], shape: [3, 2], values: [0.0, 1, 2, 3, 4, 5]),
        Variable("two", along: ["plane", "alpha", "beta"], shape: [2, 2, 3], values: (0..<12).map { Double($0) }),
      ])
    let grid = try #require(RectilinearGrid(title: "", group, along: "alpha", "beta"))
    #expect(grid.x == [-1, 0.5] && grid.y == [0, 1, 2])
    #expect(
      grid.fields == [
        .init("one", values: [0, 1, 2, 3, 4, 5]), .init("two_0", values: [0, 1, 2, 3, 4, 5]),
        .init("two_1", values: [6, 7, 8, 9, 10, 11]),
      ])
    group.dimensions[1].coordinates = nil
    #expect(RectilinearGrid(title: "", group, along: "alpha", "beta") == nil)
  }
}
