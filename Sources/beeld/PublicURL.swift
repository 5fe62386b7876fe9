/// The address under which the server is known outside: what its own addresses in answers begin with.
struct PublicURL: Sendable, Equatable {
  /// Without a slash at its end.
  let text: String

  /// `https`, or `http` on this machine; a host in lower case, perhaps a port and a path; nothing else. Nil for
  /// anything else.
  init?(_ text: String) {
    let form =
      #/
      (https?):\/\/
      ((?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?|\[[0-9a-f:.]+\])
      (?::([0-9]{1,5}))?
      (?:\/[A-Za-z0-9._~\-]+)*\/?
      /#
    guard let match = text.wholeMatch(of: form), text.utf8.count <= 255 else { return nil }
    let (scheme, host, port) = (match.output.1, match.output.2, match.output.3)
    guard scheme == "https" || ["localhost", "127.0.0.1", "[::1]"].contains(host) else { return nil }
    if let port, !(1...65535).contains(Int(port) ?? 0) { return nil }
    self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// Of a server that is known where it listens.
  init(of listen: Settings.Address) {
    let host = listen.host.contains(":") ? "[\(listen.host)]" : listen.host
    text = "http://\(host):\(listen.port)"
  }

  static let expected = "an https address (http on this machine only), for example https://beeld.example.org"
}
