/// A fixed SQL text. Values enter only as `$1`, `$2`, … when it is bound.
///
/// Made once (`static let`) and used for ever: each connection prepares it before its first use there, under a name
/// derived from the text, so the same statement has the same name on every connection and in the server's logs.
public struct Statement: Hashable, Sendable {
  let source: Source

  /// A statement whose text is part of the program, so that nothing a user wrote can be spliced into it.
  public init(_ text: StaticString) {
    source = text.withUTF8Buffer { Source(text: $0.map { CChar(bitPattern: $0) }, isPrepared: true) }
  }

  /// A statement whose text was put together at run time: migrations, generated definitions, utility statements.
  ///
  /// Never with anything a user wrote. Such a statement is not prepared: it is parsed each time it is sent.
  public init(unchecked text: String) {
    source = Source(text: text.utf8.map { CChar(bitPattern: $0) }, isPrepared: false)
  }

  /// The statement with its values, `$1` first.
  public func callAsFunction(_ parameters: Parameter...) -> BoundStatement {
    BoundStatement(statement: self, parameters: parameters)
  }

  /// The statement with its values, `$1` first.
  public func bind(_ parameters: [Parameter]) -> BoundStatement {
    BoundStatement(statement: self, parameters: parameters)
  }

  public static func == (left: Statement, right: Statement) -> Bool {
    left.source === right.source
      || (left.source.digest == right.source.digest && left.source.text == right.source.text)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(source.digest)
  }
}

extension Statement: CustomStringConvertible {
  /// The text of the statement; it holds no values.
  public var description: String {
    String(decoding: source.text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Statement {
  /// What is computed once per statement: the text and its name as C strings, and the digest both go by.
  final class Source: Sendable {
    let text: [CChar]
    let name: [CChar]
    let digest: UInt64
    let isPrepared: Bool

    init(text: [CChar], isPrepared: Bool) {
      self.text = text + [0]
      self.isPrepared = isPrepared
      digest = text.reduce(14_695_981_039_346_656_037) { hash, byte in
        (hash ^ UInt64(UInt8(bitPattern: byte))) &* 1_099_511_628_211
      }
      // The length beside the 64-bit digest: two texts would have to agree in both to share a name.
      let label = "s" + String(digest, radix: 36) + "_" + String(text.count, radix: 36)
      name = label.utf8.map { CChar(bitPattern: $0) } + [0]
    }
  }
}

/// A statement with the values of its parameters.
public struct BoundStatement: Sendable {
  public let statement: Statement
  public let parameters: [Parameter]

  public init(statement: Statement, parameters: [Parameter]) {
    self.statement = statement
    self.parameters = parameters
  }

  /// Why the server could not be sent this, or nil. Checked before anything is sent, so that a segment is never
  /// half on its way: PostgreSQL's text values end at the first NUL, and it takes at most 65,535 of them.
  var objection: String? {
    if parameters.count > 65_535 { return "more than 65,535 parameters" }
    for (index, parameter) in parameters.enumerated() where parameter.hasNUL {
      return "parameter $\(index + 1) holds a NUL character"
    }
    if !statement.source.isPrepared, statement.source.text.dropLast().contains(0) {
      return "the statement holds a NUL character"
    }
    return nil
  }
}

/// Guards and a statement that are sent together and form one implicit transaction: all of it happens or none.
///
/// When a guard raises an error nothing after it runs. The rows of the segment are those of its statement, and they
/// are handed over only after the server has confirmed the end of the transaction.
public struct Segment: Sendable {
  public let guards: [BoundStatement]
  public let statement: BoundStatement

  public init(_ statement: BoundStatement, after guards: [BoundStatement] = []) {
    self.statement = statement
    self.guards = guards
  }

  var objection: String? {
    for bound in guards {
      if let objection = bound.objection { return objection }
    }
    return statement.objection
  }
}

extension Segment {
  /// The statements in the order in which they are sent; making it allocates nothing.
  struct Statements: Sequence, IteratorProtocol {
    let segment: Segment
    var index = 0

    mutating func next() -> Statement? {
      defer { index += 1 }
      if index < segment.guards.count { return segment.guards[index].statement }
      return index == segment.guards.count ? segment.statement.statement : nil
    }
  }

  var statements: Statements { Statements(segment: self) }
}
