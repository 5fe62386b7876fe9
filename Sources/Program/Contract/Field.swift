/// A field of a form: a member of a body that a client sends.
public struct Field: Sendable {
  /// When a field may be given.
  public enum Use: Sendable {
    /// When the thing is made, and it must be.
    case required
    /// When it is made, or when it is changed.
    case optional
    /// When it is made, and never changed; it must be given.
    case fixed
    /// When it is made, and never changed.
    case fixedOptional
    /// Only when it is changed.
    case changeOnly
  }

  public let name: String
  /// Its name in the draft that the statement reads: a column.
  public let column: String
  public let shape: Shape
  public let use: Use
  /// Whether `null` may be given: the fact is not there, or no longer.
  public let isNullable: Bool
  public let about: String
  /// A value that could be given, in JSON.
  public let example: String

  public init(
    _ name: String, column: String? = nil, _ shape: Shape, _ use: Use, isNullable: Bool = false,
    _ about: String, example: String
  ) {
    self.name = name
    self.column = column ?? name
    self.shape = shape
    self.use = use
    self.isNullable = isNullable
    self.about = about
    self.example = example
  }

  /// A field that must be given when the thing is made, and may be changed.
  public init(_ name: String, column: String? = nil, _ shape: Shape, _ about: String, example: String) {
    self.init(name, column: column, shape, .required, about, example: example)
  }
}
