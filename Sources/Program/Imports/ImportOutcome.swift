/// What an import found, and what it did or would do.
public struct ImportOutcome: Sendable {
  /// How many of one kind of thing would be, or were, added, changed and so on.
  public struct Count: Hashable, Sendable {
    /// `school`, `person`, `employment`, `absence`, `recording`, `referral`.
    public let object: String
    public let act: Act
    public let number: Int
  }

  public enum Act: String, CaseIterable, Sendable {
    case new, changed, closed, reopened, unchanged
  }

  /// One new thing, or one field of a known one. Holds personal data: for the one who imports, never for a log.
  public struct Change: Hashable, Sendable {
    /// Line of the file; nil where something is gone from it.
    public let line: Int?
    public let object: String
    /// What people know it by: the school's code; the person's number; that with school, job and first day; that with
    /// category and first day; that with the day of the recording, or of the talk.
    public let key: String
    public let act: Act
    /// Nil for something new, whose name, fte, end, debrief or kind of talk is then `to`.
    public let field: String?
    public let from: String?
    public let to: String?
  }

  public let kind: String
  /// The difference has been made: the transaction is committed.
  public internal(set) var isCommitted = false
  public let encoding: TextEncoding
  public let delimiter: String
  /// Rows below the header.
  public let rows: Int
  /// Headings that files of this kind do not have, and that were passed over.
  public let unknownColumns: [String]

  /// In the order of the file; as many as were asked for.
  public internal(set) var faults: [ImportFault] = []
  public internal(set) var faultCount = 0
  public internal(set) var counts: [Count] = []
  /// As many as were asked for: what closes, reopens and changes first, then what is new.
  public internal(set) var changes: [Change] = []

  /// How many things are not as they were.
  public var changeCount: Int { counts.reduce(0) { $0 + ($1.act == .unchanged ? 0 : $1.number) } }

  public func count(_ object: String, _ act: Act) -> Int {
    counts.first { $0.object == object && $0.act == act }?.number ?? 0
  }
}

/// How far an import is.
public enum ImportProgress: Hashable, Sendable {
  /// Bytes of the file that were read and sent to the database.
  case reading(bytes: Int, of: Int)
  case comparing
  case applying
}
