/// What a JSON value looks like: the part of JSON Schema that this API needs, as a value.
///
/// The same shape reads requests, describes answers and writes the OpenAPI document, so that none of them can say
/// something else than the others.
public indirect enum Shape: Sendable {
  case id
  case date
  /// An instant in UTC, RFC 3339.
  case instant
  /// A name: 1 to 200 characters, printable.
  case label
  /// Any text.
  case text
  /// What somebody writes at length: 1 to so many characters, of several lines.
  case prose(limit: Int)
  case pattern(TextPattern)
  case choice([String])
  case integer(ClosedRange<Int>)
  /// More than `above`, at most `through`, with so many decimals.
  case decimal(above: Int, through: Double, places: Int)
  /// Any number.
  case number
  case flag
  case null
  case list(Shape)
  /// So many of them.
  case several(Shape, ClosedRange<Int>)
  case object([Member])
  case nullable(Shape)
  /// A shape that has a name of its own in the document.
  case named(String, Shape)
  /// An object with names that are not known beforehand.
  case map(Shape)
  /// One of several objects.
  case either([Shape])

  /// A member of an object.
  public struct Member: Sendable {
    public let name: String
    public let shape: Shape
    public let about: String
    public let isRequired: Bool
    /// A value that could stand there, in JSON.
    public let example: String?

    public init(
      _ name: String, _ shape: Shape, _ about: String = "", isRequired: Bool = true, example: String? = nil
    ) {
      self.name = name
      self.shape = shape
      self.about = about
      self.isRequired = isRequired
      self.example = example
    }

    /// The same, and it may be left out.
    public var optional: Member { Member(name, shape, about, isRequired: false, example: example) }
  }
}

extension Shape {
  public static let namedPerson = Shape.named(
    "NamedPerson",
    .object([
      .init("id", .id), .init("name", .nullable(.text), "Null where the asker may not see who it is."),
    ]))

  public static let namedSchool = Shape.named(
    "NamedSchool", .object([.init("id", .id), .init("code", .text), .init("name", .text)]))

  /// One page of a list of these.
  public static func page(of item: Shape) -> Shape {
    .object([
      .init("items", .list(item)),
      .init("next", .nullable(.text), "Where the next page begins: the value of `after`. Null on the last page."),
    ])
  }
}
