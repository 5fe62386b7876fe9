// What answers about imports look like.

extension ImportRuns {
  private static let kinds = ImportKind.all.map(\.name)

  private static let heading: [Shape.Member] = [
    .init("id", .id), .init("kind", .choice(kinds)),
    .init("state", .choice(["uploading", "previewed", "committed", "discarded"])),
    .init(
      "school_ids", .nullable(.list(.id)),
      "Of absences and referrals: only people of these schools; null for the whole board."),
    .init("board", .nullable(.text), "Of schools: only of this board."),
    .init("date", .nullable(.date), "Of schools: the day of which the file speaks."),
    .init("file_name", .nullable(.text)),
    .init("byte_count", .nullable(.integer(0...ImportFile.sizeLimit))),
    .init("sha256", .nullable(.text)),
    .init("rows", .nullable(.integer(0...Int.max)), "Rows below the header."),
    .init("change_count", .nullable(.integer(0...Int.max)), "Things that would be, or were, not as before."),
    .init("fault_count", .nullable(.integer(0...Int.max)), "With one of them nothing is committed."),
    .init("created_at", .instant), .init("committed_at", .nullable(.instant)),
    .init("allowed_transitions", .list(.choice(["committed", "discarded"]))),
  ]

  /// An import in a list.
  public static let item = Shape.named("ImportItem", .object(heading))

  /// An import with what it found.
  public static let shape = Shape.named(
    "Import",
    .object(heading + [.init("preview", .nullable(preview), "Null while uploading, when discarded, and a day later.")]))

  private static let preview = Shape.named(
    "ImportPreview",
    .object([
      .init("encoding", .text), .init("delimiter", .nullable(.text)), .init("rows", .integer(0...Int.max)),
      .init("change_count", .integer(0...Int.max)), .init("fault_count", .integer(0...Int.max)),
      .init("unknown_columns", .list(.text), "Columns of the file that nobody here needs."),
      .init(
        "counts",
        .list(.object([.init("object", .text), .init("act", .text), .init("number", .integer(0...Int.max))]))),
      .init(
        "changes",
        .list(
          .object([
            .init("line", .nullable(.integer(0...Int.max))), .init("object", .text), .init("key", .text),
            .init("act", .text), .init("field", .nullable(.text)), .init("from", .nullable(.text)),
            .init("to", .nullable(.text)),
          ])), "The first thousand."),
      .init(
        "faults",
        .list(
          .object([
            .init("line", .integer(0...Int.max)), .init("column", .nullable(.text)), .init("code", .text),
            .init("detail", .text, "What is wrong and what would do, in the language asked for."),
          ])), "The first thousand."),
    ]))

  /// Parameters of an upload: its kind, and what it speaks of.
  public static let kind = Shape.Member("kind", .choice(kinds), "What the file holds.")
  public static let board = Shape.Member(
    "board", .pattern(.boardNumber), "Schools: only the locations of the board with this number.", isRequired: false)
  public static let date = Shape.Member(
    "date", .date, "Schools: the day of which the file speaks; today.", isRequired: false)
  public static let fileName = Shape.Member("file_name", .label, "What you call the file.", isRequired: false)
}
