/// A mail of plain text to one recipient.
public struct MailMessage: Sendable {
  /// What stands before the @ of the Message-ID: the same on every try. Letters, digits and dashes.
  public let id: String
  public let from: Mailbox
  public let to: MailAddress
  public let subject: String
  /// Lines parted by line feeds.
  public let text: String
  /// As an HTTP header would name it: `nl`.
  public let language: String
  /// The address by which the recipient says that no more are wanted, by one POST where it is https (RFC 2369, 8058).
  public let unsubscribe: String?

  public init(
    id: String, from: Mailbox, to: MailAddress, subject: String, text: String, language: String, unsubscribe: String?
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.language = language
    self.unsubscribe = unsubscribe
  }

  /// As it goes to the mail server (RFC 5322, 2045): ASCII, lines of 76 characters at most where that is possible, ended
  /// by CRLF.
  /// - Parameter sentAt: seconds since 1970.
  public func bytes(sentAt: Int) -> [UInt8] {
    let headers =
      [
        ("Date", MailDate.text(of: sentAt)),
        ("From", sender),
        ("To", to.text),
        ("Subject", EncodedWord.text(of: subject, after: "Subject: ".utf8.count)),
        ("Message-ID", "<\(id)@\(from.address.domain)>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "quoted-printable"),
        ("Content-Language", language),
        ("Auto-Submitted", "auto-generated"),
      ] + listHeaders
    let head = headers.map { "\($0): \($1)\r\n" }.joined()
    return Array(head.utf8) + [13, 10] + QuotedPrintable.encode(text)
  }

  private var sender: String {
    from.name.map { name in
      let isPlain = name.utf8.allSatisfy { $0 == 32 || EncodedWord.isPlain($0) }
      let words = isPlain ? "\"\(name)\"" : EncodedWord.text(of: name, after: "From: ".utf8.count)
      return words + "\r\n <\(from.address.text)>"
    } ?? from.address.text
  }

  private var listHeaders: [(String, String)] {
    guard let unsubscribe else { return [] }
    let byOneClick = unsubscribe.hasPrefix("https:") ? [("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] : []
    return [("List-Unsubscribe", "<\(unsubscribe)>")] + byOneClick
  }
}
