import Postgres

/// The command that opens an import, under the identity of the one who uploads: `app.begin_import` decides whether the
/// kind is theirs, and which schools.
public struct BeginImport: Sendable {
  public let id: UUIDv7
  public let kind: ImportKind
  public let options: ImportOptions
  public let fileName: String?

  /// - Parameters:
  ///   - options: board and date, for schools; of which schools absences and referrals are is not the uploader's to say.
  ///   - fileName: what the uploader calls the file, for them alone: 1 to 200 printable characters.
  public init(
    _ kind: ImportKind, options: ImportOptions = ImportOptions(), fileName: String? = nil, id: UUIDv7 = UUIDv7()
  ) {
    self.id = id
    self.kind = kind
    self.options = options
    self.fileName = fileName
  }

  private static let statement = Statement("select app.begin_import($1, $2, $3, $4, $5)")

  /// For the write lane, after the identity. Raises `BE403` when the kind is not the identity's to import.
  public var command: BoundStatement {
    Self.statement(
      .text(id.description), .text(kind.name), .optional(options.board), .optional(options.date?.description),
      .optional(fileName))
  }
}
