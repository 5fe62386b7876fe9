/// A signed token in the compact form (RFC 7515 §7.1), taken apart. Nothing in it is to be believed before its signature
/// has been verified.
struct CompactToken {
  let header: TokenHeader
  let claims: JSONObject
  /// What the signature is over: header and claims as they were sent.
  let signed: ArraySlice<UInt8>
  let signature: [UInt8]

  /// The most bytes that a token may have.
  static let limit = 8 << 10

  /// - Throws: `malformed`, `unsupportedAlgorithm`, `notAnAccessToken`.
  init(_ token: [UInt8]) throws(AccessTokenError) {
    guard token.count <= Self.limit else { throw .malformed }
    let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }),
      let signature = Base64URL.decode(parts[2]),
      let header = Self.object(parts[0]), let claims = Self.object(parts[1])
    else { throw .malformed }
    self.header = try TokenHeader(header)
    self.claims = claims
    self.signature = signature
    signed = token[..<parts[1].endIndex]
  }

  private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? {
    guard let object = Base64URL.decode(part).flatMap({ JSONValue($0) })?.object, !object.isAmbiguous else {
      return nil
    }
    return object
  }
}

/// What a token's header says of how to verify it. Keys and places of keys in it (`jwk`, `jku`, `x5c`, `x5u`) are never
/// looked at: a token does not get to say what it is to be verified with.
struct TokenHeader {
  let algorithm: Algorithm
  let keyID: String?
  /// `typ` says that this is an access token (RFC 9068 §2.1).
  let saysAccessToken: Bool

  /// Members that change what the other parts mean. All of `crit` goes, since we understand no extension; `cty` would be
  /// a token within the token.
  private static let refused = ["crit", "b64", "zip", "enc", "cty"]

  init(_ header: JSONObject) throws(AccessTokenError) {
    guard !Self.refused.contains(where: header.has) else { throw .malformed }
    guard let name = header["alg"]?.string else { throw .malformed }
    guard let algorithm = Algorithm(rawValue: name) else { throw .unsupportedAlgorithm }
    self.algorithm = algorithm
    keyID = try Self.text("kid", of: header)
    // RFC 7515 §4.1.9: media types, whose case says nothing.
    switch try Self.text("typ", of: header)?.lowercased() {
    case "at+jwt", "application/at+jwt": saysAccessToken = true
    case nil, "jwt": saysAccessToken = false
    default: throw .notAnAccessToken
    }
  }

  private static func text(_ name: String, of header: JSONObject) throws(AccessTokenError) -> String? {
    guard let value = header[name] else { return nil }
    guard let text = value.string else { throw .malformed }
    return text
  }
}
