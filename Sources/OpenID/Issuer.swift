/// The address by which a provider calls itself, and under which its description is found.
public struct Issuer: Sendable, Equatable {
  /// As it was given: `iss` has to be the same to the byte.
  public let text: String

  /// Nil unless it is an `https` address without query and fragment (OpenID Connect Core §2), or an `http` one of this
  /// machine.
  public init?(_ text: String) {
    guard WebAddress(text)?.isTrustworthy == true, !text.contains("?"), !text.contains("#") else { return nil }
    self.text = text
  }

  /// Where the provider describes itself (OpenID Connect Discovery §4).
  var configuration: String {
    (text.hasSuffix("/") ? String(text.dropLast()) : text) + "/.well-known/openid-configuration"
  }
}

/// The parts of a web address that decide whether keys may be fetched from it.
struct WebAddress {
  private let isEncrypted: Bool
  private let host: Substring

  /// Nil for anything but `http` or `https`, a host, perhaps a port, and a path, all in printable ASCII.
  init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else { return nil }
    let rest: Substring
    if text.hasPrefix("https://") {
      (isEncrypted, rest) = (true, text.dropFirst(8))
    } else if text.hasPrefix("http://") {
      (isEncrypted, rest) = (false, text.dropFirst(7))
    } else {
      return nil
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // A name and password in front of the host would go to the provider and into logs.
    guard !authority.contains("@") else { return nil }
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[...end]
    } else {
      host = authority.prefix { $0 != ":" }
    }
    let port = authority[host.endIndex...]
    guard !host.isEmpty, port.isEmpty || Self.isPort(port) else { return nil }
  }

  /// Nobody between us and the provider can exchange its keys.
  var isTrustworthy: Bool { isEncrypted || isLoopback }

  private var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }

  private static func isPort(_ text: Substring) -> Bool {
    guard text.first == ":", let port = UInt16(text.dropFirst()) else { return false }
    return port > 0
  }
}
