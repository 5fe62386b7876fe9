/// Why an access token is not accepted. None of the cases carries anything of the token.
public enum AccessTokenError: Error, Sendable, Equatable {
  /// Not a signed token in the compact form (RFC 7515 §7.1), too long, or with a header that demands what we do not do.
  case malformed
  /// `none`, a shared secret, or an algorithm that we do not know.
  case unsupportedAlgorithm
  /// No key, or more than one, of the provider fits.
  case unknownKey
  case badSignature
  case expired
  case notYetValid
  case wrongIssuer
  case wrongAudience
  /// Issued for another purpose: an ID token, a refresh token, a logout token, or one bound to a key of its holder.
  case notAnAccessToken
  /// `sub` is missing, empty, longer than 255 characters, or has control characters.
  case invalidSubject
  /// The provider gave no keys so far. Nothing is said about the token; ask again after the delay.
  case unavailable(retryAfter: Duration)
}

extension AccessTokenError: CustomStringConvertible {
  /// A sentence in ASCII without quotes or backslashes, fit for `error_description` (RFC 6750 §3).
  public var description: String {
    switch self {
    case .malformed: "The access token is malformed"
    case .unsupportedAlgorithm: "The access token is signed with an algorithm that is not accepted"
    case .unknownKey: "The access token is signed with a key that the provider does not publish"
    case .badSignature: "The signature of the access token is wrong"
    case .expired: "The access token has expired"
    case .notYetValid: "The access token is not valid yet"
    case .wrongIssuer: "The access token is of another issuer"
    case .wrongAudience: "The access token is for another audience"
    case .notAnAccessToken: "The token is not an access token for bearers"
    case .invalidSubject: "The access token names no subject"
    case .unavailable: "The keys of the provider are not available"
    }
  }
}
