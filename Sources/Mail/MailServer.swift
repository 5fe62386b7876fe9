import Foundation

/// The organisation's mail server, and how it is spoken to.
public struct MailServer: Sendable, Equatable {
  /// How the way to it is protected.
  public enum Protection: Sendable, Equatable {
    /// TLS from the first byte (RFC 8314).
    case implicit
    /// STARTTLS (RFC 3207); a server that does not offer it is not spoken to.
    case startTLS
    /// STARTTLS where it is offered: for a server on this machine alone.
    case offered
  }

  public let host: String
  public let port: Int
  public let protection: Protection
  /// With whom to log in; nil: without.
  public let user: String?
  /// Never printed.
  public var password: String?
  /// A file of certificates (PEM) to trust instead of the system's.
  public var authorities: String?

  /// Reads `smtp://host`, `smtps://user:password@host:port`; user and password percent-encoded. Nil for anything else.
  ///
  /// `smtp` goes to port 587, or 25 on this machine, and demands STARTTLS but on this machine; `smtps` to port 465.
  public init?(_ text: String) {
    let form =
      #/
      (smtps?):\/\/
      (?:([^\s:@\/?\#]+)(?::([^\s:@\/?\#]*))?@)?
      ((?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?|\[[0-9a-f:.]+\])
      (?::([0-9]{1,5}))?\/?
      /#
    guard let match = text.wholeMatch(of: form), text.utf8.count <= 1000 else { return nil }
    let (_, scheme, user, password, host, port) = match.output
    let isLocal = ["localhost", "127.0.0.1", "[::1]"].contains(host)
    protection = scheme == "smtps" ? .implicit : isLocal ? .offered : .startTLS
    let usual = scheme == "smtps" ? 465 : isLocal ? 25 : 587
    guard let number = port.map({ Int($0) }) ?? usual, (1...65535).contains(number) else { return nil }
    (self.host, self.port) = (String(host), number)
    let (name, word) = (user.map(Self.decoded), password.map(Self.decoded))
    if case .some(nil) = name { return nil }
    if case .some(nil) = word { return nil }
    (self.user, self.password) = (name ?? nil, word ?? nil)
  }

  public static let expected =
    "smtp://host:port (with STARTTLS, but on this machine) or smtps://host:port, perhaps with user or user:password "
    + "before the host, percent-encoded"

  /// The address as libcurl takes it, without user and password.
  var url: String { (protection == .implicit ? "smtps" : "smtp") + "://\(host):\(port)" }

  /// Percent-decoded text without control characters; nil when it is not that.
  private static func decoded(_ text: Substring) -> String? {
    guard let decoded = String(text).removingPercentEncoding, !decoded.isEmpty,
      !decoded.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    return decoded
  }
}

extension MailServer: CustomStringConvertible {
  /// Without the password.
  public var description: String {
    let login = user.map { "\($0)\(password == nil ? "" : ":***")@" } ?? ""
    return (protection == .implicit ? "smtps" : "smtp") + "://\(login)\(host):\(port)"
  }
}
