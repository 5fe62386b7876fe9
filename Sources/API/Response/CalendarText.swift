/// A calendar in the form of RFC 5545.
struct CalendarText {
  private(set) var bytes: [UInt8] = []

  /// - Parameter content: of one line: a property's name, parameters and value.
  mutating func line(_ content: String) {
    var rest = Array(content.utf8)[...]
    var room = Self.width
    while rest.count > room {
      var end = rest.startIndex + room
      // Not within a character.
      while rest[end] & 0xC0 == 0x80 { end -= 1 }
      bytes += rest[..<end] + Self.fold
      rest = rest[end...]
      room = Self.width - 1
    }
    bytes += rest + Self.end
  }

  mutating func lines(_ contents: [String]) {
    for content in contents { line(content) }
  }

  /// A text as the value of a property.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\", ";", ",": escaped += "\\\(character)"
      case "\n", "\r\n", "\r": escaped += "\\n"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  /// Octets of a line, without its end.
  private static let width = 75
  private static let end = Array("\r\n".utf8)
  private static let fold = Array("\r\n ".utf8)
}
