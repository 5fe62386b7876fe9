import Testing

@testable import Mail

/// Mails as they go to the server, and the addresses that they go to.
@Suite("Mails") struct MessageTests {
  private static func message(
    from: String = "Beeldbegeleiding <beeld@example.org>", subject: String = "Dekking", text: String = "Goedemorgen",
    unsubscribe: String? = "https://beeld.example.org/v1/x?key=y"
  ) throws -> String {
    let message = MailMessage(
      id: "0193b6a0-0000-7000-8000-000000000001", from: try #require(Mailbox(from)),
      to: try #require(MailAddress("noor@example.org")), subject: subject, text: text, language: "nl",
      unsubscribe: unsubscribe)
    return String(decoding: message.bytes(sentAt: 1_796_009_400), as: UTF8.self)
  }

  @Test("A mail has the headers that it needs, and ASCII lines of a mail's length ended by CRLF")
  func headers() throws {
    let text = try Self.message(
      subject: "Rapport “dekking”: 3 nieuw, één opgelost, en nog veel meer dat niet op één regel past",
      text: "Één regel die langer is dan zesenzeventig tekens, want de tekst zegt = en é en nog wat meer. \n\n.\n")
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(text.utf8.allSatisfy { $0 < 128 } && lines.allSatisfy { $0.utf8.count <= 78 })
    #expect(!text.replacing("\r\n", with: "").contains { $0 == "\r" || $0 == "\n" })
    for header in [
      "Date: Mon, 30 Nov 2026 03:30:00 +0000", "From: \"Beeldbegeleiding\"", " <beeld@example.org>",
      "To: noor@example.org", "Message-ID: <0193b6a0-0000-7000-8000-000000000001@example.org>", "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "Content-Language: nl",
      "Auto-Submitted: auto-generated", "List-Unsubscribe: <https://beeld.example.org/v1/x?key=y>",
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ] {
      #expect(lines.contains(Substring(header)), "\(header)")
    }
    #expect(text.contains("=C3=89=C3=A9n regel") && text.contains("=20\r\n"))
  }

  @Test("Where one click would not be safe, none is offered; who may not unsubscribe is told of no way to")
  func unsubscribing() throws {
    let local = try Self.message(unsubscribe: "http://127.0.0.1:8080/x")
    #expect(local.contains("List-Unsubscribe:") && !local.contains("List-Unsubscribe-Post"))
    #expect(!(try Self.message(unsubscribe: nil)).contains("List-Unsubscribe"))
  }

  @Test("Nothing that stands in a subject can become a header")
  func injection() throws {
    let text = try Self.message(subject: "Dekking\r\nBcc: everybody@example.org\n=?utf-8?Q?x?=")
    #expect(!text.contains("\nBcc:") && text.contains("=0D=0ABcc"))
  }

  @Test(
    "An address is one that needs no quotes",
    arguments: [
      ("noor@example.org", true), ("n.o'or+x@school.example.nl", true), ("noor@localhost", true), ("noor", false),
      ("@example.org", false), ("noor@", false), ("no or@example.org", false), ("noor@example..org", false),
      (".noor@example.org", false), ("noör@example.org", false), ("noor@exämple.org", false),
      ("\"n\"@example.org", false),
      ("noor@example.org>\r\nRCPT TO:<x@y.z", false), ("<noor@example.org>", false), ("a@b@example.org", false),
      ("noor,jan@example.org", false), ("noor@-example.org", false),
      (String(repeating: "n", count: 65) + "@example.org", false),
    ])
  func addresses(text: String, isOne: Bool) {
    #expect((MailAddress(text) != nil) == isOne)
  }

  @Test(
    "A sender is an address, perhaps with a name",
    arguments: [
      ("beeld@example.org", nil, "beeld@example.org"),
      ("Beeld en Coach <b@example.org>", "Beeld en Coach", "b@example.org"),
      ("Stichting ’t Wad <b@example.org>", "Stichting ’t Wad", "b@example.org"), ("<b@example.org>", nil, nil),
      ("A\nB <b@example.org>", nil, nil), ("A <b@example.org", nil, nil), ("A \"B\" <b@example.org>", nil, nil),
      ("", nil, nil),
    ] as [(String, String?, String?)])
  func mailboxes(text: String, name: String?, address: String?) {
    let mailbox = Mailbox(text)
    #expect(mailbox?.name == name && mailbox?.address.text == address)
  }

  @Test(
    "A mail server is named by a strict address, and spoken to without TLS on this machine alone",
    arguments: [
      ("smtp://localhost", 25, MailServer.Protection.offered), ("smtp://127.0.0.1:2525/", 2525, .offered),
      ("smtp://mail.example.org", 587, .startTLS), ("smtp://127.0.0.2", 587, .startTLS),
      ("smtps://mail.example.org", 465, .implicit), ("smtps://[::1]:4650", 4650, .implicit),
      ("smtps://u%40x:p%2Fw@mail.example.org:1465", 1465, .implicit),
    ])
  func servers(text: String, port: Int, protection: MailServer.Protection) throws {
    let server = try #require(MailServer(text))
    #expect(server.port == port && server.protection == protection)
    #expect(!"\(server)".contains("p/w") && !server.url.contains("u@x"))
    if text.contains("u%40x") { #expect(server.user == "u@x" && server.password == "p/w") }
  }

  @Test(
    "Anything else is no mail server",
    arguments: [
      "", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://Mail.example.org", "smtp://a b",
      "smtp://x:0", "smtp://x:70000", "smtp://x/path", "smtp://x?y", "smtp://u:p@", "smtp://u%0A:p@x", "smtp://%zz@x",
      "smtp://:p@x",
    ])
  func noServers(text: String) {
    #expect(MailServer(text) == nil)
  }
}
