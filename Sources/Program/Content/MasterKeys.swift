import Crypto

/// The keys that wrap the data keys of teachers and schools. They stand in a file of the server and never in the database, so that
/// neither a dump nor the database's operator reads what is sealed.
///
/// The file has one key a line, `name base64`; the first wraps, the others still unwrap. Blank lines and lines that
/// begin with `#` are passed over.
public struct MasterKeys: Sendable {
  struct Entry: Sendable {
    let name: String
    let key: SymmetricKey
  }

  private let entries: [Entry]

  /// Reads the text of the file.
  /// - Throws: `Malformed`, which names the line and the remedy and never a key.
  public init(_ text: String) throws(Malformed) {
    var entries: [Entry] = []
    // Also those that end as Windows ends them, which Swift takes for one character.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      let entry = try Self.entry(words, line: index + 1)
      if entries.contains(where: { $0.name == entry.name }) {
        throw Malformed(line: index + 1, fault: "a second key called \(entry.name); give each a name of its own")
      }
      entries.append(entry)
    }
    guard !entries.isEmpty else {
      throw Malformed(line: nil, fault: "there is no key in it; `beeld keys new` makes one")
    }
    self.entries = entries
  }

  private static func entry(_ words: [Substring], line: Int) throws(Malformed) -> Entry {
    guard words.count == 2 else {
      throw Malformed(line: line, fault: "expected a name and a key in base64; `beeld keys new` makes such a line")
    }
    guard isName(words[0]) else {
      throw Malformed(
        line: line, fault: "a name is 1 to 63 of a-z, 0-9, dot, dash and underscore, beginning with a letter or digit")
    }
    guard let bytes = decode(words[1]) else {
      throw Malformed(line: line, fault: "the key is not 32 bytes in base64 (44 characters); was it cut off?")
    }
    return Entry(name: String(words[0]), key: SymmetricKey(data: bytes))
  }

  /// Names of all keys, in the order of the file.
  public var names: [String] { entries.map(\.name) }

  /// The one that wraps.
  var current: Entry { entries[0] }

  /// Nil when the file has no key of this name.
  func key(named name: String) -> SymmetricKey? { entries.first { $0.name == name }?.key }

  /// Why a file is none.
  public struct Malformed: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 1; nil for the file as a whole.
    public let line: Int?
    public let fault: String

    public var description: String { line.map { "line \($0): \(fault)" } ?? fault }
  }
}

// How a line of the file is written.
extension MasterKeys {
  /// A line with a new key of this name, to be kept like the key that it is.
  public static func newLine(named name: String) -> String {
    let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    return name + " " + Base64URL.encode(bytes).replacing("-", with: "+").replacing("_", with: "/") + "="
  }

  /// Whether a key may be called so (`data_key_master_key_shape`).
  public static func isName(_ text: some StringProtocol) -> Bool {
    (1...63).contains(text.utf8.count) && text.first != "." && text.first != "-" && text.first != "_"
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
      }
  }

  private static func decode(_ text: Substring) -> [UInt8]? {
    guard text.utf8.count == 44, text.hasSuffix("=") else { return nil }
    let bytes = Base64URL.decode(text.dropLast().replacing("+", with: "-").replacing("/", with: "_"))
    return bytes?.count == 32 ? bytes : nil
  }
}

extension MasterKeys: CustomStringConvertible, CustomDebugStringConvertible {
  /// The names.
  public var description: String { "MasterKeys(\(names.joined(separator: ", ")))" }
  public var debugDescription: String { description }
}
