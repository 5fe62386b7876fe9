import Foundation

/// Writes `sql/**/*.sql` (tests left out) as one Swift dictionary: path below `sql/` → text.
///
/// Usage: `EmbedSQL SQL-FOLDER OUTPUT.swift`
@main
struct EmbedSQL {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else { throw Failure.usage }
    let root = URL(filePath: arguments[1], directoryHint: .isDirectory)
    try swiftSource(of: files(below: root), root: root)
      .write(to: URL(filePath: arguments[2]), atomically: true, encoding: .utf8)
  }

  private static func files(below root: URL) throws -> [URL] {
    guard let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
      throw Failure.missing(root.path())
    }
    return found.compactMap { $0 as? URL }
      .filter { $0.pathExtension == "sql" && !$0.path().contains("/sql/tests/") }
      .sorted { $0.path() < $1.path() }
  }

  /// A raw string literal with enough `#` that no SQL text can end it.
  private static func swiftSource(of files: [URL], root: URL) throws -> String {
    var lines = ["enum EmbeddedSQL {", "  static let files: [(path: String, text: String)] = ["]
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard !text.contains("\"\"\"####") else { throw Failure.delimiter(file.path()) }
      let path = file.path().dropFirst(root.path().count).drop { $0 == "/" }
      lines.append("    (path: \"\(path)\", text: ####\"\"\"")
      lines.append(text + "\n\"\"\"####),")
    }
    return (lines + ["  ]", "}", ""]).joined(separator: "\n")
  }

  enum Failure: Error, CustomStringConvertible {
    case usage, missing(String), delimiter(String)

    var description: String {
      switch self {
      case .usage: "usage: EmbedSQL SQL-FOLDER OUTPUT.swift"
      case .missing(let path): "no folder \(path)"
      case .delimiter(let path): "\(path) contains the delimiter of the Swift literal it goes into"
      }
    }
  }
}
