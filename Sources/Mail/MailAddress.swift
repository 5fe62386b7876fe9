/// An address that a mail can be sent to as it is: `local@domain`, of letters, digits and the signs that need no quotes
/// (RFC 5322 dot-atom), so that nothing in it can be taken for syntax.
public struct MailAddress: Sendable, Hashable {
  public let text: String
  /// What follows the @.
  public let domain: String

  /// Nil for anything else.
  public init?(_ text: String) {
    let form =
      #/
      [A-Za-z0-9!\#$%&'*+\-\/=?^_`{|}~]+(?:\.[A-Za-z0-9!\#$%&'*+\-\/=?^_`{|}~]+)*
      @
      ((?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)
      /#
    guard text.utf8.count <= 254, let match = text.wholeMatch(of: form),
      text.utf8.firstIndex(of: UInt8(ascii: "@")).map({ text.utf8.distance(from: text.utf8.startIndex, to: $0) <= 64 })
        == true
    else { return nil }
    self.text = text
    domain = match.output.1.lowercased()
  }
}

/// Who a mail is from: an address, perhaps with a name.
public struct Mailbox: Sendable, Hashable {
  public let name: String?
  public let address: MailAddress

  /// Reads `address` or `Name <address>`; nil for anything else.
  public init?(_ text: String) {
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
    guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
      guard let address = MailAddress(text) else { return nil }
      (name, self.address) = (nil, address)
      return
    }
    let name = text[..<open].trimmingPrefix { $0 == " " }.reversed().drop { $0 == " " }.reversed()
    guard let address = MailAddress(String(text[text.index(after: open)...].dropLast())), !name.isEmpty,
      name.count <= 100, !name.contains("<"), !name.contains(">"), !name.contains("\"")
    else { return nil }
    (self.name, self.address) = (String(name), address)
  }

  public static let expected = "an address such as beeld@example.org, or Name <beeld@example.org>"
}

extension Mailbox: CustomStringConvertible {
  public var description: String { name.map { "\($0) <\(address.text)>" } ?? address.text }
}
